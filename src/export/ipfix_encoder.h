// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "export/flow_encoder.h"

namespace weir {

// Flows as data records of IPFIX (RFC 7011), both directions in one (RFC 5103), the client first.
// Every message has its templates: a listener may come at any time, and a connection may break.
class IpfixEncoder final : public FlowEncoder {
 public:
  static constexpr uint16_t kTemplateV4 = 256;
  static constexpr uint16_t kTemplateV6 = 257;
  static constexpr size_t kDatagram = 1400;     // bytes of a message at most, in datagrams
  static constexpr size_t kMessage = 16 << 10;  // and elsewhere

  explicit IpfixEncoder(size_t most_bytes) : most_bytes_(most_bytes) {}

  void add(const ExportedFlow& flow, const RecordContext& context,
           std::vector<Message>& out) override;
  void flush(std::vector<Message>& out) override;
  // When the message was exported: who gets it reckons times by that.
  void stamp(Message& message) const override;

 private:
  // Records of one template that wait.
  struct Set {
    uint16_t id;
    std::string records;
  };

  [[nodiscard]] size_t size() const;

  size_t most_bytes_;
  std::array<Set, 2> sets_{{{kTemplateV4, {}}, {kTemplateV6, {}}}};
  uint32_t waiting_ = 0;   // records
  uint32_t sequence_ = 0;  // of the data records before the next message
};

}  // namespace weir
