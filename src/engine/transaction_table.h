// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/cell.h"
#include "base/keyed_hash.h"
#include "base/result.h"
#include "engine/hash_index.h"
#include "engine/memory_budget.h"
#include "engine/reserved_region.h"
#include "net/ip_address.h"
#include "record/latency_histogram.h"
#include "record/time_split.h"
#include "record/transaction.h"
#include "record/transaction_record.h"

namespace weir {

// Who answered a transaction, and in which flow of the shard.
struct TransactionPlace {
  IpAddress server;
  uint16_t server_port = 0;
  uint64_t flow = 0;  // FlowRecord::id
};

// The transactions of a shard summed by protocol and key: counts, the distribution of the response
// times and where they went. Where the key does not name the server (DNS, databases) each server
// has its own sums; HTTP keys and TLS keys with a name have the sums over all servers. Keys are cut
// at kMaxKeyBytes. What the table takes is bounded and taken from the budget while it grows; when
// there is no room the key with the fewest transactions of some (old ones count less) gives way to
// the record `other` of its protocol, so that sums over all records stay exact.
// Owner: shard thread; snapshot(), limit() and the counters by any thread, which never makes the
// owner wait. Cost: some 200 ns a transaction; a key takes about 800 bytes and 64 for each 2.5-fold
// range of response times.
class TransactionTable {
 public:
  static constexpr size_t kMaxKeyBytes = 256;
  static constexpr size_t kMaxProtocolBytes = 16;
  // Protocols with sums of their own; those beyond share the last record `other`.
  static constexpr uint32_t kMaxProtocols = 24;
  // The recent distribution is of the running period and the one before.
  static constexpr uint32_t kPeriodSeconds = 30;

  // At most `max_bytes` out of `budget`; `hash` outlives the table. Errors: no address space, or
  // the budget has no room for the smallest table.
  static Result<std::unique_ptr<TransactionTable>> create(size_t max_bytes, const KeyedHash& hash,
                                                          MemoryBudget& budget);

  // `split` when it is known what the time was spent on; `now`: the second in which packet time
  // stands.
  void add(const Transaction& transaction, const TransactionPlace& place,
           const std::optional<TimeSplit>& split, uint32_t now);

  // Any thread. Records from 0 to limit() - 1 may be in use.
  [[nodiscard]] uint32_t limit() const { return used_.read(); }
  // A consistent copy, its shard left 0; nothing when the record is free or changes too fast.
  // `now`: the second in which the question is asked, for what is recent.
  [[nodiscard]] std::optional<TransactionRecord> snapshot(uint32_t record, uint32_t now) const;
  [[nodiscard]] uint64_t transactions() const { return transactions_.read(); }
  [[nodiscard]] uint64_t keys() const { return keys_.read(); }
  // Keys whose sums went to `other`.
  [[nodiscard]] uint64_t keys_evicted() const { return keys_evicted_.read(); }
  // Transactions with an answer that are in no distribution because there was no memory.
  [[nodiscard]] uint64_t unplaced() const { return unplaced_.read(); }

 private:
  // What the sums are of; all bytes count, so that it can be compared and hashed as bytes.
  struct Identity {
    std::array<char, kMaxProtocolBytes + kMaxKeyBytes> text{};  // the protocol, then the key
    IpAddress server;                                           // zeroes when the key names it
    uint16_t server_port = 0;
    uint16_t key_bytes = 0;
    uint8_t protocol_bytes = 0;
    uint8_t is_one_server = 0;
    std::array<uint8_t, 2> unused{};

    bool operator==(const Identity&) const = default;
    [[nodiscard]] std::string_view protocol() const { return {text.data(), protocol_bytes}; }
    [[nodiscard]] std::string_view key() const {
      return {text.data() + kMaxProtocolBytes, key_bytes};
    }
  };
  struct Server {
    IpAddress address;
    uint16_t port = 0;
  };
  // A part of a distribution: the counts of kPageBuckets buckets side by side.
  static constexpr size_t kPageBuckets = 16;
  static constexpr size_t kPages = LatencyHistogram::kBuckets / kPageBuckets;
  struct alignas(64) Page {
    std::array<Cell<uint32_t>, kPageBuckets> counts;
  };
  // Of pages: 0 where there is none.
  using Distribution = std::array<Cell<uint32_t>, kPages>;
  enum Period : size_t { kAll, kRunning, kBefore, kPeriods };

  struct alignas(64) Record {
    Sequence sequence;
    Cell<uint8_t> is_used;
    Cell<uint8_t> is_other;
    Cell<uint32_t> second;  // of the latest transaction
    Cell<uint32_t> in_second;
    Cell<uint32_t> in_second_before;
    Cell<uint32_t> period;  // number of the running one
    Cell<uint64_t> count;
    Cell<uint64_t> errors;
    Cell<uint64_t> unanswered;
    Cell<uint64_t> total;  // nanoseconds, as the two after it
    Cell<uint64_t> least;
    Cell<uint64_t> most;
    Cell<uint64_t> last_seen;  // Timestamp::order()
    Cell<uint64_t> server_bits;
    Cell<uint64_t> flow;
    Cell<uint64_t> split_count;
    std::array<Cell<uint64_t>, kTimeParts> split;
    std::array<Distribution, kPeriods> times;
    Published<Server> server;
    Published<Identity> identity;
    uint64_t hash;  // the owner's
  };
  static constexpr uint32_t kNone = 0;  // the first record for others is never searched for
  static constexpr uint32_t kRecordChunk = 32;
  static constexpr uint32_t kPageChunk = 256;

  TransactionTable(size_t max_bytes, HashIndex index, ReservedRegion records, ReservedRegion pages,
                   const KeyedHash& hash, MemoryBudget& budget);

  [[nodiscard]] Record& at(uint32_t record) const {
    return reinterpret_cast<Record*>(records_.data())[record];
  }
  [[nodiscard]] Page& page(uint32_t number) const {
    return reinterpret_cast<Page*>(pages_.data())[number];
  }
  [[nodiscard]] static Identity identity_of(const Transaction& transaction,
                                            const TransactionPlace& place);
  [[nodiscard]] uint64_t hash_of(const Identity& identity) const;
  [[nodiscard]] auto hash_of_record() {
    return [this](uint32_t record) { return at(record).hash; };
  }

  // The record of what `identity` is; the one for others when there is no room.
  [[nodiscard]] uint32_t record_for(const Identity& identity);
  [[nodiscard]] uint32_t other_of(std::string_view protocol);
  [[nodiscard]] uint32_t take_record();
  void begin_record(uint32_t record, const Identity& identity, uint64_t hash, bool is_other);
  static void count(Record& own, const Transaction& transaction, const TransactionPlace& place);
  static void count_second(Record& own, uint32_t second);
  static void count_time(Record& own, uint64_t nanoseconds, const std::optional<TimeSplit>& split);
  // Where the time of a transaction that ended in `second` counts as recent; nothing when that is
  // over. Moves the record on to that period.
  [[nodiscard]] std::optional<Period> enter_period(Record& own, uint32_t second);
  // The count of `bucket` in a distribution of the record; null when there is no room for it.
  [[nodiscard]] Cell<uint32_t>* place_for(uint32_t record, Period period, size_t bucket);

  [[nodiscard]] bool take_memory(ReservedRegion& region, size_t bytes);
  // 0 when there is no room, whatever is done; `keep` is not touched to make any.
  [[nodiscard]] uint32_t take_page(uint32_t keep);
  [[nodiscard]] bool open_pages();
  void release_pages(Distribution& pages);
  // Makes room by what is no longer recent.
  void forget_recent(uint32_t keep);
  // The record to give way; kNone when there is none but `keep`.
  [[nodiscard]] uint32_t record_to_evict(uint32_t keep);
  // Sums a record up with those of its protocol's others; kNone as above.
  uint32_t evict(uint32_t keep);
  void merge(Record& into, Record& from);
  void merge_pages(Distribution& into, Distribution& from);

  void read_times(const Distribution& pages, LatencyHistogram& times) const;
  void read_recent(const Record& own, uint32_t now, LatencyHistogram& times) const;

  size_t max_bytes_;
  size_t taken_ = 0;
  HashIndex index_;  // all but the records for others
  ReservedRegion records_;
  ReservedRegion pages_;
  const KeyedHash* hash_;
  MemoryBudget* budget_;
  uint32_t record_limit_ = 0;  // memory is there for so many
  uint32_t page_limit_ = 0;
  std::vector<uint32_t> free_pages_;
  std::vector<uint32_t> spare_records_;  // of keys that gave way to the need for pages
  uint32_t protocols_ = 0;
  uint32_t hand_ = kMaxProtocols;
  uint32_t now_ = 0;  // the latest second of any transaction
  Cell<uint32_t> used_{};
  Cell<uint64_t> transactions_{};
  Cell<uint64_t> keys_{};
  Cell<uint64_t> keys_evicted_{};
  Cell<uint64_t> unplaced_{};
};

}  // namespace weir
