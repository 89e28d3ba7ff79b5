// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/sampling_rates.h"

#include <algorithm>

namespace weir {
namespace {

// What a record says of a rate itself; 0: nothing.
uint64_t rate_in(const DataRecord& record) {
  if (const uint64_t interval = record.number(Element::kSamplingInterval); interval != 0)
    return interval;
  const uint64_t taken = record.number(Element::kSamplingPacketInterval);
  // (interval + space) / interval, RFC 5477.
  if (taken != 0 && record.has(Element::kSamplingPacketSpace)) {
    const uint64_t space = record.number(Element::kSamplingPacketSpace);
    return space > UINT32_MAX || taken > UINT32_MAX ? UINT64_MAX : (taken + space) / taken;
  }
  const uint64_t size = record.number(Element::kSamplingSize);
  return size == 0 ? 0 : record.number(Element::kSamplingPopulation) / size;
}

}  // namespace

void SamplingRates::keep(uint32_t& place, uint64_t rate) {
  if (rate == 0) return;
  if (rate > kMostBelieved) {
    ++absurd_;
    return;
  }
  place = static_cast<uint32_t>(rate);
}

void SamplingRates::keep(std::map<uint32_t, uint32_t>& rates, uint64_t key, uint64_t rate) {
  if (rate == 0 || key > UINT32_MAX) return;
  const auto index = static_cast<uint32_t>(key);
  uint32_t believed = 0;
  keep(believed, rate);
  if (believed == 0) return;
  const bool is_new = !rates.contains(index);
  if (is_new && (rates.size() >= kMaxEntries || !budget_->take(kEntryBytes))) return;
  uint32_t& kept = rates[index];
  if (kept == believed) return;
  if (kept != 0 && --uses_[kept] == 0) uses_.erase(kept);
  ++uses_[believed];
  kept = believed;
}

void SamplingRates::learn(const DataRecord& options) {
  const uint64_t rate = rate_in(options);
  if (options.has(Element::kSamplerId))
    return keep(by_sampler_, options.number(Element::kSamplerId), rate);
  if (options.has(Element::kScopeInterface))
    return keep(by_interface_, options.number(Element::kScopeInterface), rate);
  if (options.has(Element::kInput))
    return keep(by_interface_, options.number(Element::kInput), rate);
  keep(for_all_, rate);
}

SamplingRates::Rate SamplingRates::of(const DataRecord& record) const {
  if (const uint64_t own = rate_in(record); own != 0 && own <= kMostBelieved)
    return {static_cast<uint32_t>(own), true};
  if (record.has(Element::kSamplerId)) {
    const auto found = by_sampler_.find(static_cast<uint32_t>(record.number(Element::kSamplerId)));
    if (found != by_sampler_.end()) return {found->second, true};
    // 0: not sampled, or the only sampler there is.
    if (record.number(Element::kSamplerId) != 0 && for_all_ == 0) return {1, false};
  }
  bool names_interface = false;
  for (const Element side : {Element::kInput, Element::kOutput}) {
    const auto found = by_interface_.find(static_cast<uint32_t>(record.number(side)));
    if (record.has(side) && found != by_interface_.end()) return {found->second, true};
    names_interface |= record.number(side) != 0;
  }
  // What holds for some interfaces holds for no other.
  if (names_interface && !by_interface_.empty() && for_all_ == 0) return {1, false};
  return {std::max<uint32_t>(common(), 1), true};
}

uint32_t SamplingRates::common() const {
  if (for_all_ != 0) return for_all_;
  return uses_.size() == 1 ? uses_.begin()->first : 0;
}

}  // namespace weir
