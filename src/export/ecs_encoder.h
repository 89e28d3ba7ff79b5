// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "export/flow_encoder.h"

namespace weir {

// A flow as one line of JSON with the names of the Elastic Common Schema 8, where it has one for
// what weir knows; the client is its source, the server its destination.
class EcsEncoder final : public FlowEncoder {
 public:
  explicit EcsEncoder(std::string instance) : instance_(std::move(instance)) {}

  void add(const ExportedFlow& flow, const RecordContext& context,
           std::vector<Message>& out) override;

 private:
  std::string instance_;
};

}  // namespace weir
