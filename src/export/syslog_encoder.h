// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "export/flow_encoder.h"

namespace weir {

enum class SyslogFraming : uint8_t {
  kDatagrams,  // RFC 5426
  kCounted,    // RFC 6587, 3.4.1, and RFC 5425: the length before each message
};

// A flow as a message of RFC 5424 whose text is that of JsonEncoder: facility local0, severity
// informational, message id "flow". The host name is the instance's,
// as far as it may stand there.
class SyslogEncoder final : public FlowEncoder {
 public:
  SyslogEncoder(const std::string& instance, SyslogFraming framing);

  void add(const ExportedFlow& flow, const RecordContext& context,
           std::vector<Message>& out) override;

 private:
  std::string host_;
  SyslogFraming framing_;
};

}  // namespace weir
