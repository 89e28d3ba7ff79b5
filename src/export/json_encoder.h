// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "export/flow_encoder.h"

namespace weir {

// A flow as one line of JSON: the fields of schema/fields.json.
class JsonEncoder final : public FlowEncoder {
 public:
  void add(const ExportedFlow& flow, const RecordContext& context,
           std::vector<Message>& out) override;
};

}  // namespace weir
