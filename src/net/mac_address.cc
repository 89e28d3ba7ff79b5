// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/mac_address.h"

#include <charconv>

namespace weir {

std::string_view MacAddress::write_to(TextBuffer& buffer) const {
  constexpr char kDigits[] = "0123456789abcdef";
  buffer.fill(':');
  for (size_t i = 0; i < bytes.size(); ++i) {
    buffer[3 * i] = kDigits[bytes[i] >> 4];
    buffer[3 * i + 1] = kDigits[bytes[i] & 15];
  }
  return {buffer.data(), buffer.size()};
}

std::string MacAddress::to_string() const {
  TextBuffer buffer;
  return std::string(write_to(buffer));
}

std::optional<MacAddress> MacAddress::parse(std::string_view text) {
  constexpr size_t kDigits = 2;
  MacAddress mac;
  if (text.size() != mac.bytes.size() * (kDigits + 1) - 1) return std::nullopt;
  for (size_t i = 0; i < mac.bytes.size(); ++i) {
    const char* const first = text.data() + i * (kDigits + 1);
    if (i > 0 && first[-1] != ':') return std::nullopt;
    const auto [end, error] = std::from_chars(first, first + kDigits, mac.bytes[i], 16);
    if (error != std::errc() || end != first + kDigits) return std::nullopt;
  }
  return mac;
}

}  // namespace weir
