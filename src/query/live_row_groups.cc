// SPDX-License-Identifier: GPL-3.0-or-later
// Lists of hosts and flows whose rows are put together by what their fields say.
#include <algorithm>

#include "query/group_by.h"
#include "query/live_questions.h"
#include "query/row_detail.h"
#include "query/scan.h"
#include "record/record_fields.h"

namespace weir {

Answer LiveQuestions::flow_groups(const std::vector<const Interface*>& interfaces,
                                  const ListRequest& request) const {
  const auto plan =
      plan_groups(request, Entity::kFlow, "bits_per_second", setting_.max_rows, is_flow_detail);
  if (!plan) return plan.error();
  const RowContext context = row_context();
  RowGroups groups(*plan, host_hash_, std::min(RowGroups::kMaxGroups, setting_.max_rows));
  for (const Interface* interface : interfaces) {
    const auto add = [&](const FlowRecord& flow, uint32_t shard) {
      const RecordContext beside = context.of(interface->id(), shard);
      groups.add(
          [&](uint8_t field) { return flow_field(flow, static_cast<FlowField>(field), beside); });
    };
    visit_flows(*interface, add,
                plan->uses(is_flow_detail) ? FlowDetail::kAll : FlowDetail::kCounters);
  }
  return groups.answer(setting_.now());
}

Answer LiveQuestions::host_groups(const std::vector<const Interface*>& interfaces,
                                  const ListRequest& request) const {
  const auto plan =
      plan_groups(request, Entity::kHost, "bits_per_second", setting_.max_rows, is_host_detail);
  if (!plan) return plan.error();
  const RowContext context = row_context();
  RowGroups groups(*plan, host_hash_, std::min(RowGroups::kMaxGroups, setting_.max_rows));
  for (const Interface* interface : interfaces) {
    const auto add = [&](const HostRecord& host) {
      const RecordContext beside = context.of(interface->id(), 0);
      groups.add(
          [&](uint8_t field) { return host_field(host, static_cast<HostField>(field), beside); });
    };
    visit_hosts(*interface, add,
                plan->uses(is_host_detail) ? HostDetail::kAll : HostDetail::kCounters);
  }
  return groups.answer(setting_.now());
}

}  // namespace weir
