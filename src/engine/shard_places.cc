// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Shard that knows where hosts belong.
#include <utility>

#include "engine/shard.h"

namespace weir {
namespace {

// So many hosts are looked up in one go of the sweep, a microsecond each at most.
constexpr int kRenewedAtATime = 64;

}  // namespace

Place Shard::place_of(const IpAddress& address) const {
  return options_.places == nullptr ? Place{} : options_.places->of(address);
}

FlowPlaces Shard::places_of(uint32_t flow, const FlowRecord& record) const {
  const FlowHot& hot = flows_->slot(flow).hot;
  const unsigned client = client_of(flow);
  const auto of = [&](unsigned end, const IpAddress& address) {
    const uint32_t host = hot.host[end].get();
    return host == HostTable::kOther ? place_of(address) : hosts_->place(host);
  };
  return {of(client, record.client), of(1 - client, record.server)};
}

std::optional<FlowPlaces> Shard::known_places(uint64_t flow_id) const {
  std::optional<FlowPlaces> places;
  const bool is_there = flows_->visit_hosts(flow_id, [&](uint32_t client, uint32_t server) {
    places.reset();
    if (client != HostTable::kOther && server != HostTable::kOther)
      places = {hosts_->place(client), hosts_->place(server)};
  });
  return is_there ? places : std::nullopt;
}

void Shard::use_places(std::shared_ptr<const Places> places) {
  const std::lock_guard lock(new_places_->mutex);
  new_places_->places = std::move(places);
  new_places_->is_there.store(true, std::memory_order_release);
}

void Shard::take_new_places() {
  const std::lock_guard lock(new_places_->mutex);
  new_places_->is_there.store(false, std::memory_order_relaxed);
  new_places_->settled.store(nullptr, std::memory_order_release);
  options_.places = std::move(new_places_->places);
  place_hand_ = 0;
}

// What exporters say of autonomous systems is in the table, too, where files say nothing.
void Shard::settle_places() {
  if (!options_.collects)
    new_places_->settled.store(options_.places.get(), std::memory_order_release);
}

void Shard::renew_places() {
  for (int i = 0; i < kRenewedAtATime && place_hand_ != SlotAllocator::kNone; ++i) {
    place_hand_ = hosts_->next_live(place_hand_);
    if (place_hand_ == SlotAllocator::kNone) {
      settle_places();
      return;
    }
    if (const auto key = hosts_->key(place_hand_))
      hosts_->set_place(place_hand_, place_of(key->address));
    ++place_hand_;
  }
}

}  // namespace weir
