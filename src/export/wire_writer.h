// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

// Appends numbers in network byte order. The string must outlive it.
class WireWriter {
 public:
  explicit WireWriter(std::string& out) : out_(out) {}

  void u8(uint8_t value) { out_ += static_cast<char>(value); }
  void u16(uint16_t value) { number(value); }
  void u32(uint32_t value) { number(value); }
  void u64(uint64_t value) { number(value); }
  template <size_t kSize>
  void bytes(const std::array<uint8_t, kSize>& value) {
    out_.append(reinterpret_cast<const char*>(value.data()), kSize);
  }
  // The last four bytes of a mapped address.
  void v4(const std::array<uint8_t, 16>& mapped) {
    out_.append(reinterpret_cast<const char*>(mapped.data()) + 12, 4);
  }
  // With its length before it (RFC 7011, 7); what does not fit in the short form is cut.
  void text(std::string_view value) {
    constexpr size_t kMost = 254;
    value = value.substr(0, kMost);
    u8(static_cast<uint8_t>(value.size()));
    out_ += value;
  }

 private:
  template <typename Number>
  void number(Number value) {
    for (size_t shift = sizeof(Number) * 8; shift > 0; shift -= 8)
      out_ += static_cast<char>(value >> (shift - 8));
  }

  std::string& out_;
};

}  // namespace weir
