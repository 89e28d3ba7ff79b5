// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/host_facts.h"

#include <algorithm>

namespace weir {
namespace {

constexpr uint32_t kAgeSeconds = 64;
constexpr uint32_t kAgeMask = 0xffffff;
// So many sets are looked at to make room for a text.
constexpr int kMostDrops = 16;

uint32_t age_of_second(uint32_t second) {
  return second / kAgeSeconds & kAgeMask;
}

uint64_t pack(uint32_t text, HostFactKind kind, uint32_t now) {
  return text | static_cast<uint64_t>(kind) << 32 | uint64_t{age_of_second(now)} << 40;
}
uint32_t text_of(uint64_t fact) {
  return static_cast<uint32_t>(fact);
}
HostFactKind kind_of(uint64_t fact) {
  return static_cast<HostFactKind>(fact >> 32 & 0xff);
}
// For how many seconds it was not confirmed; time that jumped back makes it new.
uint32_t silence_of(uint64_t fact, uint32_t now) {
  const uint32_t steps = (age_of_second(now) - static_cast<uint32_t>(fact >> 40)) & kAgeMask;
  return steps > kAgeMask / 2 ? 0 : steps * kAgeSeconds;
}

}  // namespace

Result<std::unique_ptr<HostFacts>> HostFacts::create(size_t max_bytes, const KeyedHash& hash,
                                                     MemoryBudget& budget) {
  const size_t set_count = std::max<size_t>(1, max_bytes / 4 / sizeof(Set));
  auto sets = ReservedRegion::reserve(set_count * sizeof(Set));
  if (!sets) return sets.error();
  auto texts = MetadataStore::create(max_bytes / 4 * 3, hash, budget);
  if (!texts) return texts.error();
  if (!budget.take(set_count * sizeof(Set)) || !sets->commit(set_count * sizeof(Set)))
    return Error{"the memory budget is too small for the names of hosts"};
  return std::unique_ptr<HostFacts>(new HostFacts(std::move(*sets), set_count, std::move(*texts)));
}

HostFacts::Set& HostFacts::set_of(uint64_t host) const {
  __extension__ using Wide = unsigned __int128;
  const auto index = static_cast<size_t>(static_cast<Wide>(host) * set_count_ >> 64);
  return reinterpret_cast<Set*>(sets_.data())[index];
}

void HostFacts::learn(uint64_t host, HostFactKind kind, std::string_view text, uint32_t now) {
  host = shown(host);
  text = text.substr(0, kMaxFactBytes);
  if (text.empty()) return;
  Set& set = set_of(host);
  for (size_t way = 0; way < kWays; ++way) {
    const uint64_t fact = set.facts[way].get();
    if (set.hosts[way].get() != host || kind_of(fact) != kind ||
        !texts_->holds(text_of(fact), text))
      continue;
    const uint64_t fresh = pack(text_of(fact), kind, now);
    if (fresh != fact) put(set, way, host, fresh);
    return;
  }
  const size_t way = way_for(set, host, kind, text, now);
  if (way == kWays) return;
  const uint32_t kept = keep_text(text, now);
  if (kept == MetadataStore::kNone) return refused_.add(1);
  const bool is_free = set.hosts[way].get() == 0;
  const bool is_own = set.hosts[way].get() == host && kind_of(set.facts[way].get()) == kind;
  const uint32_t before = text_of(set.facts[way].get());
  put(set, way, host, pack(kept, kind, now));
  if (is_free) return facts_.add(1);
  evicted_.add(is_own ? 0 : 1);
  texts_->let_go(before);
}

uint32_t HostFacts::keep_text(std::string_view text, uint32_t now) {
  uint32_t kept = texts_->keep(text);
  for (int i = 0; kept == MetadataStore::kNone && i < kMostDrops; ++i) {
    drop_oldest(reinterpret_cast<Set*>(sets_.data())[hand_], now);
    hand_ = (hand_ + 1) % set_count_;
    kept = texts_->keep(text);
  }
  return kept;
}

void HostFacts::drop_oldest(Set& set, uint32_t now) {
  size_t oldest = kWays;
  for (size_t way = 0; way < kWays; ++way) {
    if (set.hosts[way].get() == 0) continue;
    if (oldest == kWays ||
        silence_of(set.facts[way].get(), now) > silence_of(set.facts[oldest].get(), now))
      oldest = way;
  }
  if (oldest == kWays) return;
  const uint32_t text = text_of(set.facts[oldest].get());
  put(set, oldest, 0, 0);
  texts_->let_go(text);
  evicted_.add(1);
  facts_.set(facts_.get() - 1);
}

size_t HostFacts::way_for(const Set& set, uint64_t host, HostFactKind kind, std::string_view text,
                          uint32_t now) const {
  size_t room = kWays;  // free, else the one that was not confirmed for the longest time
  size_t last = kWays;  // of its like
  size_t like = 0;
  std::string last_text;
  const auto silence = [&](size_t way) {
    return set.hosts[way].get() == 0 ? UINT32_MAX : silence_of(set.facts[way].get(), now);
  };
  // Of those that are as old as each other not always the same one.
  const auto start = static_cast<size_t>(evicted_.get() % kWays);
  for (size_t i = 0; i < kWays; ++i) {
    const size_t way = (start + i) % kWays;
    if (room == kWays || silence(way) > silence(room)) room = way;
    const uint64_t fact = set.facts[way].get();
    if (set.hosts[way].get() != host || kind_of(fact) != kind) continue;
    if (silence_of(fact, now) > kLifeSeconds) return way;
    ++like;
    // Nearly always the lengths decide.
    const size_t size = texts_->size_of(text_of(fact));
    if (last != kWays && size < last_text.size()) continue;
    std::string own = texts_->text(text_of(fact));
    if (last != kWays && is_kept_first(own, last_text)) continue;
    last = way;
    last_text = std::move(own);
  }
  if (like < most_facts(kind)) return room;
  return is_kept_first(text, last_text) ? last : kWays;
}

void HostFacts::put(Set& set, size_t way, uint64_t host, uint64_t fact) {
  set.sequence.begin();
  set.hosts[way].set(host);
  set.facts[way].set(fact);
  set.sequence.end();
}

void HostFacts::read(uint64_t host, uint32_t now, std::vector<HostFact>& facts) const {
  // Who collects records, or looks at no payload, learns none.
  if (facts_.read() == 0) return;
  host = shown(host);
  const Set& set = set_of(host);
  // Of most hosts nothing is known, which needs no consistent copy: a fact that stays is in one
  // way.
  const auto is_of_host = [host](const Cell<uint64_t>& way) { return way.read() == host; };
  if (std::none_of(set.hosts.begin(), set.hosts.end(), is_of_host)) return;
  std::vector<HostFact> found;
  const bool ok = copy_consistently(set.sequence, [&] {
    found.clear();
    for (size_t way = 0; way < kWays; ++way) {
      if (set.hosts[way].read() != host) continue;
      const uint64_t fact = set.facts[way].read();
      if (kind_of(fact) >= HostFactKind::kCount || silence_of(fact, now) > kLifeSeconds) continue;
      found.push_back({kind_of(fact), texts_->text(text_of(fact))});
    }
  });
  if (!ok) return;
  for (HostFact& fact : found) add_fact(facts, std::move(fact));
}

}  // namespace weir
