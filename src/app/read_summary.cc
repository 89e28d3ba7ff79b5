// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "app/read_report.h"
#include "base/printable.h"

namespace weir {
namespace {

constexpr size_t kRows = 10;

uint64_t natural(const Value& value) {
  const auto* number = value.as<uint64_t>();
  return number != nullptr ? *number : 0;
}
double real(const Value& value) {
  const auto* number = value.as<double>();
  return number != nullptr ? *number : static_cast<double>(natural(value));
}
std::string text(const Value& value) {
  const auto* string = value.as<std::string>();
  return string != nullptr ? printable(*string) : std::string();
}

// Three digits that matter: "13.6 MB".
std::string scaled(double number, const char* unit) {
  constexpr std::array<const char*, 6> kPrefixes{"", "k", "M", "G", "T", "P"};
  size_t prefix = 0;
  while (number >= 999.5 && prefix + 1 < kPrefixes.size()) {
    number /= 1000;
    ++prefix;
  }
  if (prefix == 0) return fmt::format("{:.0f} {}", number, unit);
  const int digits = number < 9.995 ? 2 : number < 99.95 ? 1 : 0;
  return fmt::format("{:.{}f} {}{}", number, digits, kPrefixes[prefix], unit);
}

std::string share_bar(double share) {
  constexpr size_t kWidth = 20;
  const auto filled = static_cast<size_t>(std::clamp(share, 0.0, 1.0) * kWidth + 0.5);
  return std::string(filled, '#') + std::string(kWidth - filled, ' ');
}

void add_totals(std::string& out, const std::string& name, const Value& report) {
  const double duration = real(report["duration_s"]);
  const double bytes = real(report["bytes"]);
  out += fmt::format("{}\n", printable(name));
  out += fmt::format("  {} packets, {} in {:.3f} s", natural(report["packets"]), scaled(bytes, "B"),
                     duration);
  if (duration > 0) out += fmt::format(" ({} on average)", scaled(bytes * 8 / duration, "bit/s"));
  const uint64_t error = natural(report["hosts_error"]);
  out += fmt::format("\n  {} flows, {}{} hosts\n", natural(report["flows"]),
                     error > 0 ? "about " : "", natural(report["hosts"]));
  out += fmt::format("  read in {:.2f} s ({} packets/s), {} of memory\n", real(report["elapsed_s"]),
                     scaled(real(report["packets_per_second"]), ""),
                     scaled(real(report["peak_memory_bytes"]), "B"));
}

void add_shares(std::string& out, const char* title, const Value& rows, double total) {
  const auto* array = rows.as<Value::Array>();
  if (array == nullptr || array->empty()) return;
  out += fmt::format("\n{:<24} {:>10} {:>10} {:>8}  share\n", title, "bytes", "packets", "flows");
  std::vector<const Value*> sorted;
  for (const Value& row : *array) sorted.push_back(&row);
  std::stable_sort(sorted.begin(), sorted.end(), [](const Value* a, const Value* b) {
    return natural((*a)["bytes"]) > natural((*b)["bytes"]);
  });
  for (size_t i = 0; i < std::min(sorted.size(), kRows); ++i) {
    const Value& row = *sorted[i];
    const double share = total > 0 ? real(row["bytes"]) / total : 0;
    out += fmt::format("  {:<22} {:>10} {:>10} {:>8}  {} {:4.1f} %\n", text(row["name"]),
                       scaled(real(row["bytes"]), "B"), natural(row["packets"]),
                       natural(row["flows"]), share_bar(share), share * 100);
  }
  if (sorted.size() > kRows) out += fmt::format("  and {} more\n", sorted.size() - kRows);
}

void add_hosts(std::string& out, const Value& hosts) {
  const auto* rows = hosts["rows"].as<Value::Array>();
  if (rows == nullptr || rows->empty()) return;
  out += fmt::format("\n{:<41} {:>10} {:>10}\n", "Hosts", "sent", "received");
  for (const Value& row : *rows) {
    out +=
        fmt::format("  {:<39} {:>10} {:>10}\n", text(row["key"]),
                    scaled(real(row["bytes_sent"]), "B"), scaled(real(row["bytes_received"]), "B"));
  }
}

std::string endpoint(const Value& address, const Value& port) {
  const uint64_t number = natural(port);
  if (number == 0) return text(address);
  const std::string ip = text(address);
  return fmt::format(fmt::runtime(ip.find(':') == std::string::npos ? "{}:{}" : "[{}]:{}"), ip,
                     number);
}

void add_conversations(std::string& out, const Value& rows) {
  const auto* array = rows.as<Value::Array>();
  if (array == nullptr || array->empty()) return;
  out += fmt::format("\n{:<58} {:<14} {:>10} {:>10}\n", "Conversations", "application", "to server",
                     "to client");
  for (const Value& row : *array) {
    const std::string ends = endpoint(row["client_ip"], row["client_port"]) + " > " +
                             endpoint(row["server_ip"], row["server_port"]);
    out += fmt::format("  {:<56} {:<14} {:>10} {:>10}\n", ends, text(row["application"]),
                       scaled(real(row["bytes_to_server"]), "B"),
                       scaled(real(row["bytes_to_client"]), "B"));
  }
}

void add_tcp(std::string& out, const Value& tcp) {
  struct Line {
    const char* member;
    const char* text;
  };
  constexpr std::array<Line, 7> kLines{{{"retransmissions", "retransmitted"},
                                        {"out_of_order", "out of order"},
                                        {"lost_segments", "gaps"},
                                        {"duplicate_acks", "duplicate ACKs"},
                                        {"zero_windows", "zero windows"},
                                        {"keep_alives", "keep-alives"},
                                        {"resets", "resets"}}};
  std::string text;
  for (const Line& line : kLines) {
    if (const uint64_t packets = natural(tcp[line.member]); packets > 0)
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", line.text, packets);
  }
  if (!text.empty()) out += "\nTCP: " + text + '\n';
}

void add_problems(std::string& out, const Value& report) {
  const auto* reasons = report["not_decoded"].as<Value::Object>();
  if (reasons != nullptr && !reasons->empty()) {
    out += "\nNot decoded:";
    for (const auto& [reason, packets] : *reasons)
      out += fmt::format(" {} {}", natural(packets), reason);
    out += '\n';
  }
  if (const uint64_t packets = natural(report["other"]["packets"]); packets > 0) {
    out += fmt::format(
        "\n{} packets belong to flows beyond the memory budget: give more with --memory\n",
        packets);
  }
  const Value& forgotten = report["forgotten"];
  if (const uint64_t evicted = natural(forgotten["hosts_evicted"]); evicted > 0) {
    out += fmt::format(
        "\nHosts gave way to the memory budget {} times: a host that is not in the list "
        "had at most {}\n",
        evicted, scaled(real(forgotten["bytes_error"]), "B"));
  }
}

}  // namespace

std::string read_summary(const std::string& name, const Value& report, const Value& hosts,
                         const Value& conversations) {
  std::string out;
  const double total = real(report["bytes"]);
  add_totals(out, name, report);
  add_shares(out, "Applications", report["applications"], total);
  add_shares(out, "Protocols", report["protocols"], total);
  add_hosts(out, hosts);
  add_conversations(out, conversations);
  add_tcp(out, report["tcp"]);
  add_problems(out, report);
  return out;
}

}  // namespace weir
