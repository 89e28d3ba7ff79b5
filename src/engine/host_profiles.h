// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "base/cell.h"
#include "base/result.h"
#include "engine/memory_budget.h"
#include "engine/slab.h"
#include "record/host_profile.h"

namespace weir {

// What is known of those hosts of a HostTable of which there is more to say than a few counters:
// sums of their ended flows by application, what happened to their TCP, how many peers and ports
// they had. A profile and its parts are 64-byte blocks of one bounded pool: 1 for a profile, 1 for
// each application, 1 for TCP, 1 for a set of at most 16, 9 for a larger one. What finds no room is
// told to the caller, who lets another profile go.
// Owner: shard thread. read() and the counters by any thread; what read() finds belongs together
// only under the Sequence of the host that has the profile. Cost: a line or two a call.
class HostProfiles {
 public:
  static constexpr uint32_t kNone = 0;
  // What a block takes.
  static constexpr size_t kBlockBytes = 68;
  // The parts by application that a host may have; further ones are in kOtherApplications.
  static constexpr size_t kMostApplications = 64;

  // At most `max_bytes`, taken from `budget` a chunk of 4,096 blocks at a time; `feeder` as for
  // ReservedRegion. Error: no address space.
  static Result<std::unique_ptr<HostProfiles>> create(size_t max_bytes, MemoryBudget& budget,
                                                      PageFeeder* feeder = nullptr);

  // An empty profile of the host in slot `host`, which is not 0; kNone when there is no room.
  [[nodiscard]] uint32_t begin(uint32_t host);
  // kNone is no profile, and is let go of without effect.
  void end(uint32_t profile);

  // These say false, and nothing was done, when there is no room. REQUIRES: begin() gave `profile`.
  [[nodiscard]] bool add_application(uint32_t profile, const ApplicationPart& part);
  [[nodiscard]] bool add_tcp(uint32_t profile, const TcpQuality& sent, const TcpQuality& received);
  // Whether adding the hash would change nothing.
  [[nodiscard]] bool has_distinct(uint32_t profile, HostSet which, uint32_t hash) const;
  // `first`: what an empty set begins with. REQUIRES: no hash is 0.
  [[nodiscard]] bool add_distinct(uint32_t profile, HostSet which, uint32_t first, uint32_t hash);
  void add_round_trips(uint32_t profile, HostRole role, const RoundTripSum& sum);

  [[nodiscard]] bool has_applications(uint32_t profile) const;

  // For whoever looks for a profile to let go of: the first block in use at or after `block`,
  // SlotAllocator::kNone when there is none, and whose profile it is, 0: it is none.
  [[nodiscard]] uint32_t next_block(uint32_t block) const { return blocks_.next_live(block); }
  [[nodiscard]] uint32_t host_of(uint32_t block) const { return blocks_.part<Owner>(block).host; }

  // Any thread. Adds what the profile says to `out`; a torn read is bounded and without meaning.
  void read(uint32_t profile, HostProfile& out) const;
  // The same of one of its sets.
  void read_set(uint32_t profile, HostSet which, DistinctSet& out) const;
  void prefetch(uint32_t profile) const {
    if (profile != kNone && profile < blocks_.limit()) __builtin_prefetch(&at(profile));
  }
  [[nodiscard]] uint64_t profiles() const { return profiles_.read(); }
  [[nodiscard]] uint64_t blocks() const { return used_.read(); }

 private:
  // One of four: a profile, a part by application, counts of TCP, a set or a piece of one.
  struct alignas(64) Block {
    std::array<Cell<uint64_t>, 8> words;
  };
  static_assert(sizeof(Block) == 64);
  struct Owner {
    uint32_t host;  // of a profile
  };
  using Blocks = Slab<Block, Owner>;
  static_assert(sizeof(Block) + sizeof(Owner) == kBlockBytes);

  HostProfiles(Blocks::Arrays blocks, uint32_t max_blocks, MemoryBudget& budget)
      : blocks_(std::move(blocks), max_blocks, budget) {}

  [[nodiscard]] Block& at(uint32_t block) { return blocks_.part<Block>(block); }
  [[nodiscard]] const Block& at(uint32_t block) const { return blocks_.part<Block>(block); }
  // A block of zeros; kNone when there is no room.
  [[nodiscard]] uint32_t take();
  void give_back(uint32_t block);
  // Where a profile keeps the number of a part of it.
  [[nodiscard]] uint32_t link(uint32_t block, size_t index) const;
  void set_link(uint32_t block, size_t index, uint32_t value);

  // The part of an application, put first so that it is found at once the next time; kNone when
  // there is none.
  [[nodiscard]] uint32_t find_part(uint32_t profile, uint16_t application, size_t& parts);
  void fill_register(uint32_t set, uint32_t hash);
  [[nodiscard]] bool add_few(uint32_t profile, size_t link_index, uint32_t set, uint32_t hash);
  // Makes a large set of a small one.
  [[nodiscard]] uint32_t spread(uint32_t few);
  void release_set(uint32_t set);
  void read_set(uint32_t set, DistinctSet& out) const;
  void read_applications(uint32_t first, HostProfile& out) const;
  void read_tcp(uint32_t block, HostProfile& out) const;

  Blocks blocks_;
  Cell<uint64_t> profiles_{};
  Cell<uint64_t> used_{};
};

}  // namespace weir
