// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tcp_flows.h"

#include <algorithm>
#include <bit>

namespace weir {

Result<std::unique_ptr<TcpFlows>> TcpFlows::create(uint32_t max_flows, MemoryBudget& budget,
                                                   PageFeeder* feeder) {
  const size_t chunks = std::max<size_t>(1, max_flows / SlotAllocator::kChunkSlots);
  auto analyses = ReservedRegion::reserve(chunks * SlabArray<TcpAnalysis>::kChunkBytes, feeder);
  if (!analyses) return analyses.error();
  auto counts = ReservedRegion::reserve(chunks * SlabArray<TcpCounts>::kChunkBytes);
  if (!counts) return counts.error();
  std::unique_ptr<TcpFlows> flows(new TcpFlows(max_flows, budget));
  flows->analyses_ = SlabArray<TcpAnalysis>(std::move(*analyses));
  flows->counts_ = SlabArray<TcpCounts>(std::move(*counts));
  return flows;
}

void TcpFlows::begin(uint32_t slot) {
  analyses_[slot].clear();
  analyses_[slot].counts.set(kNoCounts);
}

void TcpFlows::end(uint32_t slot) {
  const uint32_t counts = analyses_[slot].counts.get();
  if (counts != kNoCounts && counts != kUncounted) release(counts);
  analyses_[slot].counts.set(kNoCounts);
}

void TcpFlows::count(uint32_t slot, unsigned sender, uint8_t found) {
  for (unsigned rest = found; rest != 0; rest &= rest - 1)
    totals_[static_cast<size_t>(std::countr_zero(rest))].add(1);
  Cell<uint32_t>& counts = analyses_[slot].counts;
  if (counts.get() == kNoCounts) counts.set(allocate());
  if (counts.get() != kUncounted) counts_[counts.get()].add(sender, found);
}

uint32_t TcpFlows::allocate() {
  const bool has_none = allocator_.live() != 0 || allocate_slot() != SlotAllocator::kNone;
  const uint32_t counts = has_none ? allocate_slot() : SlotAllocator::kNone;
  if (counts == SlotAllocator::kNone) {
    uncounted_.add(1);
    return kUncounted;
  }
  counts_[counts].clear();
  return counts;
}

uint32_t TcpFlows::allocate_slot() {
  uint32_t slot = allocator_.allocate();
  if (slot == SlotAllocator::kNone && counts_.commit_chunks(allocator_.chunks() + 1) &&
      allocator_.open_chunk()) {
    slot = allocator_.allocate();
  }
  if (slot == SlotAllocator::kNone || !allocator_.is_alone(slot)) return slot;
  // The first record of a chunk pays for all of it, the last one gives it back.
  if (budget_->take(SlabArray<TcpCounts>::kChunkBytes)) return slot;
  allocator_.release(slot);
  return SlotAllocator::kNone;
}

void TcpFlows::release(uint32_t counts) {
  if (!allocator_.release(counts)) return;
  counts_.discard_chunk(counts / SlotAllocator::kChunkSlots);
  budget_->give_back(SlabArray<TcpCounts>::kChunkBytes);
}

TcpSnapshot TcpFlows::read(uint32_t slot) const {
  const TcpAnalysis& analysis = analyses_[slot];
  const uint32_t counts = analysis.counts.read();
  TcpSnapshot snapshot;
  snapshot.round_trips = round_trips(analysis);
  snapshot.has_quality = counts != kUncounted;
  if (counts == kNoCounts || counts == kUncounted) return snapshot;
  for (unsigned sender = 0; sender < 2; ++sender)
    snapshot.quality[sender] = counts_[counts].read(sender);
  return snapshot;
}

TcpQuality TcpFlows::totals() const {
  return make_quality([this](size_t kind) { return totals_[kind].read(); });
}

}  // namespace weir
