// SPDX-License-Identifier: GPL-3.0-or-later
#include "top/top_list.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "base/printable.h"

namespace weir {
namespace {

using enum TopFormat;

constexpr TopColumn kHostColumns[] = {{"key", "HOST", 15, kText, true},
                                      {"bits_per_second", "BIT/S", 6, kNumber},
                                      {"bits_per_second_sent", "SENT", 6, kNumber},
                                      {"bits_per_second_received", "RECV", 6, kNumber},
                                      {"bytes", "BYTES", 6, kNumber},
                                      {"flows", "FLOWS", 6, kNumber},
                                      {"last_seen", "SEEN", 5, kAge},
                                      {"name", "NAME", 16, kText, true},
                                      {"application", "APPLICATION", 14, kText},
                                      {"packets_per_second", "PKT/S", 6, kNumber},
                                      {"country", "CC", 2, kText},
                                      {"mac_vendor", "VENDOR", 14, kText}};
constexpr TopColumn kFlowColumns[] = {{"client_ip", "CLIENT", 15, kText, true},
                                      {"client_port", "PORT", 5, kText},
                                      {"server_ip", "SERVER", 15, kText, true},
                                      {"server_port", "PORT", 5, kText},
                                      {"application", "APPLICATION", 12, kText},
                                      {"bits_per_second", "BIT/S", 6, kNumber},
                                      {"bytes", "BYTES", 6, kNumber},
                                      {"first_seen", "AGE", 5, kAge},
                                      {"server_name", "NAME", 18, kText, true},
                                      {"packets", "PKTS", 6, kNumber},
                                      {"server_rtt_ms", "RTT", 6, kMilliseconds},
                                      {"state", "STATE", 11, kText},
                                      {"retransmissions_to_client", "RETR", 5, kNumber}};
constexpr TopColumn kApplicationColumns[] = {
    {"name", "APPLICATION", 22, kText, true},    {"category", "CATEGORY", 16, kText},
    {"bits_per_second", "BIT/S", 6, kNumber},    {"bytes", "BYTES", 6, kNumber},
    {"active_flows", "FLOWS", 6, kNumber},       {"hosts", "HOSTS", 6, kNumber},
    {"packets_per_second", "PKT/S", 6, kNumber}, {"packets", "PKTS", 6, kNumber}};
constexpr TopColumn kTransactionColumns[] = {
    {"key", "WHAT WAS ASKED", 28, kText, true}, {"protocol", "PROTOCOL", 9, kText},
    {"transactions", "COUNT", 6, kNumber},      {"errors", "ERR", 5, kNumber},
    {"p50_ms", "P50", 6, kMilliseconds},        {"p95_ms", "P95", 6, kMilliseconds},
    {"slowest_part", "SLOWEST", 16, kText},     {"server_ip", "SERVER", 15, kText},
    {"p99_ms", "P99", 6, kMilliseconds}};
constexpr TopColumn kInterfaceColumns[] = {
    {"id", "INTERFACE", 16, kText, true},     {"state", "STATE", 9, kText},
    {"bits_per_second", "BIT/S", 6, kNumber}, {"packets_per_second", "PKT/S", 6, kNumber},
    {"bytes", "BYTES", 6, kNumber},           {"flows", "FLOWS", 6, kNumber},
    {"hosts", "HOSTS", 6, kNumber},           {"completeness", "SEEN", 7, kShare},
    {"packets", "PKTS", 6, kNumber}};
constexpr std::array<TopList, 5> kLists{
    {{"Hosts", "hosts", "key", "interface", "bits_per_second", kHostColumns, true},
     {"Flows", "flows", "id", "", "bits_per_second", kFlowColumns, true},
     {"Applications", "applications", "name", "", "bits_per_second", kApplicationColumns, false},
     {"Transactions", "transactions", "key", "interface", "p95_ms", kTransactionColumns, false},
     {"Interfaces", "interfaces", "id", "", "bits_per_second", kInterfaceColumns, true}}};

std::string age_text(double seconds) {
  if (seconds < 1) return "now";
  if (seconds < 100) return fmt::format("{:.0f}s", seconds);
  if (seconds < 6000) return fmt::format("{:.0f}m", seconds / 60);
  if (seconds < 360'000) return fmt::format("{:.0f}h", seconds / 3600);
  return fmt::format("{:.0f}d", seconds / 86'400);
}

std::string text_of(const Value& value) {
  if (const auto* text = value.as<std::string>()) return printable(*text);
  if (value.is_null()) return {};
  return printable(to_json(value));
}

}  // namespace

std::optional<double> number_of(const Value& value) {
  if (const auto* natural = value.as<uint64_t>()) return static_cast<double>(*natural);
  if (const auto* integer = value.as<int64_t>()) return static_cast<double>(*integer);
  if (const auto* real = value.as<double>()) return *real;
  return std::nullopt;
}

std::span<const TopList> top_lists() {
  return kLists;
}

size_t find_top_list(std::string_view path) {
  const auto found = std::find_if(kLists.begin(), kLists.end(),
                                  [&](const TopList& list) { return list.path == path; });
  return static_cast<size_t>(found - kLists.begin());
}

std::string si_text(double number) {
  constexpr std::string_view kPrefixes = " kMGTPE";
  if (!(number >= 0)) return {};
  size_t prefix = 0;
  // What would be rounded to a fourth digit is of the next prefix.
  while (number >= 999.5 && prefix + 1 < kPrefixes.size()) {
    number /= 1000;
    ++prefix;
  }
  if (prefix == 0)
    return number == std::floor(number) ? fmt::format("{:.0f}", number)
                                        : fmt::format("{:.1f}", number);
  const int decimals = number < 9.995 ? 2 : number < 99.95 ? 1 : 0;
  return fmt::format("{:.{}f}{}", number, decimals, kPrefixes[prefix]);
}

std::string top_text(const Value& row, const TopColumn& column, double now) {
  const Value& value = row[column.field];
  if (column.format == kText) return text_of(value);
  const auto number = number_of(value);
  if (!number) return {};
  switch (column.format) {
    case kMilliseconds:
      return *number < 1000 ? fmt::format("{:.1f}", *number) : si_text(*number);
    case kAge:
      return age_text(now - *number);
    case kShare:
      // What is not all of it is not rounded to all.
      return fmt::format("{:.2f}%", std::floor(*number * 10'000) / 100);
    default:
      return si_text(*number);
  }
}

}  // namespace weir
