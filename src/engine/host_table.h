// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "engine/hash_index.h"
#include "engine/host_profiles.h"
#include "engine/host_slot.h"
#include "engine/memory_budget.h"
#include "engine/slab.h"
#include "engine/traffic_spread.h"
#include "record/host_record.h"

namespace weir {

// All hosts of a shard. Slot 0 is the `other` record: traffic of hosts for which there is no room.
// Owner: shard thread; snapshot(), other() and limit() may be called by any thread, without waiting
// and without making the owner wait.
class HostTable {
 public:
  static constexpr uint32_t kOther = 0;
  // Bytes a host costs with its share of the index, for sizing the table by a budget.
  static constexpr size_t kBytesPerHost =
      sizeof(HostSlot) + sizeof(HostCold) + sizeof(HostPlace) + 14;

  // `feeder` as for ReservedRegion; `profile_bytes` for what more is known of some hosts, at most.
  static Result<std::unique_ptr<HostTable>> create(uint32_t max_hosts, MemoryBudget& budget,
                                                   PageFeeder* feeder = nullptr,
                                                   size_t profile_bytes = size_t{1} << 20);

  void prefetch_index(uint64_t hash) const { (void)index_.prefetch(hash); }
  // What the sweep looks at first.
  void prefetch_cold(uint32_t slot) const { records_.prefetch<HostCold>(slot); }
  void prefetch_sent(uint32_t slot) const { __builtin_prefetch(&this->slot(slot).sent, 1, 3); }
  void prefetch_received(uint32_t slot) const {
    __builtin_prefetch(&this->slot(slot).received, 1, 3);
  }

  // kOther when there is no such host. `hash` is hash_host() of the key.
  [[nodiscard]] uint32_t find(const HostKey& key, uint64_t hash) const;
  // A new host without traffic or flows; kOther when the table is full. REQUIRES: find() does not
  // find it.
  [[nodiscard]] uint32_t create_host(const HostKey& key, uint64_t hash, const MacAddress& mac,
                                     Timestamp when);
  // Lets readers see a host that create_host() made: when what it was before is adopted.
  void show(uint32_t slot);
  // Where it belongs; to be said before show() and whenever it is another place.
  void set_place(uint32_t slot, const Place& place) { records_.part<HostPlace>(slot).set(place); }
  // REQUIRES: no flow names it.
  void remove(uint32_t slot);
  // Adds totals that were counted elsewhere and their bytes_error, and takes over an earlier
  // first_seen (zero: none); rates stay.
  void adopt(uint32_t slot, const HostRecord& past);
  // The same and all else that `past` says of its flows, whose profile is complete().
  void adopt_whole(uint32_t slot, const HostRecord& past);
  // Takes totals out of the `other` record. REQUIRES: they were accounted there.
  void take_from_other(const HostRecord& part);

  void add_flow(uint32_t slot) { cold(slot).flows.add(1); }
  void drop_flow(uint32_t slot) { cold(slot).flows.add(UINT32_MAX); }
  [[nodiscard]] uint32_t flows(uint32_t slot) const { return cold(slot).flows.get(); }
  // The host's role in a flow that it holds by add_flow(), and that the flow is over.
  void begin_role(uint32_t slot, HostRole role) {
    cold(slot).client_flows.add(role == HostRole::kClient ? 1 : 0);
    cold(slot).flows_ever[static_cast<size_t>(role)].add(1);
  }
  void end_role(uint32_t slot, HostRole role) {
    cold(slot).client_flows.add(role == HostRole::kClient ? UINT32_MAX : 0);
  }
  // Flows of it are not in what is known of it.
  void set_partial(uint32_t slot);
  // One more peer or port of the host. Cost: a compare when it is the first one again.
  void add_distinct(uint32_t slot, HostSet which, uint32_t hash) {
    hash |= hash == 0 ? 1 : 0;
    if (cold(slot).first[static_cast<size_t>(which)].get() != hash) add_other(slot, which, hash);
  }
  // What a flow of the host was, when it is over. Costs nothing for one like all before that says
  // nothing of its TCP.
  void add_ended(uint32_t slot, const FlowRecord& flow, HostRole role);

  void account_sent(uint32_t slot, ProtocolClass protocol, uint32_t bytes, Timestamp when) {
    account(at(slot).sent, protocol, bytes, when);
  }
  void account_received(uint32_t slot, ProtocolClass protocol, uint32_t bytes, Timestamp when) {
    account(at(slot).received, protocol, bytes, when);
  }

  // The same of all packets of a flow record in one direction, the last of them at `last`.
  void account_record_sent(uint32_t slot, ProtocolClass protocol, const TrafficSpread& spread,
                           Timestamp last) {
    account_record(at(slot).sent, protocol, spread, last);
  }
  void account_record_received(uint32_t slot, ProtocolClass protocol, const TrafficSpread& spread,
                               Timestamp last) {
    account_record(at(slot).received, protocol, spread, last);
  }
  // A record tells that the host was there before what was thought.
  void begin_earlier(uint32_t slot, Timestamp first);

  [[nodiscard]] Timestamp last_seen(uint32_t slot) const;
  [[nodiscard]] uint64_t hash(uint32_t slot) const { return cold(slot).identity.owned().hash; }
  [[nodiscard]] uint32_t live() const { return records_.live(); }
  [[nodiscard]] uint64_t created() const { return created_.read(); }
  // The next live host at or after `slot`, never kOther; SlotAllocator::kNone when there is none.
  [[nodiscard]] uint32_t next_live(uint32_t slot) const { return records_.next_live(slot); }

  // Any thread.
  [[nodiscard]] uint32_t limit() const { return records_.limit(); }
  // For ranking many (engine/peek.h): its cells by read().
  [[nodiscard]] const HostSlot& slot(uint32_t slot) const { return records_.part<HostSlot>(slot); }
  // Calls visit(slot) for each live host, never kOther.
  template <typename Visit>
  void visit_live(Visit&& visit) const {
    records_.visit_live(std::forward<Visit>(visit));
  }
  // What it sent and what it received are each consistent in themselves. `now`: as for flows.
  [[nodiscard]] std::optional<HostRecord> snapshot(uint32_t slot, uint32_t now) const;
  // The same for those who look at many: writes all but the profile of `record`, which can be that
  // of the host before. False: there is no host, and what is in `record` is none.
  [[nodiscard]] bool read(uint32_t slot, uint32_t now, HostRecord& record) const;
  // The same of what identify() tells, bytes and rates of bytes alone; the rest stays as it was. As
  // for engine/peek.h: a packet that is being accounted may be half in it.
  [[nodiscard]] bool glance(uint32_t slot, uint32_t now, HostRecord& record) const;
  // The same of its key, hardware address, first packet and numbers of flows, and where it belongs:
  // two lines and a word.
  [[nodiscard]] bool identify(uint32_t slot, HostRecord& record, Place& place) const;
  // The same of its key and one set of its profile.
  [[nodiscard]] bool read_set(uint32_t slot, HostSet which, HostRecord& record) const;
  // What read_set() wants of a host whose cold part was looked at.
  void prefetch_profile(uint32_t slot) const { profiles_->prefetch(cold(slot).profile.read()); }
  // hash_host() of the key of whoever is in the slot, or part of several: good for prefetching.
  [[nodiscard]] uint64_t hash_hint(uint32_t slot) const {
    return cold(slot).identity.read_word(offsetof(HostIdentity, hash));
  }
  // The same with its profile, for some rows.
  [[nodiscard]] std::optional<HostRecord> full_snapshot(uint32_t slot, uint32_t now) const;
  // The snapshot's key alone: one or two lines instead of five.
  [[nodiscard]] std::optional<HostKey> key(uint32_t slot) const;
  // What set_place() said of whoever is in the slot.
  [[nodiscard]] Place place(uint32_t slot) const { return records_.part<HostPlace>(slot).read(); }
  void prefetch_place(uint32_t slot) const { __builtin_prefetch(&records_.part<HostPlace>(slot)); }
  // The `other` record, without a key.
  [[nodiscard]] HostRecord other(uint32_t now) const;
  // Any thread.
  [[nodiscard]] const HostProfiles& profiles() const { return *profiles_; }
  // Profiles that gave way to others, and times that something found no room.
  [[nodiscard]] uint64_t profiles_evicted() const { return profiles_evicted_.read(); }
  [[nodiscard]] uint64_t profiles_refused() const { return profiles_refused_.read(); }

 private:
  using Records = Slab<HostSlot, HostCold, HostPlace>;

  HostTable(HashIndex index, Records::Arrays records, uint32_t max_hosts, MemoryBudget& budget,
            std::unique_ptr<HostProfiles> profiles)
      : records_(std::move(records), max_hosts, budget),
        index_(std::move(index)),
        profiles_(std::move(profiles)) {}

  static constexpr uint32_t kFoldPackets = uint32_t{1} << 31;

  static void account(HostSide& side, ProtocolClass protocol, uint32_t bytes, Timestamp when) {
    const auto index = static_cast<size_t>(protocol);
    HostHot& hot = side.hot;
    const uint32_t inside = hot.sequence.begin();
    if (when.seconds != hot.second.get()) {
      enter_second(side, when);
    } else if (when.nanoseconds > hot.nanosecond.get()) {
      hot.nanosecond.set(when.nanoseconds);
    }
    hot.bytes[index].add(bytes);
    const uint32_t packets = hot.packets[index].get() + 1;
    hot.packets[index].set(packets);
    if (packets >= kFoldPackets) [[unlikely]]
      fold(side);
    hot.sequence.end(inside);
  }
  static void account_record(HostSide& side, ProtocolClass protocol, const TrafficSpread& spread,
                             Timestamp last);
  // What only some packets need, out of the way of the others.
  static void enter_second(HostSide& side, Timestamp when);
  static void fold(HostSide& side);
  [[nodiscard]] bool copy_counters(uint32_t slot, uint32_t now, HostRecord& record) const;
  template <typename More>
  [[nodiscard]] bool read_with(uint32_t slot, uint32_t now, HostRecord& record,
                               More&& copy_more) const;
  void add_other(uint32_t slot, HostSet which, uint32_t hash);
  void add_application(uint32_t slot, const ApplicationPart& part);
  void add_tcp(uint32_t slot, const FlowRecord& flow, HostRole role);
  void add_set(uint32_t slot, HostSet which, const DistinctSet& set);
  // Calls add(profile) until it says true, under the host's sequence: with its profile, made when
  // there is none, and after lighter hosts gave theirs up where there was no room.
  template <typename Add>
  [[nodiscard]] bool into_profile(uint32_t slot, Add&& add);
  [[nodiscard]] bool evict_profile(uint32_t keep);
  void drop_profile(uint32_t slot);
  [[nodiscard]] uint64_t weight(uint32_t slot) const;
  [[nodiscard]] HostSlot& at(uint32_t slot) { return records_.part<HostSlot>(slot); }
  [[nodiscard]] HostCold& cold(uint32_t slot) { return records_.part<HostCold>(slot); }
  [[nodiscard]] const HostCold& cold(uint32_t slot) const { return records_.part<HostCold>(slot); }
  [[nodiscard]] auto hash_of() const {
    return [this](uint32_t slot) { return cold(slot).identity.owned().hash; };
  }

  Records records_;
  HashIndex index_;
  std::unique_ptr<HostProfiles> profiles_;
  uint32_t profile_hand_ = 0;  // where the next one to give way is looked for
  Cell<uint64_t> profiles_evicted_{};
  Cell<uint64_t> profiles_refused_{};
  Cell<uint64_t> created_{};
};

}  // namespace weir
