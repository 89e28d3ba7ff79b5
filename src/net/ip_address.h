// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

// An IPv4 or IPv6 address. 16 bytes in network order; IPv4 is held as ::ffff:a.b.c.d, so that one
// type, one key and one prefix match serve both. A real IPv4-mapped IPv6 address is therefore shown
// as the IPv4 address it means.
class IpAddress {
 public:
  using Bytes = std::array<uint8_t, 16>;

  constexpr IpAddress() = default;  // ::
  constexpr explicit IpAddress(const Bytes& bytes) : bytes_(bytes) {}

  // `bytes` points at 4 (16) bytes in network order.
  static IpAddress from_v4(const uint8_t* bytes) {
    IpAddress address;
    address.bytes_[10] = address.bytes_[11] = 0xff;
    std::memcpy(address.bytes_.data() + 12, bytes, 4);
    return address;
  }
  static IpAddress from_v6(const uint8_t* bytes) {
    IpAddress address;
    std::memcpy(address.bytes_.data(), bytes, 16);
    return address;
  }
  // Dotted quad or RFC 4291 text; nothing for anything else.
  static std::optional<IpAddress> parse(std::string_view text);

  [[nodiscard]] bool is_v4() const {
    uint64_t high = 0;
    uint32_t middle = 0;
    std::memcpy(&high, bytes_.data(), 8);
    std::memcpy(&middle, bytes_.data() + 8, 4);
    static constexpr std::array<uint8_t, 4> kMapped{0, 0, 0xff, 0xff};
    uint32_t mapped = 0;
    std::memcpy(&mapped, kMapped.data(), 4);
    return high == 0 && middle == mapped;
  }
  [[nodiscard]] const Bytes& bytes() const { return bytes_; }
  // The last four bytes as they lie in memory (network order). Meaningful for IPv4.
  [[nodiscard]] uint32_t v4_bits() const {
    uint32_t bits = 0;
    std::memcpy(&bits, bytes_.data() + 12, 4);
    return bits;
  }
  [[nodiscard]] std::string to_string() const;  // RFC 5952
  // The same, written where it is told to: for those who look at many.
  using TextBuffer = std::array<char, 46>;
  [[nodiscard]] std::string_view write_to(TextBuffer& buffer) const;

  auto operator<=>(const IpAddress&) const = default;
  // Two words rather than a call of memcmp(): tables compare little else.
  bool operator==(const IpAddress& other) const {
    return half(0) == other.half(0) && half(1) == other.half(1);
  }

 private:
  [[nodiscard]] uint64_t half(size_t which) const {
    uint64_t bits = 0;
    std::memcpy(&bits, bytes_.data() + which * sizeof(bits), sizeof(bits));
    return bits;
  }

  Bytes bytes_{};
};

}  // namespace weir
