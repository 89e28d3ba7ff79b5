// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/distinct_count.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace weir {
namespace {

constexpr unsigned kRankBits = 64 - DistinctCount::kIndexBits;  // Ertl's q; ranks reach q + 1

// Ertl, algorithm 6: the functions by which empty and saturated registers enter the estimate.
double sigma(double x) {
  if (x == 1) return std::numeric_limits<double>::infinity();
  double y = 1;
  double sum = x;
  for (double before = -1; sum != before; y += y) {
    x *= x;
    before = sum;
    sum += x * y;
  }
  return sum;
}

double tau(double x) {
  if (x == 0 || x == 1) return 0;
  double y = 1;
  double sum = 1 - x;
  for (double before = -1; sum != before;) {
    x = std::sqrt(x);
    before = sum;
    y *= 0.5;
    sum -= (1 - x) * (1 - x) * y;
  }
  return sum / 3;
}

}  // namespace

void DistinctCount::merge_into(Registers& registers) const {
  for (size_t i = 0; i < kRegisters; ++i)
    registers[i] = std::max(registers[i], registers_[i].read());
}

double DistinctCount::estimate(const Registers& registers) {
  std::array<double, kRankBits + 2> count{};
  for (const uint8_t rank : registers) ++count[std::min<size_t>(rank, kRankBits + 1)];
  constexpr auto kAll = static_cast<double>(kRegisters);
  double z = kAll * tau(1 - count[kRankBits + 1] / kAll);
  for (size_t rank = kRankBits; rank >= 1; --rank) z = 0.5 * (z + count[rank]);
  z += kAll * sigma(count[0] / kAll);
  constexpr double kAlpha = 0.72134752044448170368;  // 1 / (2 ln 2)
  return kAlpha * kAll * kAll / z;
}

}  // namespace weir
