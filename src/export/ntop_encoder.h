// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "export/flow_encoder.h"

namespace weir {

// Flows as ntop's probes publish them over ZeroMQ in JSON: an array of objects whose keys are
// numbers of NetFlow 9 fields and of ntop's own. So many flows make a message.
class NtopEncoder final : public FlowEncoder {
 public:
  static constexpr uint32_t kBatch = 32;

  void add(const ExportedFlow& flow, const RecordContext& context,
           std::vector<Message>& out) override;
  void flush(std::vector<Message>& out) override;

 private:
  Message batch_;
};

}  // namespace weir
