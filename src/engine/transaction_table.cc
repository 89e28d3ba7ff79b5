// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/transaction_table.h"

#include <algorithm>
#include <cstring>

namespace weir {
namespace {

// Of so many keys the one with the fewest transactions gives way, and a key counts half as much for
// each time it was silent so long.
constexpr uint32_t kEvictionChoice = 16;
constexpr uint32_t kHalfLifeSeconds = 64;
constexpr unsigned kMostHalfLives = 63;
// So many keys are looked at for what is no longer recent.
constexpr uint32_t kForgetLooks = 64;
constexpr int kMostEvictions = 4;  // for one page

uint64_t nanoseconds_of(const Transaction& transaction) {
  const int64_t apart = transaction.completed.as_nanoseconds() - transaction.asked.as_nanoseconds();
  return static_cast<uint64_t>(std::max<int64_t>(0, apart));
}

uint64_t server_bit(const IpAddress& address, uint16_t port, const KeyedHash& hash) {
  std::array<uint64_t, 2> words{};
  std::memcpy(words.data(), address.bytes().data(), sizeof(words));
  return uint64_t{1} << (hash.mix(hash.of(words[0], words[1] ^ port)) >> 58);
}

// HTTP keys name the server, TLS keys when the client did.
bool names_server(const Transaction& transaction) {
  return transaction.protocol == "HTTP" ||
         (transaction.protocol == "TLS" && !transaction.key.empty());
}

}  // namespace

Result<std::unique_ptr<TransactionTable>> TransactionTable::create(size_t max_bytes,
                                                                   const KeyedHash& hash,
                                                                   MemoryBudget& budget) {
  auto index = HashIndex::create(max_bytes / sizeof(Record), budget);
  if (!index) return index.error();
  auto records = ReservedRegion::reserve(max_bytes + kRecordChunk * sizeof(Record));
  if (!records) return records.error();
  auto pages = ReservedRegion::reserve(max_bytes + kPageChunk * sizeof(Page));
  if (!pages) return pages.error();
  std::unique_ptr<TransactionTable> table(new TransactionTable(
      max_bytes, std::move(*index), std::move(*records), std::move(*pages), hash, budget));
  static_assert(kRecordChunk > kMaxProtocols);
  if (!table->take_memory(table->records_, kRecordChunk * sizeof(Record)) || !table->open_pages())
    return Error{"the memory budget is too small for a table of transactions"};
  table->record_limit_ = kRecordChunk;
  table->used_.set(kMaxProtocols);
  return table;
}

TransactionTable::TransactionTable(size_t max_bytes, HashIndex index, ReservedRegion records,
                                   ReservedRegion pages, const KeyedHash& hash,
                                   MemoryBudget& budget)
    : max_bytes_(max_bytes),
      index_(std::move(index)),
      records_(std::move(records)),
      pages_(std::move(pages)),
      hash_(&hash),
      budget_(&budget) {}

void TransactionTable::add(const Transaction& transaction, const TransactionPlace& place,
                           const std::optional<TimeSplit>& split, uint32_t now) {
  const uint32_t second = std::min(transaction.completed.seconds, now);
  now_ = std::max(now_, second);
  const uint32_t record = record_for(identity_of(transaction, place));
  Record& own = at(record);
  const auto recent = enter_period(own, second);
  Cell<uint32_t>* all = nullptr;
  Cell<uint32_t>* lately = nullptr;
  const uint64_t time = nanoseconds_of(transaction);
  if (transaction.has_answer) {
    const size_t bucket = LatencyHistogram::bucket_of(time);
    all = place_for(record, kAll, bucket);
    if (recent) lately = place_for(record, *recent, bucket);
    if (all == nullptr) unplaced_.add(1);
  }
  own.sequence.begin();
  count(own, transaction, place);
  own.server_bits.set(own.server_bits.get() | server_bit(place.server, place.server_port, *hash_));
  count_second(own, second);
  if (transaction.has_answer) count_time(own, time, split);
  if (all != nullptr) all->add(1);
  if (lately != nullptr) lately->add(1);
  own.sequence.end();
  transactions_.add(1);
}

void TransactionTable::count(Record& own, const Transaction& transaction,
                             const TransactionPlace& place) {
  own.count.add(1);
  own.errors.add(transaction.is_error ? 1 : 0);
  own.unanswered.add(transaction.has_answer ? 0 : 1);
  if (transaction.completed.order() < own.last_seen.get()) return;
  own.last_seen.set(transaction.completed.order());
  own.server.set({place.server, place.server_port});
  own.flow.set(place.flow);
}

void TransactionTable::count_second(Record& own, uint32_t second) {
  const uint32_t before = own.second.get();
  if (second < before) return;  // late
  if (second > before) {
    own.in_second_before.set(second == before + 1 ? own.in_second.get() : 0);
    own.in_second.set(0);
    own.second.set(second);
  }
  own.in_second.add(1);
}

void TransactionTable::count_time(Record& own, uint64_t nanoseconds,
                                  const std::optional<TimeSplit>& split) {
  own.total.add(nanoseconds);
  own.least.set(std::min(own.least.get(), nanoseconds));
  own.most.set(std::max(own.most.get(), nanoseconds));
  if (!split) return;
  own.split_count.add(1);
  for (size_t i = 0; i < kTimeParts; ++i) own.split[i].add(split->spent[i]);
}

TransactionTable::Identity TransactionTable::identity_of(const Transaction& transaction,
                                                         const TransactionPlace& place) {
  Identity identity;
  const std::string_view protocol = transaction.protocol.substr(0, kMaxProtocolBytes);
  const std::string_view key = transaction.key.substr(0, kMaxKeyBytes);
  // copy() and not memcpy(): one that is empty may point nowhere.
  protocol.copy(identity.text.data(), protocol.size());
  key.copy(identity.text.data() + kMaxProtocolBytes, key.size());
  identity.protocol_bytes = static_cast<uint8_t>(protocol.size());
  identity.key_bytes = static_cast<uint16_t>(key.size());
  if (names_server(transaction)) return identity;
  identity.is_one_server = 1;
  identity.server = place.server;
  identity.server_port = place.server_port;
  return identity;
}

uint64_t TransactionTable::hash_of(const Identity& identity) const {
  static_assert(kMaxProtocolBytes % sizeof(uint64_t) == 0);
  std::array<uint64_t, (kMaxProtocolBytes + kMaxKeyBytes) / sizeof(uint64_t) + 3> words{};
  // Behind the key all is zero.
  const size_t text =
      (kMaxProtocolBytes + identity.key_bytes + sizeof(uint64_t) - 1) / sizeof(uint64_t);
  std::memcpy(words.data(), identity.text.data(), text * sizeof(uint64_t));
  std::memcpy(words.data() + text, identity.server.bytes().data(), sizeof(IpAddress));
  words[text + 2] = uint64_t{identity.server_port} << 32 | uint64_t{identity.key_bytes} << 16 |
                    uint64_t{identity.protocol_bytes} << 8 | identity.is_one_server;
  return hash_->of(words.data(), text + 3);
}

uint32_t TransactionTable::record_for(const Identity& identity) {
  const uint64_t hash = hash_of(identity);
  const uint32_t known = index_.find(hash, [&](uint32_t record) {
    return at(record).hash == hash && at(record).identity.owned() == identity;
  });
  if (known != HashIndex::kNone) return known;
  const uint32_t record = take_record();
  if (record == kNone) return other_of(identity.protocol());
  if (!index_.insert(hash, record, hash_of_record())) {
    spare_records_.push_back(record);
    return other_of(identity.protocol());
  }
  begin_record(record, identity, hash, false);
  keys_.add(1);
  return record;
}

uint32_t TransactionTable::other_of(std::string_view protocol) {
  for (uint32_t record = 0; record < protocols_; ++record) {
    if (at(record).identity.owned().protocol() == protocol) return record;
  }
  if (protocols_ == kMaxProtocols) return kMaxProtocols - 1;
  Identity identity;
  const bool is_last = protocols_ + 1 == kMaxProtocols;
  const std::string_view name = is_last ? "other" : protocol;
  std::memcpy(identity.text.data(), name.data(), name.size());
  identity.protocol_bytes = static_cast<uint8_t>(name.size());
  begin_record(protocols_, identity, 0, true);
  return protocols_++;
}

uint32_t TransactionTable::take_record() {
  if (!spare_records_.empty()) {
    const uint32_t spare = spare_records_.back();
    spare_records_.pop_back();
    return spare;
  }
  const uint32_t next = used_.get();
  const size_t chunk = kRecordChunk * sizeof(Record);
  // The other half is for distributions.
  if (next == record_limit_ && records_.committed() + chunk <= max_bytes_ / 2 &&
      take_memory(records_, records_.committed() + chunk))
    record_limit_ += kRecordChunk;
  if (next == record_limit_) return evict(kNone);
  used_.set(next + 1);
  return next;
}

void TransactionTable::begin_record(uint32_t record, const Identity& identity, uint64_t hash,
                                    bool is_other) {
  Record& own = at(record);
  own.sequence.begin();
  own.identity.set(identity);
  own.server.set({});
  for (Cell<uint32_t>* cell : {&own.second, &own.in_second, &own.in_second_before}) cell->set(0);
  for (Cell<uint64_t>* cell : {&own.count, &own.errors, &own.unanswered, &own.total, &own.most,
                               &own.last_seen, &own.server_bits, &own.flow, &own.split_count})
    cell->set(0);
  for (Cell<uint64_t>& part : own.split) part.set(0);
  own.least.set(UINT64_MAX);
  own.period.set(now_ / kPeriodSeconds);
  own.hash = hash;
  own.is_other.set(is_other ? 1 : 0);
  own.is_used.set(1);
  own.sequence.end();
}

std::optional<TransactionTable::Period> TransactionTable::enter_period(Record& own,
                                                                       uint32_t second) {
  const uint32_t period = second / kPeriodSeconds;
  const uint32_t running = own.period.get();
  if (period == running) return kRunning;
  if (period < running) return period + 1 == running ? std::optional(kBefore) : std::nullopt;
  own.sequence.begin();
  release_pages(own.times[kBefore]);
  for (size_t i = 0; i < kPages && period == running + 1; ++i) {
    own.times[kBefore][i].set(own.times[kRunning][i].get());
    own.times[kRunning][i].set(0);
  }
  release_pages(own.times[kRunning]);
  own.period.set(period);
  own.sequence.end();
  return kRunning;
}

Cell<uint32_t>* TransactionTable::place_for(uint32_t record, Period period, size_t bucket) {
  Cell<uint32_t>& number = at(record).times[period][bucket / kPageBuckets];
  if (number.get() == 0) {
    const uint32_t fresh = take_page(record);
    if (fresh == 0) return nullptr;
    Record& own = at(record);
    own.sequence.begin();
    number.set(fresh);
    own.sequence.end();
  }
  return &page(number.get()).counts[bucket % kPageBuckets];
}

bool TransactionTable::take_memory(ReservedRegion& region, size_t bytes) {
  const size_t more = bytes - region.committed();
  if (taken_ + more > max_bytes_ || !budget_->take(more)) return false;
  if (!region.commit(bytes)) {
    budget_->give_back(more);
    return false;
  }
  taken_ += more;
  return true;
}

bool TransactionTable::open_pages() {
  const size_t chunk = kPageChunk * sizeof(Page);
  if (!take_memory(pages_, pages_.committed() + chunk)) return false;
  // Page 0 stands for none.
  for (uint32_t number = page_limit_ + kPageChunk; number > std::max(1U, page_limit_); --number)
    free_pages_.push_back(number - 1);
  page_limit_ += kPageChunk;
  return true;
}

uint32_t TransactionTable::take_page(uint32_t keep) {
  if (free_pages_.empty() && !open_pages()) {
    forget_recent(keep);
    for (int i = 0; i < kMostEvictions && free_pages_.empty(); ++i) {
      const uint32_t gone = evict(keep);
      if (gone == kNone) break;
      spare_records_.push_back(gone);
    }
  }
  if (free_pages_.empty()) return 0;
  const uint32_t number = free_pages_.back();
  free_pages_.pop_back();
  for (Cell<uint32_t>& count : page(number).counts) count.set(0);
  return number;
}

void TransactionTable::release_pages(Distribution& pages) {
  for (Cell<uint32_t>& number : pages) {
    if (number.get() != 0) free_pages_.push_back(number.get());
    number.set(0);
  }
}

void TransactionTable::forget_recent(uint32_t keep) {
  const uint32_t used = used_.get();
  for (uint32_t look = 0; look < std::min(kForgetLooks, used); ++look) {
    hand_ = hand_ + 1 < used ? hand_ + 1 : 0;
    Record& own = at(hand_);
    if (hand_ != keep && own.is_used.get() != 0) (void)enter_period(own, now_);
  }
}

uint32_t TransactionTable::record_to_evict(uint32_t keep) {
  uint32_t victim = kNone;
  uint64_t least = UINT64_MAX;
  const uint32_t used = used_.get();
  const uint32_t looks = std::min(kEvictionChoice, used - kMaxProtocols);
  for (uint32_t look = 0; look < looks; ++look) {
    hand_ = hand_ + 1 < used ? std::max(hand_ + 1, kMaxProtocols) : kMaxProtocols;
    const Record& own = at(hand_);
    if (hand_ == keep || own.is_used.get() == 0) continue;
    const uint32_t half_lives = (now_ - std::min(now_, own.second.get())) / kHalfLifeSeconds;
    const uint64_t weight = own.count.get() >> std::min(half_lives, kMostHalfLives);
    if (weight >= least) continue;
    least = weight;
    victim = hand_;
  }
  return victim;
}

uint32_t TransactionTable::evict(uint32_t keep) {
  const uint32_t victim = record_to_evict(keep);
  if (victim == kNone) return kNone;
  Record& gone = at(victim);
  Record& other = at(other_of(gone.identity.owned().protocol()));
  index_.erase(gone.hash, victim, hash_of_record());
  for (Record* record : {&gone, &other}) (void)enter_period(*record, now_);
  other.sequence.begin();
  gone.sequence.begin();
  merge(other, gone);
  gone.is_used.set(0);
  gone.sequence.end();
  other.sequence.end();
  keys_evicted_.add(1);
  keys_.set(keys_.get() - 1);
  return victim;
}

void TransactionTable::merge(Record& into, Record& from) {
  for (const auto sum :
       {&Record::count, &Record::errors, &Record::unanswered, &Record::total, &Record::split_count})
    (into.*sum).add((from.*sum).get());
  for (size_t i = 0; i < kTimeParts; ++i) into.split[i].add(from.split[i].get());
  into.least.set(std::min(into.least.get(), from.least.get()));
  into.most.set(std::max(into.most.get(), from.most.get()));
  into.server_bits.set(into.server_bits.get() | from.server_bits.get());
  if (from.last_seen.get() > into.last_seen.get()) {
    into.last_seen.set(from.last_seen.get());
    into.server.set(from.server.owned());
    into.flow.set(from.flow.get());
  }
  for (size_t i = 0; i < kPeriods; ++i) merge_pages(into.times[i], from.times[i]);
}

void TransactionTable::merge_pages(Distribution& into, Distribution& from) {
  for (size_t i = 0; i < kPages; ++i) {
    const uint32_t number = from[i].get();
    if (number == 0) continue;
    from[i].set(0);
    if (into[i].get() == 0) {
      into[i].set(number);
      continue;
    }
    Page& sum = page(into[i].get());
    for (size_t bucket = 0; bucket < kPageBuckets; ++bucket)
      sum.counts[bucket].add(page(number).counts[bucket].get());
    free_pages_.push_back(number);
  }
}

void TransactionTable::read_times(const Distribution& pages, LatencyHistogram& times) const {
  for (size_t i = 0; i < kPages; ++i) {
    const uint32_t number = pages[i].read();
    if (number == 0) continue;
    const Page& counts = page(number);
    for (size_t bucket = 0; bucket < kPageBuckets; ++bucket)
      times.add(i * kPageBuckets + bucket, counts.counts[bucket].read());
  }
}

void TransactionTable::read_recent(const Record& own, uint32_t now, LatencyHistogram& times) const {
  const uint32_t running = own.period.read();
  const uint32_t period = now / kPeriodSeconds;
  if (running + 1 >= period) read_times(own.times[kRunning], times);
  if (running >= period) read_times(own.times[kBefore], times);
}

std::optional<TransactionRecord> TransactionTable::snapshot(uint32_t record, uint32_t now) const {
  const Record& own = at(record);
  TransactionRecord copy;
  Identity identity;
  bool is_used = false;
  const bool ok = copy_consistently(own.sequence, [&] {
    copy = {};
    is_used = own.is_used.read() != 0;
    if (!is_used) return;
    identity = own.identity.read();
    const Server server = own.server.read();
    copy.server = server.address;
    copy.server_port = server.port;
    copy.is_other = own.is_other.read() != 0;
    copy.flow = own.flow.read();
    copy.last_seen = Timestamp::from_order(own.last_seen.read());
    copy.count = own.count.read();
    copy.errors = own.errors.read();
    copy.unanswered = own.unanswered.read();
    const uint32_t second = own.second.read();
    if (now == second) copy.per_second = own.in_second_before.read();
    if (now == second + 1) copy.per_second = own.in_second.read();
    copy.server_bits = own.server_bits.read();
    copy.total_ns = own.total.read();
    copy.min_ns = own.least.read();
    copy.max_ns = own.most.read();
    copy.split_count = own.split_count.read();
    for (size_t i = 0; i < kTimeParts; ++i) copy.split.spent[i] = own.split[i].read();
    read_times(own.times[kAll], copy.all);
    read_recent(own, now, copy.recent);
  });
  if (!ok || !is_used || copy.count == 0) return std::nullopt;
  copy.protocol = identity.protocol();
  copy.key = identity.key();
  copy.is_one_server = identity.is_one_server != 0;
  return copy;
}

}  // namespace weir
