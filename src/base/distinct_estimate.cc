// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/distinct_estimate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace weir {
namespace {

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

double estimate_distinct(std::span<const uint8_t> registers, unsigned rank_bits) {
  std::array<double, 66> count{};
  for (const uint8_t rank : registers) ++count[std::min<size_t>(rank, rank_bits + 1)];
  const auto all = static_cast<double>(registers.size());
  double z = all * tau(1 - count[rank_bits + 1] / all);
  for (size_t rank = rank_bits; rank >= 1; --rank) z = 0.5 * (z + count[rank]);
  z += all * sigma(count[0] / all);
  constexpr double kAlpha = 0.72134752044448170368;  // 1 / (2 ln 2)
  return kAlpha * all * all / z;
}

}  // namespace weir
