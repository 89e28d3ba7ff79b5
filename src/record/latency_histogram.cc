// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/latency_histogram.h"

#include <algorithm>
#include <cmath>

namespace weir {
namespace {

constexpr double kBucketsPerOctave = 12;
constexpr double kSmallest = 4096;  // nanoseconds: where bucket 1 begins

}  // namespace

size_t LatencyHistogram::bucket_of(uint64_t nanoseconds) {
  const auto time = static_cast<double>(nanoseconds);
  if (time < kSmallest) return 0;
  const auto bucket = 1 + static_cast<size_t>(kBucketsPerOctave * std::log2(time / kSmallest));
  return std::min(bucket, kBuckets - 1);
}

LatencyHistogram& LatencyHistogram::operator+=(const LatencyHistogram& other) {
  for (size_t i = 0; i < kBuckets; ++i) counts_[i] += other.counts_[i];
  return *this;
}

uint64_t LatencyHistogram::count() const {
  uint64_t sum = 0;
  for (const uint64_t count : counts_) sum += count;
  return sum;
}

double LatencyHistogram::percentile(double quantile) const {
  const uint64_t all = count();
  if (all == 0) return 0;
  const double wanted = std::ceil(quantile * static_cast<double>(all));
  const uint64_t rank = std::clamp<uint64_t>(static_cast<uint64_t>(wanted), 1, all);
  uint64_t below = 0;
  size_t bucket = 0;
  while ((below += counts_[bucket]) < rank) ++bucket;
  if (bucket == 0) return kSmallest / 2;
  return kSmallest * std::exp2((static_cast<double>(bucket) - 0.5) / kBucketsPerOctave);
}

}  // namespace weir
