// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tcp_flows.h"

#include <bit>

namespace weir {

Result<std::unique_ptr<TcpFlows>> TcpFlows::create(SlabArray<TcpAnalysis>& analyses,
                                                   uint32_t max_flows, MemoryBudget& budget) {
  auto counts = Counts::reserve(max_flows);
  if (!counts) return counts.error();
  return std::unique_ptr<TcpFlows>(
      new TcpFlows(analyses.data(), std::move(*counts), max_flows, budget));
}

void TcpFlows::begin(uint32_t slot) {
  analyses_[slot].clear();
  analyses_[slot].counts.set(kNoCounts);
}

void TcpFlows::end(uint32_t slot) {
  const uint32_t counts = analyses_[slot].counts.get();
  if (counts != kNoCounts && counts != kUncounted) counts_.release(counts);
  analyses_[slot].counts.set(kNoCounts);
}

void TcpFlows::count(uint32_t slot, unsigned sender, uint8_t found) {
  for (unsigned rest = found; rest != 0; rest &= rest - 1)
    totals_[static_cast<size_t>(std::countr_zero(rest))].add(1);
  Cell<uint32_t>& counts = analyses_[slot].counts;
  if (counts.get() == kNoCounts) counts.set(allocate());
  if (counts.get() != kUncounted) counts_.part<TcpCounts>(counts.get()).add(sender, found);
}

uint32_t TcpFlows::allocate() {
  const bool has_none = counts_.has_slot_0() || counts_.allocate() == kNoCounts;
  const uint32_t counts = has_none ? counts_.allocate() : Counts::kNone;
  if (counts == Counts::kNone) {
    uncounted_.add(1);
    return kUncounted;
  }
  counts_.part<TcpCounts>(counts).clear();
  return counts;
}

TcpSnapshot TcpFlows::read(uint32_t slot) const {
  const TcpAnalysis& analysis = analyses_[slot];
  const uint32_t counts = analysis.counts.read();
  TcpSnapshot snapshot;
  snapshot.round_trips = round_trips(analysis);
  snapshot.has_quality = counts != kUncounted;
  if (counts == kNoCounts || counts == kUncounted) return snapshot;
  for (unsigned sender = 0; sender < 2; ++sender)
    snapshot.quality[sender] = counts_.part<TcpCounts>(counts).read(sender);
  return snapshot;
}

TcpQuality TcpFlows::totals() const {
  return make_quality([this](size_t kind) { return totals_[kind].read(); });
}

}  // namespace weir
