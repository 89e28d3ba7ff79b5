// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "export/exported_flow.h"
#include "export/message.h"
#include "export/outlet_spec.h"
#include "record/record_fields.h"

namespace weir {

// Writes flows as messages. Owner: one thread, but stamp(), which is any thread's.
class FlowEncoder {
 public:
  virtual ~FlowEncoder() = default;
  // Appends the messages that are full with this flow.
  virtual void add(const ExportedFlow& flow, const RecordContext& context,
                   std::vector<Message>& out) = 0;
  // Appends what waits for more.
  virtual void flush(std::vector<Message>& /*out*/) {}
  // The message is about to be sent, maybe long after it was written.
  virtual void stamp(Message& /*message*/) const {}
};

// `instance`: the name of this weir.
[[nodiscard]] std::unique_ptr<FlowEncoder> make_flow_encoder(const OutletSpec& spec,
                                                             const std::string& instance);

}  // namespace weir
