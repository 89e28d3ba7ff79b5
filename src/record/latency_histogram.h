// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace weir {

// How often response times of each length occurred, in buckets that grow by a twelfth of an octave,
// so that a percentile is at most 3 % off whatever the times are (the idea of DDSketch, Masson et
// al. 2019, with a fixed range: from 4 µs to 389 s, and all below and all above). Two of them add
// up to that of all times. A plain value.
class LatencyHistogram {
 public:
  static constexpr size_t kBuckets = 320;
  // Of percentile(), inside the range: 2^(1/24) - 1.
  static constexpr double kRelativeError = 0.0294;

  [[nodiscard]] static size_t bucket_of(uint64_t nanoseconds);

  void add(size_t bucket, uint64_t count = 1) { counts_[bucket] += count; }
  LatencyHistogram& operator+=(const LatencyHistogram& other);
  [[nodiscard]] uint64_t count() const;
  // The time, in nanoseconds, that the part `quantile` (0 to 1) of all times does not exceed: by
  // nearest rank, in the middle of its bucket. 0 when nothing was added.
  [[nodiscard]] double percentile(double quantile) const;

 private:
  std::array<uint64_t, kBuckets> counts_{};
};

}  // namespace weir
