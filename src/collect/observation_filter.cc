// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/observation_filter.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace weir {

ObservationFilter::ObservationFilter(const KeyedHash& hash, size_t bytes)
    : hash_(hash), sets_(std::bit_floor(std::max(bytes / sizeof(Set), size_t{1}))) {}

uint64_t ObservationFilter::tag_of(const CollectedFlow& flow, bool is_reverse) const {
  std::array<uint64_t, 5> words{};
  const IpAddress& from = is_reverse ? flow.destination : flow.source;
  const IpAddress& to = is_reverse ? flow.source : flow.destination;
  const uint16_t from_port = is_reverse ? flow.destination_port : flow.source_port;
  const uint16_t to_port = is_reverse ? flow.source_port : flow.destination_port;
  std::memcpy(words.data(), from.bytes().data(), 16);
  std::memcpy(words.data() + 2, to.bytes().data(), 16);
  words[4] = uint64_t{from_port} << 32 | uint64_t{to_port} << 16 | flow.protocol;
  return hash_.of(words.data(), words.size());
}

bool ObservationFilter::is_duplicate(uint64_t direction, const CollectedFlow& flow,
                                     uint32_t observer) {
  Set& set = sets_[direction & (sets_.size() - 1)];
  Place* oldest = set.places.data();
  for (Place& place : set.places) {
    if (place.observer != 0 && place.tag == direction) {
      const bool is_silent = flow.first.seconds > uint64_t{place.last_second} + kSilence ||
                             flow.last.seconds > uint64_t{place.last_second} + kLongest;
      if (place.observer != observer && !is_silent) return true;
      place.observer = observer;
      place.last_second = std::max(place.last_second, flow.last.seconds);
      return false;
    }
    const bool is_free = place.observer == 0;
    if (is_free ? oldest->observer != 0
                : oldest->observer != 0 && place.last_second < oldest->last_second)
      oldest = &place;
  }
  forgotten_ += oldest->observer != 0 ? 1 : 0;
  *oldest = {direction, observer, flow.last.seconds};
  return false;
}

}  // namespace weir
