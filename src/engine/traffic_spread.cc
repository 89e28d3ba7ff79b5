// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/traffic_spread.h"

#include <algorithm>

namespace weir {
namespace {

struct Parts {
  uint64_t head;
  uint64_t each;
  uint64_t tail;
};

// `between`: how many seconds lie between the first and the last.
Parts parts_of(uint64_t all, double head_share, double tail_share, uint32_t between) {
  Parts parts{};
  parts.tail = std::min(all, static_cast<uint64_t>(static_cast<double>(all) * tail_share));
  parts.head = all - parts.tail;
  if (between == 0) return parts;
  const uint64_t first =
      std::min(parts.head, static_cast<uint64_t>(static_cast<double>(all) * head_share));
  parts.each = (parts.head - first) / between;
  // What does not divide evenly goes to the first second.
  parts.head -= parts.each * between;
  return parts;
}

}  // namespace

TrafficSpread::TrafficSpread(Timestamp first, Timestamp last, const Traffic& all)
    : first_(first.seconds), last_(last.seconds), all_(all), head_(all) {
  if (first_ >= last_) {
    last_ = first_;
    return;
  }
  constexpr double kSecond = 1e9;
  const auto duration = static_cast<double>(last.as_nanoseconds() - first.as_nanoseconds());
  const double head_share = (kSecond - first.nanoseconds) / duration;
  const double tail_share = last.nanoseconds / duration;
  const uint32_t between = last_ - first_ - 1;
  const Parts packets = parts_of(all.packets, head_share, tail_share, between);
  const Parts bytes = parts_of(all.bytes, head_share, tail_share, between);
  head_ = {packets.head, bytes.head};
  each_ = {packets.each, bytes.each};
  tail_ = {packets.tail, bytes.tail};
}

Traffic TrafficSpread::before(uint32_t second) const {
  if (second <= first_) return {};
  if (second > last_) return all_;
  const uint64_t between = second - first_ - 1;
  return {head_.packets + each_.packets * between, head_.bytes + each_.bytes * between};
}

}  // namespace weir
