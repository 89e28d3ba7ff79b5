// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/payload_pattern.h"

#include <algorithm>

namespace weir {
namespace {

std::optional<uint8_t> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<uint8_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<uint8_t>(c - 'A' + 10);
  return std::nullopt;
}

}  // namespace

bool PayloadPattern::matches(const Payload& payload) const {
  if (!(payload.is_tcp ? on_tcp : on_udp)) return false;
  const ByteReader& bytes = payload.bytes;
  if (bytes.remaining() < std::max(at_least, bits.size()) || bytes.remaining() > at_most)
    return false;
  const auto is_ours = [&](uint16_t port) {
    return port == payload.client_port || port == payload.server_port;
  };
  if (!ports.empty() && std::ranges::none_of(ports, is_ours)) return false;
  for (size_t i = 0; i < bits.size(); ++i) {
    if ((bytes.u8(i) & mask[i]) != bits[i]) return false;
  }
  return true;
}

std::optional<PatternBytes> parse_pattern_bytes(std::string_view text) {
  PatternBytes pattern;
  while (!text.empty()) {
    if (text.front() == ' ') {
      text.remove_prefix(1);
      continue;
    }
    if (text.size() < 2) return std::nullopt;
    const bool is_any = text.substr(0, 2) == "..";
    const auto high = hex_digit(text[0]);
    const auto low = hex_digit(text[1]);
    if (!is_any && (!high || !low)) return std::nullopt;
    pattern.bits.push_back(is_any ? uint8_t{0} : static_cast<uint8_t>(*high << 4 | *low));
    pattern.mask.push_back(is_any ? uint8_t{0} : uint8_t{0xff});
    text.remove_prefix(2);
  }
  return pattern;
}

}  // namespace weir
