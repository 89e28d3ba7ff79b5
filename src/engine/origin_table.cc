// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/origin_table.h"

#include <array>
#include <cstring>

namespace weir {

size_t OriginTable::HashOrigin::operator()(const FlowOrigin& origin) const {
  std::array<uint64_t, 4> words{};
  std::memcpy(words.data(), origin.exporter.bytes().data(), origin.exporter.bytes().size());
  words[2] = uint64_t{origin.input} << 32 | origin.output;
  words[3] = origin.path;
  return hash.of(words.data(), words.size());
}

uint32_t OriginTable::number_of(const FlowOrigin& origin) {
  if (last_number_ != kNone && origin == last_) return last_number_;
  // Some room is left for exporters without their interfaces.
  constexpr size_t kRoomForPairs = kMax - kMax / 4;
  uint32_t number = number_in_table(origin, kRoomForPairs);
  if (number == kNone) {
    refused_.add(1);
    number = number_in_table({origin.exporter}, kMax);
  }
  last_ = origin;
  return last_number_ = number;
}

uint32_t OriginTable::number_in_table(const FlowOrigin& origin, size_t room) {
  if (const auto found = numbers_.find(origin); found != numbers_.end()) return found->second;
  if (numbers_.size() + 1 >= room) return kNone;
  const auto number = static_cast<uint32_t>(numbers_.size() + 1);
  places_[number].set(origin);
  numbers_.emplace(origin, number);
  return number;
}

}  // namespace weir
