// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/merged_hosts.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "query/scan.h"

namespace weir {
namespace {

// Where a part of a host is. In the order of `part` the table of a shard comes before its tail.
struct PartPlace {
  HostKey key;
  uint16_t part = 0;  // twice the shard, 1 more for its tail
  uint32_t slot = 0;  // of the table or the tail

  auto operator<=>(const PartPlace&) const = default;
};
static_assert(sizeof(PartPlace) == kMergeBytesPerHost);

// In no order. Calls visit(PartPlace).
template <typename Visit>
void visit_places(const Interface& interface, Visit&& visit) {
  const auto& shards = interface.shards();
  for (size_t i = 0; i < shards.size(); ++i) {
    const Shard& shard = *shards[i];
    const auto part = static_cast<uint16_t>(2 * i);
    shard.hosts().visit_live([&](uint32_t slot) {
      if (const auto key = shard.hosts().key(slot)) visit(PartPlace{*key, part, slot});
    });
    visit_tail_entries(shard, [&](const HostRecord& host, uint32_t entry) {
      visit(PartPlace{host.key, static_cast<uint16_t>(part + 1), entry});
    });
  }
}

// In order.
std::vector<PartPlace> places_of(const Interface& interface) {
  size_t count = 0;
  for (const auto& shard : interface.shards())
    count += shard->hosts().live() + shard->tail().hosts();
  std::vector<PartPlace> places;
  places.reserve(count + count / 64);  // hosts come while these are looked at
  visit_places(interface, [&](const PartPlace& place) { places.push_back(place); });
  std::sort(places.begin(), places.end());
  return places;
}

std::optional<HostRecord> record_at(const Interface& interface, const PartPlace& place,
                                    HostDetail detail) {
  const Shard& shard = *interface.shards()[place.part / 2];
  std::optional<HostRecord> host;
  if (place.part % 2 == 0) {
    host = part_of_host(shard, place.slot, detail);
  } else {
    host = shard.tail().snapshot(place.slot, shard.clock_second());
    if (host && detail == HostDetail::kAll) host = with_profile(*std::move(host));
  }
  // Another host may have moved in meanwhile.
  if (host && host->key != place.key) host.reset();
  return host;
}

// The parts of one host put together; nothing when it went meanwhile.
class Sum {
 public:
  Sum(const Interface& interface, HostDetail detail) : interface_(interface), detail_(detail) {}

  // Parts come in the order of their shards.
  void add(const PartPlace& place) {
    const size_t shard = place.part / 2;
    // On its way between table and tail it may show in both.
    if (shard < next_shard_) return;
    const auto part = record_at(interface_, place, detail_);
    if (!part) return;
    add_unknown(place.key, shard);
    next_shard_ = shard + 1;
    if (host_) {
      add_part(*host_, *part);
    } else {
      host_ = part;
    }
  }
  [[nodiscard]] std::optional<HostRecord> take(const HostKey& key) {
    add_unknown(key, interface_.shards().size());
    if (host_) host_->bytes_error += unknown_bytes_;
    if (host_ && detail_ == HostDetail::kAll) {
      for (const auto& shard : interface_.shards()) shard->add_facts(key, host_->profile.facts);
    }
    return host_;
  }

 private:
  // What it may have had in the shards before `end` that do not know it any more.
  void add_unknown(const HostKey& key, size_t end) {
    for (; next_shard_ < end; ++next_shard_) {
      const Shard& shard = *interface_.shards()[next_shard_];
      if (shard.tail().was_used()) unknown_bytes_ += shard.forgotten_bytes(key);
    }
  }

  const Interface& interface_;
  HostDetail detail_;
  std::optional<HostRecord> host_;
  size_t next_shard_ = 0;  // those before are counted
  uint64_t unknown_bytes_ = 0;
};

// `places` are in order.
void visit_sums(const Interface& interface, const std::vector<PartPlace>& places,
                const std::function<void(const HostRecord&)>& visit, HostDetail detail) {
  for (size_t i = 0; i < places.size();) {
    const HostKey& key = places[i].key;
    Sum sum(interface, detail);
    for (; i < places.size() && places[i].key == key; ++i) sum.add(places[i]);
    if (const auto host = sum.take(key)) visit(*host);
  }
}

}  // namespace

void visit_merged_hosts(const Interface& interface,
                        const std::function<void(const HostRecord&)>& visit, HostDetail detail) {
  visit_sums(interface, places_of(interface), visit, detail);
}

void visit_merged_hosts_at(const Interface& interface, const IpAddress& address,
                           const std::function<void(const HostRecord&)>& visit) {
  std::vector<PartPlace> places;
  visit_places(interface, [&](const PartPlace& place) {
    if (place.key.address == address) places.push_back(place);
  });
  std::sort(places.begin(), places.end());
  visit_sums(interface, places, visit, HostDetail::kCounters);
}

size_t count_merged_hosts(const Interface& interface) {
  const std::vector<PartPlace> places = places_of(interface);
  size_t hosts = 0;
  for (size_t i = 0; i < places.size(); ++i)
    hosts += i == 0 || places[i].key != places[i - 1].key ? 1 : 0;
  return hosts;
}

}  // namespace weir
