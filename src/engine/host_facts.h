// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/cell.h"
#include "base/keyed_hash.h"
#include "base/result.h"
#include "engine/memory_budget.h"
#include "engine/metadata_store.h"
#include "engine/reserved_region.h"
#include "record/host_facts.h"

namespace weir {

// Names of hosts and what hints at their operating systems, as a shard learnt them, whether it has
// seen the hosts or not: the answer of a name server comes before the connection, and to another
// shard. Hosts are told by hash_host() of their keys, whose 64 keyed bits nobody makes collide.
// Sets of fifteen facts in memory of a fixed size, in which the one that was not confirmed for the
// longest time gives way; each distinct text is kept once, and what finds no room is counted. A
// fact is forgotten a day after it was last learnt. Owner: shard thread; read() and the counters by
// any thread. Cost: four lines of a set, and those of the texts of the host.
class HostFacts {
 public:
  static constexpr size_t kWays = 15;
  static constexpr uint32_t kLifeSeconds = 86'400;

  // At most about `max_bytes`, three quarters of them for texts; `hash` outlives it. Errors: no
  // address space, or the budget has no room for the sets.
  static Result<std::unique_ptr<HostFacts>> create(size_t max_bytes, const KeyedHash& hash,
                                                   MemoryBudget& budget);

  // `now`: the second in which packet time stands.
  void learn(uint64_t host, HostFactKind kind, std::string_view text, uint32_t now);

  // Any thread: adds what is known of the host.
  void read(uint64_t host, uint32_t now, std::vector<HostFact>& facts) const;
  // The lines that read() finds nothing in of most hosts.
  void prefetch(uint64_t host) const {
    if (facts() == 0) return;
    const Set& set = set_of(shown(host));
    __builtin_prefetch(&set.sequence);
    __builtin_prefetch(&set.hosts.back());
  }
  [[nodiscard]] uint64_t facts() const { return facts_.read(); }
  // Facts that gave way to others, and those for which there was no room.
  [[nodiscard]] uint64_t evicted() const { return evicted_.read(); }
  [[nodiscard]] uint64_t refused() const { return refused_.read(); }

 private:
  // `facts`: text | kind << 32 | age << 40; the age in steps of kAgeSeconds.
  struct alignas(64) Set {
    Sequence sequence;
    std::array<Cell<uint64_t>, kWays> hosts;  // 0: the way is free
    std::array<Cell<uint64_t>, kWays> facts;
  };
  static_assert(sizeof(Set) == 256);

  HostFacts(ReservedRegion sets, size_t set_count, std::unique_ptr<MetadataStore> texts)
      : sets_(std::move(sets)), set_count_(set_count), texts_(std::move(texts)) {}

  [[nodiscard]] Set& set_of(uint64_t host) const;
  // No host is 0, which is a free way.
  [[nodiscard]] static uint64_t shown(uint64_t host) { return host == 0 ? 1 : host; }
  // Where a fact goes that is not there yet; kWays when its like are all kept rather than it.
  [[nodiscard]] size_t way_for(const Set& set, uint64_t host, HostFactKind kind,
                               std::string_view text, uint32_t now) const;
  void put(Set& set, size_t way, uint64_t host, uint64_t fact);
  // Lets the least confirmed fact of the next few sets go until there is room for the text; its
  // handle, or none.
  [[nodiscard]] uint32_t keep_text(std::string_view text, uint32_t now);
  void drop_oldest(Set& set, uint32_t now);

  ReservedRegion sets_;
  size_t set_count_;
  std::unique_ptr<MetadataStore> texts_;
  size_t hand_ = 0;
  Cell<uint64_t> facts_{};
  Cell<uint64_t> evicted_{};
  Cell<uint64_t> refused_{};
};

}  // namespace weir
