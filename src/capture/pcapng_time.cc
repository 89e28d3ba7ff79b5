// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/pcapng_time.h"

#include <algorithm>

namespace weir {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr uint64_t kNanosecondsPerSecond = 1'000'000'000;

struct Split {
  uint64_t seconds;
  uint32_t nanoseconds;
};

// REQUIRES: exponent <= 19, what 64 bits hold.
uint64_t power_of_ten(int exponent) {
  uint64_t power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

Split split_decimal(uint64_t units, int exponent) {
  // A division by a constant is a multiplication: these two are nearly every file.
  if (exponent == 6) return {units / 1'000'000, static_cast<uint32_t>(units % 1'000'000) * 1000};
  if (exponent == 9) {
    return {units / kNanosecondsPerSecond, static_cast<uint32_t>(units % kNanosecondsPerSecond)};
  }
  if (exponent < 9) {
    const uint64_t second = power_of_ten(exponent);
    return {units / second, static_cast<uint32_t>(units % second * power_of_ten(9 - exponent))};
  }
  if (exponent > 28) return {0, 0};  // 2^64 of them are less than a nanosecond
  const uint64_t nanoseconds = units / power_of_ten(exponent - 9);
  return {nanoseconds / kNanosecondsPerSecond,
          static_cast<uint32_t>(nanoseconds % kNanosecondsPerSecond)};
}

Split split_binary(uint64_t units, int exponent) {
  const Wide nanoseconds = Wide{units} * kNanosecondsPerSecond >> exponent;
  const uint64_t seconds = exponent < 64 ? units >> exponent : 0;
  return {seconds, static_cast<uint32_t>(nanoseconds - Wide{seconds} * kNanosecondsPerSecond)};
}

}  // namespace

Timestamp PcapngTime::at(uint64_t units) const {
  const int exponent = resolution & 0x7f;
  const Split split =
      (resolution & 0x80) != 0 ? split_binary(units, exponent) : split_decimal(units, exponent);
  // Half the range each, so that the sum cannot overflow.
  constexpr int64_t kHalf = INT64_MAX / 2;
  const auto seconds = static_cast<int64_t>(std::min<uint64_t>(split.seconds, kHalf));
  const int64_t sum = seconds + std::clamp(offset_seconds, -kHalf, kHalf);
  if (sum < 0) return {};
  if (sum > UINT32_MAX) return {UINT32_MAX, 999'999'999};
  return {static_cast<uint32_t>(sum), split.nanoseconds};
}

}  // namespace weir
