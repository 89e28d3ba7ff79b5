// SPDX-License-Identifier: GPL-3.0-or-later
// The lists of hosts and flows: one scan of the tables each.
#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "query/host_details.h"
#include "query/list_query.h"
#include "query/live_questions.h"
#include "query/ranked_scan.h"
#include "query/row_detail.h"
#include "query/scan.h"
#include "query/seen_flow.h"
#include "query/seen_host.h"
#include "record/host_profile_fields.h"
#include "record/record_fields.h"

namespace weir {
namespace {

// A record that is the row's own or, while rows are looked at, a reference to it.
template <typename Record>
struct FlowRowOf {
  Record record;
  const Interface* interface = nullptr;
  uint32_t shard = 0;
  const RowContext* context = nullptr;

  [[nodiscard]] FieldValue field(uint8_t index) const {
    return flow_field(record, static_cast<FlowField>(index), context->of(interface->id(), shard));
  }
};

template <typename Record>
struct HostRowOf {
  Record record;
  const Interface* interface = nullptr;
  const RowContext* context = nullptr;
  uint32_t slot = HostTable::kOther;  // as whole_hosts() wants it

  [[nodiscard]] FieldValue field(uint8_t index) const {
    return host_field(record, static_cast<HostField>(index), context->of(interface->id(), 0));
  }
};

using FlowRow = FlowRowOf<FlowRecord>;
using HostRow = HostRowOf<HostRecord>;

FlowRow kept(const FlowRowOf<const FlowRecord&>& row) {
  return {row.record, row.interface, row.shard, row.context};
}
HostRow kept(const HostRowOf<const HostRecord&>& row) {
  return {row.record, row.interface, row.context, row.slot};
}

QueryError not_found(std::string parameter, std::string message) {
  return {QueryError::Kind::kNotFound, std::move(parameter), std::move(message), 0};
}

// What of the flows must be known to choose among them.
FlowDetail detail_to_choose(const ListPlan& plan) {
  return is_flow_detail(plan.sort_field) || plan.filter.uses(is_flow_detail)
             ? FlowDetail::kAll
             : FlowDetail::kCounters;
}

// Fills in what is known of the payload of a flow that was chosen without it. One that is over by
// now stays as it is.
void complete(FlowRow& row) {
  if (!row.record.metadata.empty() || row.record.transactions.count != 0) return;
  const auto& shard = *row.interface->shards()[row.shard - row.interface->first_shard()];
  auto full =
      shard.flows().full_snapshot(static_cast<uint32_t>(row.record.id), shard.clock_second());
  if (!full || full->id != row.record.id) return;
  row.record.metadata = std::move(full->metadata);
  row.record.transactions = full->transactions;
}
void complete(std::vector<FlowRow>& rows, const ListPlan& /*plan*/) {
  for (FlowRow& row : rows) complete(row);
}

// What of the hosts must be known to choose among them.
HostDetail host_detail_to_choose(const ListPlan& plan) {
  return is_host_detail(plan.sort_field) || plan.filter.uses(is_host_detail)
             ? HostDetail::kAll
             : HostDetail::kCounters;
}

// Gives the hosts of one interface their profiles.
void complete(std::vector<HostRow*>& rows) {
  std::vector<HostKey> keys;
  std::vector<uint32_t> slots;
  for (const HostRow* row : rows) {
    keys.push_back(row->record.key);
    slots.push_back(row->slot);
  }
  auto hosts = whole_hosts(*rows.front()->interface, keys, slots);
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!hosts[i]) continue;
    // Which takes in what shards do not know any more.
    hosts[i]->bytes_error = rows[i]->record.bytes_error;
    rows[i]->record = std::move(*hosts[i]);
    rows[i]->context->add_reverse_name(rows[i]->record);
  }
}
void complete(std::vector<HostRow>& rows, const ListPlan& plan) {
  if (std::none_of(plan.columns.begin(), plan.columns.end(), is_host_detail)) return;
  std::map<const Interface*, std::vector<HostRow*>> by_interface;
  for (HostRow& row : rows) by_interface[row.interface].push_back(&row);
  for (auto& [interface, own] : by_interface) complete(own);
}

template <typename Row>
Value list_of(const ListPlan& plan, Entity entity, double time, TopRows<Row>& top) {
  Value::Array rows;
  std::vector<Row> page = top.take_page();
  complete(page, plan);
  for (const Row& row : page) {
    rows.push_back(
        row_answer(plan.columns, entity, [&](uint8_t column) { return row.field(column); }));
  }
  return list_answer(plan, entity, time, top.offered(), std::move(rows));
}

template <typename Row, typename Seen>
void offer(TopRows<Row>& top, const ListPlan& plan, const Seen& row) {
  if (plan.filter.matches([&](uint8_t field) { return row.field(field); }))
    top.offer_made(row.field(plan.sort_field), [&] { return kept(row); });
}

// Records may go while they are ranked; with a few to spare the page is full all the same.
size_t records_for(const ListPlan& plan) {
  constexpr size_t kSpare = 16;
  return plan.offset + plan.limit + kSpare;
}
bool is_ranked(const ListPlan& plan) {
  return plan.filter.matches_all() && plan.descending;
}

// Offers only the flows that can come on the page. False, and nothing offered, when they cannot be
// told without looking at all.
bool offer_top_flows(const Interface& interface, const ListPlan& plan, const RowContext& context,
                     TopRows<FlowRow>& top) {
  if (!is_ranked(plan)) return false;
  const auto field = static_cast<FlowField>(plan.sort_field);
  for (uint32_t i = 0; i < interface.shards().size(); ++i) {
    const Shard& shard = *interface.shards()[i];
    const uint32_t now = shard.clock_second();
    const auto slots = top_flows(shard.flows(), field, now, records_for(plan));
    if (!slots) return false;
    const uint32_t live = shard.flows().live();
    size_t offered = 0;
    for (const uint32_t slot : *slots) {
      const auto flow = shard.flows().snapshot(slot, now);
      if (!flow) continue;
      offer(top, plan,
            FlowRowOf<const FlowRecord&>{*flow, &interface, interface.first_shard() + i, &context});
      ++offered;
    }
    top.leave_out(live > offered ? live - offered : 0);
  }
  return true;
}

// The same for hosts, of an interface with one shard: a host in several has a part of its figures
// in each.
bool offer_top_hosts(const Interface& interface, const ListPlan& plan, const RowContext& context,
                     TopRows<HostRow>& top) {
  if (!is_ranked(plan) || interface.shards().size() > 1) return false;
  const Shard& shard = *interface.shards().front();
  const uint32_t now = shard.clock_second();
  const auto slots =
      top_hosts(shard.hosts(), static_cast<HostField>(plan.sort_field), now, records_for(plan));
  if (!slots) return false;
  const uint32_t live = shard.hosts().live();
  size_t offered = 0;
  const auto add = [&](const HostRecord& host, uint32_t slot) {
    offer(top, plan, HostRowOf<const HostRecord&>{host, &interface, &context, slot});
  };
  for (const uint32_t slot : *slots) {
    if (const auto host = shard.hosts().snapshot(slot, now)) {
      add(*host, slot);
      ++offered;
    }
  }
  top.leave_out(live > offered ? live - offered : 0);
  visit_tail(shard, [&](const HostRecord& host) { add(host, HostTable::kOther); });
  return true;
}

// Offers all flows of an interface.
void offer_flows(const Interface& interface, const ListPlan& plan, const RowContext& context,
                 TopRows<FlowRow>& top) {
  for (uint32_t i = 0; i < interface.shards().size(); ++i) {
    SeenFlow seen(interface, i, context, plan.filter, detail_to_choose(plan));
    const auto prefetch = [&](uint32_t slot) { seen.prefetch(slot); };
    visit_live_ahead(interface.shards()[i]->flows(), prefetch, [&](uint32_t slot) {
      if (!seen.look(slot) || !seen.matches()) return;
      top.offer_made(seen.field(plan.sort_field), [&] {
        return FlowRow{seen.record(), &interface, interface.first_shard() + i, &context};
      });
    });
  }
}

// How far each host must be read to choose among them: for what is asked first.
SeenHost::Part least_of(const ListPlan& plan) {
  if (plan.filter.matches_all()) return SeenHost::part_of(plan.sort_field);
  SeenHost::Part least = SeenHost::Part::kIdentity;
  for (const uint8_t field : plan.filter.nodes().front().test.fields)
    least = std::max(least, SeenHost::part_of(field));
  return least;
}

// A host in no table, with what the plan asks of it.
HostRecord in_the_tail(const Shard& shard, const HostRecord& known, const ListPlan& plan,
                       const RowContext& context) {
  if (host_detail_to_choose(plan) == HostDetail::kCounters) return known;
  HostRecord host = with_profile(known);
  shard.add_facts(host.key, host.profile.facts);
  context.add_reverse_name(host);
  return host;
}

// Offers all hosts of an interface with one shard, and keeps the records of those that come on the
// page.
void offer_seen_hosts(const Interface& interface, const ListPlan& plan, const RowContext& context,
                      TopRows<HostRow>& top) {
  const Shard& shard = *interface.shards().front();
  SeenHost seen(interface, context, plan.filter, least_of(plan));
  const auto prefetch = [&](uint32_t slot) { seen.prefetch(slot); };
  visit_live_ahead(shard.hosts(), prefetch, [&](uint32_t slot) {
    if (!seen.look(slot) || !seen.matches()) return;
    if (!top.wants(seen.field(plan.sort_field))) return top.leave_out(1);
    if (!seen.read_counters()) return;
    top.offer_made(seen.field(plan.sort_field), [&] {
      return HostRow{seen.record(), &interface, &context, slot};
    });
  });
  visit_tail(shard, [&](const HostRecord& known) {
    const HostRecord host = in_the_tail(shard, known, plan, context);
    offer(top, plan, HostRowOf<const HostRecord&>{host, &interface, &context, HostTable::kOther});
  });
}

// Offers all hosts of an interface.
void offer_hosts(const Interface& interface, const ListPlan& plan, const RowContext& context,
                 TopRows<HostRow>& top) {
  if (interface.shards().size() == 1) return offer_seen_hosts(interface, plan, context, top);
  const HostDetail detail = host_detail_to_choose(plan);
  const auto add = [&](HostRecord host) {
    if (detail == HostDetail::kAll) context.add_reverse_name(host);
    offer(top, plan, HostRowOf<const HostRecord&>{host, &interface, &context, HostTable::kOther});
  };
  visit_hosts(interface, add, detail);
}

template <typename Row>
Value whole_row(const Row& row, Entity entity) {
  Value answer{Value::Object{}};
  for (size_t i = 0; i < fields_of(entity).size(); ++i) {
    const FieldValue value = row.field(static_cast<uint8_t>(i));
    if (!std::holds_alternative<std::monostate>(value))
      answer.set(fields_of(entity)[i].name, to_value(value));
  }
  return answer;
}

struct FlowName {
  uint32_t shard = 0;
  uint32_t number = 0;
  uint32_t slot = 0;
};
std::optional<FlowName> parse_flow_name(std::string_view text) {
  FlowName name;
  for (uint32_t* part : {&name.shard, &name.number, &name.slot}) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *part, 16);
    if (error != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    const bool is_last = part == &name.slot;
    if (is_last != text.empty() || (!is_last && text.front() != '-')) return std::nullopt;
    if (!is_last) text.remove_prefix(1);
  }
  return name;
}

}  // namespace

Answer LiveQuestions::flows(const ListRequest& request) const {
  const auto interfaces = chosen(request.interface);
  if (!interfaces) return interfaces.error();
  if (!request.group_by.empty()) return flow_groups(*interfaces, request);
  const auto plan = plan_list(request, Entity::kFlow, "bits_per_second", setting_.max_rows);
  if (!plan) return plan.error();
  const RowContext context = row_context();
  TopRows<FlowRow> top(*plan);
  for (const Interface* interface : *interfaces) {
    if (!offer_top_flows(*interface, *plan, context, top))
      offer_flows(*interface, *plan, context, top);
  }
  return list_of(*plan, Entity::kFlow, setting_.now(), top);
}

Answer LiveQuestions::hosts(const ListRequest& request) const {
  const auto interfaces = chosen(request.interface);
  if (!interfaces) return interfaces.error();
  if (!request.group_by.empty()) return host_groups(*interfaces, request);
  const auto plan = plan_list(request, Entity::kHost, "bits_per_second", setting_.max_rows);
  if (!plan) return plan.error();
  const RowContext context = row_context();
  TopRows<HostRow> top(*plan);
  for (const Interface* interface : *interfaces) {
    if (!offer_top_hosts(*interface, *plan, context, top))
      offer_hosts(*interface, *plan, context, top);
  }
  return list_of(*plan, Entity::kHost, setting_.now(), top);
}

Answer LiveQuestions::flow(std::string_view id) const {
  const auto name = parse_flow_name(id);
  if (!name)
    return QueryError{QueryError::Kind::kBadParameter, "id",
                      fmt::format("\"{}\" is no flow's id", id), 0};
  const RowContext context = row_context();
  const uint64_t wanted = static_cast<uint64_t>(name->number) << 32 | name->slot;
  for (const Interface* interface : setting_.interfaces) {
    const uint32_t local = name->shard - interface->first_shard();
    if (local >= interface->shards().size()) continue;
    const Shard& shard = *interface->shards()[local];
    if (name->slot == 0 || name->slot >= shard.flows().limit()) continue;
    const auto record = shard.flows().full_snapshot(name->slot, shard.clock_second());
    if (record && record->id == wanted)
      return whole_row(FlowRow{*record, interface, name->shard, &context}, Entity::kFlow);
  }
  return not_found("id", "that flow is over or was never there");
}

}  // namespace weir
