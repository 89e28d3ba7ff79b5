// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/flow_encoder.h"

#include "export/ecs_encoder.h"
#include "export/ipfix_encoder.h"
#include "export/json_encoder.h"
#include "export/ntop_encoder.h"
#include "export/syslog_encoder.h"

namespace weir {

std::unique_ptr<FlowEncoder> make_flow_encoder(const OutletSpec& spec,
                                               const std::string& instance) {
  using Encoding = OutletSpec::Encoding;
  using Transport = OutletSpec::Transport;
  switch (spec.encoding) {
    case Encoding::kEcs:
      return std::make_unique<EcsEncoder>(instance);
    case Encoding::kSyslog:
      return std::make_unique<SyslogEncoder>(instance, spec.transport == Transport::kUdp
                                                           ? SyslogFraming::kDatagrams
                                                           : SyslogFraming::kCounted);
    case Encoding::kIpfix:
      return std::make_unique<IpfixEncoder>(
          spec.transport == Transport::kUdp ? IpfixEncoder::kDatagram : IpfixEncoder::kMessage);
    case Encoding::kNtopJson:
      return std::make_unique<NtopEncoder>();
    case Encoding::kJson:
      break;
  }
  return std::make_unique<JsonEncoder>();
}

}  // namespace weir
