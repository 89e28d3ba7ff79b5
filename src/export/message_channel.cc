// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/message_channel.h"

#include <cassert>
#include <utility>

#include "export/datagram_channel.h"
#include "export/file_channel.h"
#include "export/stream_channel.h"
#include "export/zmq_channel.h"

namespace weir {

Result<std::unique_ptr<MessageChannel>> make_channel(const OutletSpec& spec,
                                                     const ZmqLinkOptions* link) {
  std::unique_ptr<MessageChannel> channel;
  switch (spec.transport) {
    case OutletSpec::Transport::kFile:
      channel = std::make_unique<FileChannel>(spec.path, spec.rotate_bytes, spec.keep);
      break;
    case OutletSpec::Transport::kUdp:
      channel = std::make_unique<DatagramChannel>(spec.host, spec.port);
      break;
    case OutletSpec::Transport::kTcp:
    case OutletSpec::Transport::kTls:
      channel = std::make_unique<StreamChannel>(spec);
      break;
    case OutletSpec::Transport::kZmqConnect:
    case OutletSpec::Transport::kZmqListen: {
      assert(link != nullptr);
      const bool is_ipfix = spec.encoding == OutletSpec::Encoding::kIpfix;
      auto made = ZmqChannel::open(*link, is_ipfix ? "ipfix" : "flow");
      if (!made) return made.error();
      channel = *std::move(made);
      break;
    }
  }
  return channel;
}

}  // namespace weir
