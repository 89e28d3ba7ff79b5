// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/host_profiles.h"

#include <algorithm>

namespace weir {
namespace {

// Links of a profile, two to a word; then the sums of its round trips.
constexpr size_t kApplications = 0;
constexpr size_t kTcp = 1;
constexpr size_t kSets = 2;
constexpr size_t kRoundTrips = 3;  // words: nanoseconds by role, then both counts
constexpr size_t kRoundTripCounts = 5;
// Of a part by application: link 0 is the next one, link 1 the application.
constexpr size_t kFlows = 1;
constexpr size_t kTraffic = 2;  // words: packets and bytes sent, packets and bytes received
// Of a set's link: it is a large one, whose first block has links to kPieces blocks of registers.
constexpr uint32_t kIsLarge = uint32_t{1} << 31;
constexpr size_t kPieces = 8;
constexpr size_t kPieceRegisters = DistinctSet::kRegisters / kPieces;
static_assert(kPieceRegisters == 64);
constexpr size_t kTcpCounts = 14;

uint64_t with_half(uint64_t word, size_t half, uint32_t value) {
  return half == 0 ? (word & 0xffffffff00000000) | value
                   : (word & 0xffffffff) | uint64_t{value} << 32;
}
uint32_t half_of(uint64_t word, size_t half) {
  return static_cast<uint32_t>(half == 0 ? word : word >> 32);
}

std::array<uint64_t, 7> counts_of(const TcpQuality& quality) {
  return {quality.retransmissions, quality.out_of_order, quality.lost_segments,
          quality.duplicate_acks,  quality.zero_windows, quality.keep_alives,
          quality.resets};
}

}  // namespace

Result<std::unique_ptr<HostProfiles>> HostProfiles::create(size_t max_bytes, MemoryBudget& budget,
                                                           PageFeeder* feeder) {
  constexpr size_t kMostBlocks = Blocks::kNone - SlotAllocator::kChunkSlots;
  const auto max_blocks = static_cast<uint32_t>(std::min(max_bytes / kBlockBytes, kMostBlocks));
  auto blocks = Blocks::reserve(max_blocks, feeder);
  if (!blocks) return blocks.error();
  return std::unique_ptr<HostProfiles>(new HostProfiles(std::move(*blocks), max_blocks, budget));
}

uint32_t HostProfiles::take() {
  // Slot 0 stands for none.
  if (!blocks_.has_slot_0() && blocks_.allocate() != kNone) return kNone;
  const uint32_t block = blocks_.allocate();
  if (block == Blocks::kNone) return kNone;
  for (auto& word : at(block).words) word.set(0);
  blocks_.part<Owner>(block).host = 0;
  used_.add(1);
  return block;
}

void HostProfiles::give_back(uint32_t block) {
  blocks_.release(block);
  used_.set(used_.get() - 1);
}

uint32_t HostProfiles::link(uint32_t block, size_t index) const {
  return half_of(at(block).words[index / 2].get(), index % 2);
}
void HostProfiles::set_link(uint32_t block, size_t index, uint32_t value) {
  Cell<uint64_t>& word = at(block).words[index / 2];
  word.set(with_half(word.get(), index % 2, value));
}

uint32_t HostProfiles::begin(uint32_t host) {
  const uint32_t profile = take();
  if (profile == kNone) return kNone;
  blocks_.part<Owner>(profile).host = host;
  profiles_.add(1);
  return profile;
}

void HostProfiles::end(uint32_t profile) {
  if (profile == kNone) return;
  for (uint32_t part = link(profile, kApplications); part != kNone;) {
    const uint32_t next = link(part, 0);
    give_back(part);
    part = next;
  }
  if (const uint32_t tcp = link(profile, kTcp); tcp != kNone) give_back(tcp);
  for (size_t i = 0; i < kHostSets; ++i) release_set(link(profile, kSets + i));
  blocks_.part<Owner>(profile).host = 0;
  give_back(profile);
  profiles_.set(profiles_.get() - 1);
}

bool HostProfiles::has_applications(uint32_t profile) const {
  return profile != kNone && link(profile, kApplications) != kNone;
}

uint32_t HostProfiles::find_part(uint32_t profile, uint16_t application, size_t& parts) {
  uint32_t before = kNone;
  for (uint32_t part = link(profile, kApplications); part != kNone; part = link(part, 0)) {
    if (link(part, 1) == application) {
      if (before == kNone) return part;
      set_link(before, 0, link(part, 0));
      set_link(part, 0, link(profile, kApplications));
      set_link(profile, kApplications, part);
      return part;
    }
    before = part;
    ++parts;
  }
  return kNone;
}

bool HostProfiles::add_application(uint32_t profile, const ApplicationPart& added) {
  size_t parts = 0;
  uint32_t part = find_part(profile, added.application, parts);
  if (part == kNone && parts + 1 >= kMostApplications && added.application != kOtherApplications) {
    ApplicationPart other = added;
    other.application = kOtherApplications;
    return add_application(profile, other);
  }
  if (part == kNone) {
    part = take();
    if (part == kNone) return false;
    set_link(part, 0, link(profile, kApplications));
    set_link(part, 1, added.application);
    set_link(profile, kApplications, part);
  }
  auto& words = at(part).words;
  words[kFlows].add(added.flows);
  words[kTraffic].add(added.sent.packets);
  words[kTraffic + 1].add(added.sent.bytes);
  words[kTraffic + 2].add(added.received.packets);
  words[kTraffic + 3].add(added.received.bytes);
  return true;
}

bool HostProfiles::add_tcp(uint32_t profile, const TcpQuality& sent, const TcpQuality& received) {
  uint32_t block = link(profile, kTcp);
  if (block == kNone) {
    block = take();
    if (block == kNone) return false;
    set_link(profile, kTcp, block);
  }
  size_t index = 0;
  for (const TcpQuality* quality : {&sent, &received}) {
    for (const uint64_t count : counts_of(*quality)) {
      const uint64_t sum = link(block, index) + count;
      set_link(block, index++, static_cast<uint32_t>(std::min<uint64_t>(sum, UINT32_MAX)));
    }
  }
  return true;
}

void HostProfiles::add_round_trips(uint32_t profile, HostRole role, const RoundTripSum& sum) {
  const auto index = static_cast<size_t>(role);
  at(profile).words[kRoundTrips + index].add(sum.nanoseconds);
  const size_t count = 2 * kRoundTripCounts + index;
  const uint64_t both = link(profile, count) + sum.count;
  set_link(profile, count, static_cast<uint32_t>(std::min<uint64_t>(both, UINT32_MAX)));
}

bool HostProfiles::has_distinct(uint32_t profile, HostSet which, uint32_t hash) const {
  const uint32_t set = link(profile, kSets + static_cast<size_t>(which));
  if (set == kNone) return false;
  if ((set & kIsLarge) == 0) {
    const uint64_t low = hash;
    const uint64_t high = low << 32;
    uint64_t is_there = 0;
    for (const Cell<uint64_t>& word : at(set).words) {
      const uint64_t both = word.get();
      is_there |= static_cast<uint64_t>((both & 0xffffffff) == low) |
                  static_cast<uint64_t>((both & 0xffffffff00000000) == high);
    }
    return is_there != 0;
  }
  const DistinctPlace place = DistinctSet::place_of(hash);
  const Block& piece = at(link(set & ~kIsLarge, place.index / kPieceRegisters));
  const size_t within = place.index % kPieceRegisters;
  return place.rank <= ((piece.words[within / 8].get() >> (within % 8 * 8)) & 0xff);
}

bool HostProfiles::add_distinct(uint32_t profile, HostSet which, uint32_t first, uint32_t hash) {
  const size_t index = kSets + static_cast<size_t>(which);
  uint32_t set = link(profile, index);
  if ((set & kIsLarge) != 0) {
    fill_register(set & ~kIsLarge, hash);
    return true;
  }
  if (set == kNone) {
    set = take();
    if (set == kNone) return false;
    set_link(set, 0, first);
    set_link(profile, index, set);
  }
  return add_few(profile, index, set, hash);
}

bool HostProfiles::add_few(uint32_t profile, size_t link_index, uint32_t set, uint32_t hash) {
  for (size_t i = 0; i < DistinctSet::kMostFew; ++i) {
    const uint32_t known = link(set, i);
    if (known == hash) return true;
    if (known != 0) continue;
    set_link(set, i, hash);
    return true;
  }
  const uint32_t large = spread(set);
  if (large == kNone) return false;
  fill_register(large, hash);
  set_link(profile, link_index, large | kIsLarge);
  give_back(set);
  return true;
}

uint32_t HostProfiles::spread(uint32_t few) {
  const uint32_t large = take();
  if (large == kNone) return kNone;
  for (size_t i = 0; i < kPieces; ++i) {
    const uint32_t piece = take();
    if (piece == kNone) {
      release_set(large | kIsLarge);
      return kNone;
    }
    set_link(large, i, piece);
  }
  for (size_t i = 0; i < DistinctSet::kMostFew; ++i) fill_register(large, link(few, i));
  return large;
}

void HostProfiles::fill_register(uint32_t set, uint32_t hash) {
  const DistinctPlace place = DistinctSet::place_of(hash);
  Block& piece = at(link(set, place.index / kPieceRegisters));
  const size_t within = place.index % kPieceRegisters;
  Cell<uint64_t>& word = piece.words[within / 8];
  const unsigned shift = static_cast<unsigned>(within % 8) * 8;
  if (place.rank <= ((word.get() >> shift) & 0xff)) return;
  word.set((word.get() & ~(uint64_t{0xff} << shift)) | uint64_t{place.rank} << shift);
}

void HostProfiles::release_set(uint32_t set) {
  if (set == kNone) return;
  if ((set & kIsLarge) != 0) {
    set &= ~kIsLarge;
    for (size_t i = 0; i < kPieces; ++i) {
      if (const uint32_t piece = link(set, i); piece != kNone) give_back(piece);
    }
  }
  give_back(set);
}

void HostProfiles::read(uint32_t profile, HostProfile& out) const {
  if (profile == kNone || profile >= blocks_.limit()) return;
  std::array<uint64_t, 8> words;
  for (size_t i = 0; i < words.size(); ++i) words[i] = at(profile).words[i].read();
  const auto link_in = [&](size_t index) { return half_of(words[index / 2], index % 2); };
  read_applications(link_in(kApplications), out);
  read_tcp(link_in(kTcp), out);
  for (size_t i = 0; i < kHostSets; ++i) read_set(link_in(kSets + i), out.sets[i]);
  for (size_t role = 0; role < kHostRoles; ++role) {
    out.round_trips[role].nanoseconds += words[kRoundTrips + role];
    out.round_trips[role].count += link_in(2 * kRoundTripCounts + role);
  }
}

void HostProfiles::read_set(uint32_t profile, HostSet which, DistinctSet& out) const {
  if (profile == kNone || profile >= blocks_.limit()) return;
  const size_t index = kSets + static_cast<size_t>(which);
  read_set(half_of(at(profile).words[index / 2].read(), index % 2), out);
}

void HostProfiles::read_applications(uint32_t first, HostProfile& out) const {
  for (size_t i = 0; i < kMostApplications && first != kNone && first < blocks_.limit(); ++i) {
    const auto& words = at(first).words;
    const uint64_t links = words[0].read();
    out.add_application({static_cast<uint16_t>(half_of(links, 1)),
                         words[kFlows].read(),
                         {words[kTraffic].read(), words[kTraffic + 1].read()},
                         {words[kTraffic + 2].read(), words[kTraffic + 3].read()}});
    first = half_of(links, 0);
  }
}

void HostProfiles::read_tcp(uint32_t block, HostProfile& out) const {
  if (block == kNone || block >= blocks_.limit()) return;
  std::array<uint64_t, kTcpCounts> counts;
  for (size_t i = 0; i < kTcpCounts; ++i) counts[i] = half_of(at(block).words[i / 2].read(), i % 2);
  const auto quality = [&](size_t first) {
    return TcpQuality{counts[first],     counts[first + 1], counts[first + 2], counts[first + 3],
                      counts[first + 4], counts[first + 5], counts[first + 6]};
  };
  out.tcp_sent += quality(0);
  out.tcp_received += quality(kTcpCounts / 2);
}

void HostProfiles::read_set(uint32_t set, DistinctSet& out) const {
  const bool is_large = (set & kIsLarge) != 0;
  set &= ~kIsLarge;
  if (set == kNone || set >= blocks_.limit()) return;
  for (size_t i = 0; i < (is_large ? kPieces : DistinctSet::kMostFew); ++i) {
    const uint32_t entry = half_of(at(set).words[i / 2].read(), i % 2);
    if (!is_large) {
      if (entry != 0) out.add(entry);
      continue;
    }
    if (entry == kNone || entry >= blocks_.limit()) continue;
    for (size_t within = 0; within < kPieceRegisters; ++within) {
      const uint64_t word = at(entry).words[within / 8].read();
      const auto rank = static_cast<uint8_t>(word >> (within % 8 * 8));
      out.raise({i * kPieceRegisters + within, rank});
    }
  }
}

}  // namespace weir
