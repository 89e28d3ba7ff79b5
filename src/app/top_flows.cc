// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/top_flows.h"

#include <algorithm>
#include <tuple>

#include "record/record_fields.h"

namespace weir {
namespace {

// Largest first; among equals in an order that does not depend on shards.
bool is_larger(const FlowRecord& a, const FlowRecord& b) {
  const auto key = [](const FlowRecord& flow) {
    return std::make_tuple(UINT64_MAX - (flow.to_server + flow.to_client).bytes, flow.first_seen,
                           flow.client, flow.server, flow.client_port, flow.server_port);
  };
  return key(a) < key(b);
}

}  // namespace

void TopFlows::accept(const FlowRecord& record) {
  keep(record);
  if (next_ != nullptr && next_->wants(record)) next_->accept(record);
}

bool TopFlows::wants(const FlowRecord& record) const {
  return is_large(record) || (next_ != nullptr && next_->wants(record));
}

bool TopFlows::is_large(const FlowRecord& record) const {
  return flows_.size() < kKept || is_larger(record, flows_.front());
}

void TopFlows::keep(const FlowRecord& record) {
  if (!is_large(record)) return;
  if (flows_.size() == kKept) {
    std::pop_heap(flows_.begin(), flows_.end(), is_larger);
    flows_.pop_back();
  }
  flows_.push_back(record);
  std::push_heap(flows_.begin(), flows_.end(), is_larger);
}

Value TopFlows::rows(const std::vector<const TopFlows*>& parts) {
  TopFlows all(nullptr);
  for (const TopFlows* part : parts) {
    for (const FlowRecord& flow : part->flows_) all.keep(flow);
  }
  std::sort(all.flows_.begin(), all.flows_.end(), is_larger);
  Value::Array rows;
  for (const FlowRecord& flow : all.flows_) {
    Value row;
    for (const FlowField field :
         {FlowField::kClientIp, FlowField::kClientPort, FlowField::kServerIp,
          FlowField::kServerPort, FlowField::kApplication, FlowField::kBytesToServer,
          FlowField::kBytesToClient}) {
      row.set(field_info(field).name, to_value(flow_field(flow, field, {})));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace weir
