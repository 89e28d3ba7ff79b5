// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <compare>
#include <cstdint>

namespace weir {

// Packet time: seconds and nanoseconds since 1970, UTC. Split, because the engine asks "which
// second?" of every packet. `nanoseconds` is below 1,000,000,000; the seconds reach 2106. Not a
// clock: it is whatever the capture says.
struct Timestamp {
  uint32_t seconds = 0;
  uint32_t nanoseconds = 0;

  auto operator<=>(const Timestamp&) const = default;

  // One number that orders as the timestamps do.
  [[nodiscard]] uint64_t order() const {
    if constexpr (std::endian::native == std::endian::little)
      return std::rotl(std::bit_cast<uint64_t>(*this), 32);  // one load
    return static_cast<uint64_t>(seconds) << 32 | nanoseconds;
  }
  [[nodiscard]] static Timestamp from_order(uint64_t order) {
    return {static_cast<uint32_t>(order >> 32), static_cast<uint32_t>(order)};
  }
  [[nodiscard]] int64_t as_nanoseconds() const {
    return static_cast<int64_t>(seconds) * 1'000'000'000 + nanoseconds;
  }
  [[nodiscard]] double as_seconds() const { return seconds + nanoseconds * 1e-9; }

  // Clamped to what a Timestamp can hold.
  [[nodiscard]] static Timestamp from_nanoseconds(int64_t since_1970) {
    constexpr int64_t kSecond = 1'000'000'000;
    if (since_1970 <= 0) return {};
    const int64_t seconds = since_1970 / kSecond;
    if (seconds > UINT32_MAX) return {UINT32_MAX, 999'999'999};
    return {static_cast<uint32_t>(seconds), static_cast<uint32_t>(since_1970 % kSecond)};
  }
};

}  // namespace weir
