// SPDX-License-Identifier: GPL-3.0-or-later
// Questions about one host, live or archived.
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "query/host_details.h"
#include "query/host_name.h"
#include "query/live_questions.h"
#include "query/scan.h"
#include "record/host_json.h"
#include "record/record_fields.h"

namespace weir {
namespace {

struct FoundHost {
  HostRecord record;
  const Interface* interface = nullptr;
  uint32_t slot = HostTable::kOther;  // in the table of an interface that has one shard
};

uint64_t bytes_of(const HostRecord& record) {
  return (record.total_sent() + record.total_received()).bytes;
}

bool is_meant(const HostName& name, const HostKey& key) {
  return key.address == name.address && (!name.vlan || key.vlan == *name.vlan);
}

void keep_busier(std::optional<FoundHost>& best, FoundHost found) {
  if (!best || bytes_of(found.record) > bytes_of(best->record)) best = std::move(found);
}

// Calls visit(FoundHost) for the hosts of that name which a shard can name: by their keys, since
// records are many times as long. What a host was in the tail before it came back comes too.
template <typename Visit>
void visit_named(const Interface& interface, const HostName& name, Visit&& visit) {
  if (interface.shards().size() > 1) {
    visit_merged_hosts_at(interface, name.address, [&](const HostRecord& host) {
      if (is_meant(name, host.key)) visit(FoundHost{host, &interface});
    });
    return;
  }
  const Shard& shard = *interface.shards().front();
  shard.hosts().visit_live([&](uint32_t slot) {
    const auto key = shard.hosts().key(slot);
    if (!key || !is_meant(name, *key)) return;
    auto host = shard.hosts().snapshot(slot, shard.clock_second());
    if (host && host->key == *key) visit(FoundHost{*std::move(host), &interface, slot});
  });
  visit_tail(shard, [&](const HostRecord& host) {
    if (is_meant(name, host.key)) visit(FoundHost{host, &interface});
  });
}

// The busiest of the live hosts of that name, with its whole profile.
std::optional<FoundHost> find_live(const std::vector<const Interface*>& interfaces,
                                   const HostName& name) {
  std::optional<FoundHost> best;
  for (const Interface* interface : interfaces) {
    visit_named(*interface, name, [&](FoundHost host) { keep_busier(best, std::move(host)); });
  }
  if (!best) return best;
  std::vector<uint32_t> slots;
  if (best->slot != HostTable::kOther) slots = {best->slot};
  auto whole = whole_hosts(*best->interface, {best->record.key}, slots).front();
  if (!whole) return best;
  // Which takes in what shards do not know any more.
  whole->bytes_error = best->record.bytes_error;
  best->record = *std::move(whole);
  return best;
}

// Hosts that gave way to the memory budget so long ago that no list shows them.
void find_in_tails(const Interface& interface, const HostName& name,
                   std::optional<FoundHost>& best) {
  for (const auto& shard : interface.shards()) {
    if (!shard->tail().was_used()) continue;
    for (size_t entry = 0; entry < shard->tail().limit(); ++entry) {
      const auto host = shard->tail().any_snapshot(entry);
      if (!host || !is_meant(name, host->key)) continue;
      if (auto word = shard->last_word_of_tail(entry); word && word->key == host->key)
        keep_busier(best, {*std::move(word), &interface});
    }
  }
}

Value row_of(FoundHost host, const RowContext& context) {
  context.add_reverse_name(host.record);
  const RecordContext record = context.of(host.interface->id(), 0);
  Value row{Value::Object{}};
  for (size_t i = 0; i < kHostFields.size(); ++i) {
    const FieldValue value = host_field(host.record, static_cast<HostField>(i), record);
    if (!std::holds_alternative<std::monostate>(value))
      row.set(kHostFields[i].name, to_value(value));
  }
  return row;
}

QueryError no_such_key(std::string_view key) {
  return {QueryError::Kind::kBadParameter, "key",
          fmt::format("\"{}\" is no host: ADDRESS or ADDRESS@VLAN", key), 0};
}

QueryError not_known(std::string_view key, std::string_view hint = "") {
  return {QueryError::Kind::kNotFound, "key", fmt::format("no host {} is known{}", key, hint), 0};
}

}  // namespace

// A question that makes sense: whom it means and where to look.
struct LiveQuestions::MeantHost {
  HostName name;
  std::vector<const Interface*> interfaces;
};

Result<LiveQuestions::MeantHost, QueryError> LiveQuestions::meant_host(
    const WantedHost& wanted) const {
  auto name = parse_host_name(wanted.key);
  if (!name) return no_such_key(wanted.key);
  auto interfaces = chosen(wanted.interface);
  if (!interfaces) return interfaces.error();
  return MeantHost{*std::move(name), *std::move(interfaces)};
}

Answer LiveQuestions::host(const WantedHost& wanted) const {
  const auto meant = meant_host(wanted);
  if (!meant) return meant.error();
  if (const auto live = find_live(meant->interfaces, meant->name))
    return row_of(*live, row_context());
  if (!setting_.archived) return not_known(wanted.key);
  return not_known(wanted.key, "; inactive=1 asks for what was kept of it");
}

// Without a VLAN it is looked for in none: what is kept is found by its whole key.
std::optional<HostRecord> LiveQuestions::kept_host(const Interface& interface,
                                                   const HostName& name) const {
  if (!setting_.archived) return std::nullopt;
  return setting_.archived(interface.id(), {name.address, name.vlan.value_or(VlanTags{})});
}

Answer LiveQuestions::archived_host(const WantedHost& wanted) const {
  const auto meant = meant_host(wanted);
  if (!meant) return meant.error();
  if (const auto live = find_live(meant->interfaces, meant->name))
    return row_of(*live, row_context());
  std::optional<FoundHost> best;
  for (const Interface* interface : meant->interfaces) {
    find_in_tails(*interface, meant->name, best);
    if (auto kept = kept_host(*interface, meant->name))
      keep_busier(best, {*std::move(kept), interface});
  }
  if (!best) return not_known(wanted.key, ", and nothing was kept of it");
  Value row = row_of(*best, row_context());
  row.set("inactive", true);
  return row;
}

Answer LiveQuestions::host_record(const WantedHost& wanted) const {
  const auto meant = meant_host(wanted);
  if (!meant) return meant.error();
  auto found = find_live(meant->interfaces, meant->name);
  const bool is_live = found.has_value();
  for (const Interface* interface : meant->interfaces) {
    if (is_live) break;
    if (auto kept = kept_host(*interface, meant->name))
      keep_busier(found, {*std::move(kept), interface});
  }
  if (!found) return not_known(wanted.key, ", and nothing was kept of it");
  return host_to_value(found->record, setting_.estimator);
}

}  // namespace weir
