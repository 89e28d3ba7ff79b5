// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/cell.h"
#include "base/result.h"
#include "engine/reserved_region.h"
#include "engine/shard_counters.h"
#include "record/host_record.h"

namespace weir {

// The heaviest of the hosts that gave way to the memory budget, in memory of a fixed size: a
// weighted space-saving sketch (Metwally et al. 2005) in sets of eight. A host that comes back is
// taken out of it with its totals, so a host's bytes are what is certain, and what the sketch had
// to forget of it is bounded by bytes_error:
//   bytes <= truth <= bytes + bytes_error.
// Each set keeps as its floor the most that any host it let go of can have had; a host the set does
// not know gets the floor as its error. Floors are forgotten like the hosts themselves: nothing of
// a host that was silent for longer than the host timeout counts to its next life, so after two
// timeouts without pressure new hosts are exact again.
// Owner: shard thread; what is said to be for any thread never makes it wait. Cost: a call touches
// two lines of a set and one record.
class HostTail {
 public:
  static constexpr size_t kWays = 8;
  // Silence that begins a new life never comes.
  static constexpr std::chrono::seconds kNever{UINT32_MAX};

  // A tail of at most `bytes`, at least one set. Error: no address space.
  static Result<std::unique_ptr<HostTail>> create(size_t bytes, std::chrono::seconds host_timeout);

  [[nodiscard]] size_t memory_bytes() const { return entries_.committed() + sets_.committed(); }

  // Takes in a host whose record is given up. `hash` is hash_host() of its key; `now`, here and
  // below, the second in which packet time stands. True when one gave way for it or it found no
  // room itself: `gone`, where it is not null, is that one. REQUIRES: it is not in the tail.
  bool remember(const HostRecord& record, uint64_t hash, uint32_t now, HostRecord* gone = nullptr);
  // Adds traffic of a host that never had a record; bytes_error of `part` is 0.
  bool remember_part(const HostRecord& part, uint64_t hash, uint32_t now,
                     HostRecord* gone = nullptr);
  // Takes a host out of the tail, for its new record: totals, first_seen and bytes_error. No totals
  // and a last_seen of zero when it is not known.
  [[nodiscard]] HostRecord recall(const HostKey& key, uint64_t hash, uint32_t now) {
    return take_out(key, hash, now, false);
  }
  // The same, also of a host whose life is over: where nothing is forgotten, none begins anew.
  [[nodiscard]] HostRecord recall_any(const HostKey& key, uint64_t hash, uint32_t now) {
    return take_out(key, hash, now, true);
  }

  // Any thread. Entries from 0 to limit() - 1 may hold hosts; those whose life is over do not show.
  [[nodiscard]] size_t limit() const { return set_count_ * kWays; }
  [[nodiscard]] std::optional<HostRecord> snapshot(size_t entry, uint32_t now) const;
  // The same, also of one whose life is over.
  [[nodiscard]] std::optional<HostRecord> any_snapshot(size_t entry) const;
  // Any thread: the most bytes that a host which is neither in the table nor in the tail can have
  // had.
  [[nodiscard]] uint64_t floor(uint64_t hash, uint32_t now) const {
    return floor_of_set(set_of(hash), now);
  }
  [[nodiscard]] size_t sets() const { return set_count_; }
  [[nodiscard]] uint64_t floor_of_set(size_t index, uint32_t now) const;
  // Any thread: whether any host was ever remembered; false means that floors are 0 and no entry is
  // used.
  [[nodiscard]] bool was_used() const { return was_used_.read() != 0; }
  [[nodiscard]] uint64_t hosts() const { return hosts_.read(); }
  // What the hosts in the tail sent and received together: twice what crossed the wire where both
  // ends are in it.
  [[nodiscard]] uint64_t bytes() const { return bytes_.read(); }
  // Hosts of which only their part of the totals is left.
  [[nodiscard]] uint64_t hosts_dropped() const { return hosts_dropped_.read(); }

 private:
  struct Past {
    HostKey key;
    MacAddress mac;
    Timestamp first_seen;
    Timestamp last_seen;
    std::array<Traffic, kProtocolClasses> sent;
    std::array<Traffic, kProtocolClasses> received;
    uint64_t bytes_error;
  };
  struct Entry {
    Sequence sequence;
    Cell<uint8_t> is_used;
    Published<Past> past;
  };
  // What the owner looks through, apart from the records. `weight`: upper bound of the entry's
  // bytes and one; 0: it is free.
  struct alignas(64) Set {
    std::array<uint64_t, kWays> hash;
    std::array<uint64_t, kWays> weight;
    std::array<uint32_t, kWays> last_second;
    Sequence floors_sequence;     // of the three below
    Cell<uint64_t> floor;         // of the running epoch
    Cell<uint64_t> floor_before;  // of the epoch before
    Cell<uint32_t> epoch;
  };

  HostTail(ReservedRegion sets, ReservedRegion entries, size_t set_count,
           std::chrono::seconds host_timeout)
      : sets_(std::move(sets)),
        entries_(std::move(entries)),
        set_count_(set_count),
        host_timeout_(host_timeout) {}

  [[nodiscard]] size_t set_of(uint64_t hash) const;
  [[nodiscard]] Set& set(size_t index) const { return reinterpret_cast<Set*>(sets_.data())[index]; }
  [[nodiscard]] Entry& entry(size_t index) const {
    return reinterpret_cast<Entry*>(entries_.data())[index];
  }
  [[nodiscard]] uint32_t epoch_of(uint32_t second) const;
  void move_to_epoch(Set& set, uint32_t now) const;
  static void raise_floor(Set& set, uint64_t bytes);
  [[nodiscard]] bool is_over(uint32_t last_second, uint32_t now) const;
  // The way in which the next host of the set finds room: a free one, one whose life is over, else
  // the lightest.
  [[nodiscard]] size_t way_to_give(const Set& set, uint32_t now) const;
  [[nodiscard]] HostRecord take_out(const HostKey& key, uint64_t hash, uint32_t now,
                                    bool also_after_its_life);
  [[nodiscard]] static HostRecord record_of(const Past& past);
  void fill(size_t index, size_t way, const HostRecord& record, uint64_t hash, uint64_t weight);
  void free(size_t index, size_t way);

  ReservedRegion sets_;
  ReservedRegion entries_;
  size_t set_count_;
  std::chrono::seconds host_timeout_;
  Cell<uint8_t> was_used_{};
  Cell<uint64_t> hosts_{};
  Cell<uint64_t> bytes_{};
  Cell<uint64_t> hosts_dropped_{};
};

}  // namespace weir
