// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/json_encoder.h"

#include <utility>

namespace weir {

void JsonEncoder::add(const ExportedFlow& flow, const RecordContext& context,
                      std::vector<Message>& out) {
  Message line;
  line.flows = 1;
  append_flow_json(line.bytes, flow.flow, context);
  line.bytes += '\n';
  out.push_back(std::move(line));
}

}  // namespace weir
