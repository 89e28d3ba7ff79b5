// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/total_counters.h"

#include <algorithm>
#include <cstring>

namespace weir {
namespace {

Traffic new_since(const Traffic& before, const Traffic& now) {
  if (now.packets < before.packets || now.bytes < before.bytes) return now;
  return {now.packets - before.packets, now.bytes - before.bytes};
}

}  // namespace

void TotalCounters::subtract(CollectedFlow& flow, uint32_t observer) {
  if (sets_.empty()) sets_.resize(kFlows / std::tuple_size_v<Set>);
  std::array<uint64_t, 6> words{};
  std::memcpy(words.data(), flow.source.bytes().data(), 16);
  std::memcpy(words.data() + 2, flow.destination.bytes().data(), 16);
  words[4] =
      uint64_t{flow.source_port} << 32 | uint64_t{flow.destination_port} << 16 | flow.protocol;
  words[5] = observer;
  const uint64_t tag = hash_.of(words.data(), words.size());
  Set& set = sets_[tag % sets_.size()];
  const uint32_t now = std::max<uint32_t>(flow.last.seconds, 1);
  const auto is_of_flow = [&](const Place& one) {
    const uint32_t apart =
        std::max(one.first, flow.first.seconds) - std::min(one.first, flow.first.seconds);
    return one.second != 0 && one.tag == tag && apart <= kMostShift;
  };
  auto place = std::find_if(set.begin(), set.end(), is_of_flow);
  const Traffic forward = flow.forward;
  const Traffic reverse = flow.reverse;
  if (place != set.end() && flow.last.seconds < place->second) {
    flow.forward = flow.reverse = {};
    return;
  }
  if (place != set.end()) {
    flow.forward = new_since(place->forward, forward);
    flow.reverse = new_since(place->reverse, reverse);
  } else {
    place = std::min_element(set.begin(), set.end(),
                             [](const Place& a, const Place& b) { return a.second < b.second; });
    forgotten_ += place->second != 0 ? 1 : 0;
  }
  *place = {tag, flow.first.seconds, now, forward, reverse};
}

}  // namespace weir
