// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/read_report.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "query/interface_sums.h"
#include "query/scan.h"
#include "record/host_profile_fields.h"

namespace weir {
namespace {

Value applications_of(const InterfaceSums& sums, const Questions& questions) {
  ListRequest request;
  request.limit = ListRequest::kMaxLimit;
  request.columns = {"name", "category", "packets", "bytes", "flows"};
  const Answer answer = questions.applications(request);
  Value rows{Value::Array{}};
  if (answer) rows = (*answer)["rows"];
  const auto add = [&](const char* name, const char* category, const Traffic& traffic) {
    if (traffic.packets == 0) return;
    Value row;
    row.set("name", name);
    row.set("category", category);
    row.set("packets", traffic.packets);
    row.set("bytes", traffic.bytes);
    row.set("flows", uint64_t{0});
    rows.push(std::move(row));
  };
  Traffic non_ip = sums.ethertype_overflow;
  for (const auto& [ethertype, traffic] : sums.by_ethertype) non_ip += traffic;
  Traffic not_decoded;
  for (const Traffic& traffic : sums.not_decoded) not_decoded += traffic;
  add("Non-IP", "Network", non_ip);
  add("Not decoded", "Unknown", not_decoded);
  return rows;
}

// What is the same for any number of shards; `total_s` first.
const std::vector<std::string> kTransactionColumns{"protocol",
                                                   "key",
                                                   "is_other",
                                                   "servers",
                                                   "server_ip",
                                                   "server_port",
                                                   "transactions",
                                                   "errors",
                                                   "unanswered",
                                                   "total_s",
                                                   "mean_ms",
                                                   "min_ms",
                                                   "max_ms",
                                                   "p50_ms",
                                                   "p95_ms",
                                                   "p99_ms",
                                                   "slowest_part",
                                                   "server_network_ms",
                                                   "server_thinking_ms",
                                                   "client_network_ms",
                                                   "loss_recovery_ms",
                                                   "zero_window_ms",
                                                   "sender_idle_ms"};
constexpr size_t kTransactionRows = 1000;

template <typename T>
T member(const Value& row, std::string_view name) {
  const auto* found = row[name].as<T>();
  return found != nullptr ? *found : T();
}

void add_transactions(Value& report, const Questions& questions) {
  ListRequest request;
  request.limit = ListRequest::kMaxLimit;
  request.sort = "total_s";
  request.columns = kTransactionColumns;
  const Answer answer = questions.transactions(request);
  Value::Array rows;
  if (answer) rows = *(*answer)["rows"].as<Value::Array>();
  const auto order = [](const Value& row) {
    return std::make_tuple(-member<double>(row, "total_s"), member<std::string>(row, "protocol"),
                           member<std::string>(row, "key"), member<std::string>(row, "server_ip"),
                           member<uint64_t>(row, "server_port"));
  };
  std::sort(rows.begin(), rows.end(),
            [&](const Value& a, const Value& b) { return order(a) < order(b); });
  report.set("transaction_keys", uint64_t{rows.size()});
  if (rows.size() > kTransactionRows) rows.resize(kTransactionRows);
  report.set("transactions", Value(std::move(rows)));
}

Value all_protocols(const InterfaceSums& sums) {
  Value rows = protocols_answer(sums);
  const Value others = ethertypes_answer(sums);
  for (Value row : *others.as<Value::Array>()) {
    row.set("flows", uint64_t{0});
    rows.push(std::move(row));
  }
  return rows;
}

}  // namespace

HostCount count_hosts(const Interface& interface) {
  if (interface.shards().size() > 1 && remembers_all_hosts(interface))
    return {count_merged_hosts(interface), 0};
  return count_distinct_hosts(interface);
}

Value read_report(const Interface& interface, const Questions& questions, const ReadCost& cost,
                  const std::vector<std::string>& warnings) {
  const InterfaceSums sums = sum_interface(interface);
  constexpr double kNanosecond = 1e-9;
  Value report;
  report.set("packets", sums.total.packets);
  report.set("bytes", sums.total.bytes);
  report.set("captured_bytes", sums.captured_bytes);
  report.set("flows", sums.flows_total);
  const HostCount hosts = count_hosts(interface);
  report.set("hosts", hosts.hosts);
  if (hosts.error != 0) report.set("hosts_error", hosts.error);
  report.set("duration_s", static_cast<double>(sums.last_seen - sums.first_seen) * kNanosecond);
  report.set("elapsed_s", cost.elapsed_s);
  report.set("cpu_s", cost.cpu_s);
  report.set("packets_per_second",
             cost.elapsed_s > 0 ? static_cast<double>(sums.total.packets) / cost.elapsed_s : 0.0);
  report.set("peak_memory_bytes", cost.peak_memory_bytes);
  report.set("applications", applications_of(sums, questions));
  report.set("protocols", all_protocols(sums));
  add_transactions(report, questions);
  report.set("not_decoded", not_decoded_answer(sums));
  report.set("malformed", malformed_answer(sums));
  Value other;
  other.set("packets", sums.other_flows.packets);
  other.set("bytes", sums.other_flows.bytes);
  report.set("other", std::move(other));
  report.set("tcp", tcp_answer(sums.tcp));
  if (!remembers_all_hosts(interface)) report.set("forgotten", forgotten_answer(interface));
  Value::Array notes(warnings.begin(), warnings.end());
  report.set("warnings", std::move(notes));
  return report;
}

}  // namespace weir
