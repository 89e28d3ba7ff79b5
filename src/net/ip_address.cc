// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/ip_address.h"

#include <arpa/inet.h>

namespace weir {
namespace {

// The text of a byte, a dot behind it.
struct ByteText {
  std::array<char, 4> text{};
  uint8_t size = 0;  // with the dot
};
constexpr std::array<ByteText, 256> kByteTexts = [] {
  std::array<ByteText, 256> texts;
  for (unsigned number = 0; number < texts.size(); ++number) {
    ByteText& own = texts[number];
    for (const unsigned unit : {100U, 10U, 1U}) {
      if (number >= unit || unit == 1)
        own.text[own.size++] = static_cast<char>('0' + number / unit % 10);
    }
    own.text[own.size++] = '.';
  }
  return texts;
}();

// Many times as fast as inet_ntop(), which formats with printf().
std::string_view write_v4(const uint8_t* bytes, IpAddress::TextBuffer& buffer) {
  char* end = buffer.data();
  for (size_t i = 0; i < 4; ++i) {
    const ByteText& byte = kByteTexts[bytes[i]];
    std::memcpy(end, byte.text.data(), byte.text.size());
    end += byte.size;
  }
  return {buffer.data(), static_cast<size_t>(end - buffer.data()) - 1};
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  // inet_pton() would not see what stands behind a zero byte.
  if (text.size() >= INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos)
    return std::nullopt;
  const std::string terminated(text);
  std::array<uint8_t, 16> bytes{};
  if (inet_pton(AF_INET, terminated.c_str(), bytes.data()) == 1) return from_v4(bytes.data());
  if (inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1) return from_v6(bytes.data());
  return std::nullopt;
}

std::string_view IpAddress::write_to(TextBuffer& buffer) const {
  static_assert(TextBuffer().size() >= INET6_ADDRSTRLEN);
  if (is_v4()) return write_v4(bytes_.data() + 12, buffer);
  inet_ntop(AF_INET6, bytes_.data(), buffer.data(), INET6_ADDRSTRLEN);
  return buffer.data();
}

std::string IpAddress::to_string() const {
  TextBuffer buffer;
  return std::string(write_to(buffer));
}

}  // namespace weir
