// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/cached_places.h"

#include <cstring>

namespace weir {
namespace {

// No stranger gains by a collision: it costs a look-up.
size_t mixed(const IpAddress& address) {
  uint64_t halves[2];
  std::memcpy(halves, address.bytes().data(), sizeof(halves));
  constexpr uint64_t kOdd = 0x9e3779b97f4a7c15;
  return static_cast<size_t>(((halves[0] ^ (halves[1] * kOdd)) * kOdd) >> 40);
}

}  // namespace

CachedPlaces::Entry& CachedPlaces::entry_of(const IpAddress& address) const {
  return entries_[mixed(address) % kEntries];
}

void CachedPlaces::remember(const IpAddress& address, const Place& place) const {
  entry_of(address) = {address, place, true};
}

Place CachedPlaces::of(const IpAddress& address) const {
  Entry& entry = entry_of(address);
  if (!entry.is_used || entry.address != address) entry = {address, places_->of(address), true};
  return entry.place;
}

}  // namespace weir
