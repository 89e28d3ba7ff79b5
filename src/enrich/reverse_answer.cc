// SPDX-License-Identifier: GPL-3.0-or-later
#include "enrich/reverse_answer.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "dpi/dns_message.h"

namespace weir {
namespace {

constexpr uint16_t kTypePtr = 12;
constexpr uint16_t kRcodeNxdomain = 3;

bool is_of_label(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

bool is_label(std::string_view label) {
  constexpr size_t kMost = 63;
  return !label.empty() && label.size() <= kMost &&
         std::all_of(label.begin(), label.end(), is_of_label);
}

bool comes_first(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

}  // namespace

std::string reverse_name(const IpAddress& address) {
  const auto& bytes = address.bytes();
  if (address.is_v4())
    return fmt::format("{}.{}.{}.{}.in-addr.arpa", bytes[15], bytes[14], bytes[13], bytes[12]);
  std::string name;
  for (size_t i = bytes.size(); i-- > 0;)
    name += fmt::format("{:x}.{:x}.", bytes[i] & 0xf, bytes[i] >> 4);
  return name + "ip6.arpa";
}

ReverseAnswer parse_reverse_answer(std::span<const uint8_t> message) {
  using Kind = ReverseAnswer::Kind;
  DnsMessage read;
  const ByteReader bytes(message);
  if (parse_dns(bytes, false, read, DnsDetail::kAnswers) == DnsParse::kNotDns || !read.is_response)
    return {};
  if (read.rcode == kRcodeNxdomain) return {Kind::kNoName, {}, {}};
  if (read.rcode != 0) return {};
  ReverseAnswer answer{Kind::kNoName, {}, std::chrono::seconds::max()};
  for (size_t i = 0; i < read.answers; ++i) {
    const DnsRecord& record = read.records[i];
    answer.ttl = std::min(answer.ttl, std::chrono::seconds(record.ttl));
    if (record.type != kTypePtr) continue;
    if (!is_name_of_host(record.text)) {
      if (answer.kind == Kind::kNoName) answer.kind = Kind::kBadName;
    } else if (answer.kind != Kind::kName || comes_first(record.text, answer.name)) {
      answer.kind = Kind::kName;
      answer.name = record.text;
    }
  }
  if (answer.kind != Kind::kName) answer.ttl = {};
  return answer;
}

bool is_name_of_host(std::string_view name) {
  constexpr size_t kMost = 253;
  if (name.size() > kMost || IpAddress::parse(name)) return false;
  if (name.ends_with(".in-addr.arpa") || name.ends_with(".ip6.arpa")) return false;
  for (;;) {
    const size_t dot = std::min(name.find('.'), name.size());
    if (!is_label(name.substr(0, dot))) return false;
    if (dot == name.size()) return true;
    name.remove_prefix(dot + 1);
  }
}

}  // namespace weir
