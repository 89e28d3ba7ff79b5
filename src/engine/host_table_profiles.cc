// SPDX-License-Identifier: GPL-3.0-or-later
// The part of HostTable that keeps profiles, which most hosts do not need: all flows of a host are
// of one application, it has one peer, and nothing happens to its TCP.
#include <algorithm>

#include "engine/host_table.h"
#include "engine/peek.h"

namespace weir {
namespace {

// Of so many profiles the one of the host with the fewest bytes gives way; so many blocks are
// looked at for them.
constexpr int kEvictionChoice = 8;
constexpr int kEvictionLooks = 256;
// A large set wants nine blocks, which other hosts may have given one by one.
constexpr int kMostEvictions = 10;

}  // namespace

uint64_t HostTable::weight(uint32_t slot) const {
  const HostSlot& host = this->slot(slot);
  return peek_bytes(host.sent) + peek_bytes(host.received);
}

void HostTable::set_partial(uint32_t slot) {
  HostCold& cold = this->cold(slot);
  if (cold.application.get() == kOtherApplications && cold.is_partial.get() != 0) return;
  cold.sequence.begin();
  cold.is_partial.set(1);
  cold.application.set(kOtherApplications);
  cold.sequence.end();
}

void HostTable::drop_profile(uint32_t slot) {
  HostCold& cold = this->cold(slot);
  const uint32_t profile = cold.profile.get();
  cold.sequence.begin();
  // What was told apart from the rest is a part of it now.
  if (profiles_->has_applications(profile)) cold.application.set(kOtherApplications);
  cold.is_partial.set(1);
  profiles_->end(profile);
  cold.profile.set(HostProfiles::kNone);
  cold.sequence.end();
}

bool HostTable::evict_profile(uint32_t keep) {
  uint32_t victim = kOther;
  int choice = 0;
  for (int look = 0; look < kEvictionLooks && choice < kEvictionChoice; ++look) {
    uint32_t block = profiles_->next_block(profile_hand_);
    if (block == SlotAllocator::kNone) block = profiles_->next_block(0);
    if (block == SlotAllocator::kNone) break;
    profile_hand_ = block + 1;
    const uint32_t host = profiles_->host_of(block);
    if (host == kOther || host == keep) continue;
    ++choice;
    if (victim == kOther || weight(host) < weight(victim)) victim = host;
  }
  // A newcomer that is the lightest of them goes without.
  if (victim == kOther || weight(victim) > weight(keep)) return false;
  drop_profile(victim);
  profiles_evicted_.add(1);
  return true;
}

template <typename Add>
bool HostTable::into_profile(uint32_t slot, Add&& add) {
  HostCold& cold = this->cold(slot);
  for (int i = 0; i <= kMostEvictions; ++i) {
    cold.sequence.begin();
    uint32_t profile = cold.profile.get();
    if (profile == HostProfiles::kNone) {
      profile = profiles_->begin(slot);
      cold.profile.set(profile);
    }
    const bool is_added = profile != HostProfiles::kNone && add(profile);
    cold.sequence.end();
    if (is_added) return true;
    if (!evict_profile(slot)) break;
  }
  profiles_refused_.add(1);
  cold.sequence.begin();
  cold.is_partial.set(1);
  cold.sequence.end();
  return false;
}

void HostTable::add_other(uint32_t slot, HostSet which, uint32_t hash) {
  Cell<uint32_t>& first = cold(slot).first[static_cast<size_t>(which)];
  const uint32_t before = first.get();
  if (before == 0) return first.set(hash);
  const uint32_t own = cold(slot).profile.get();
  if (own != HostProfiles::kNone && profiles_->has_distinct(own, which, hash)) return;
  (void)into_profile(slot, [&](uint32_t profile) {
    return profiles_->add_distinct(profile, which, before, hash);
  });
}

void HostTable::add_ended(uint32_t slot, const FlowRecord& flow, HostRole role) {
  HostCold& cold = this->cold(slot);
  const uint16_t rest = cold.application.get();
  if (rest == kNoApplication) {
    // All it did so far is what this flow did, or others that are still under way.
    cold.application.set(flow.application);
  } else if (rest != flow.application) {
    add_application(slot, part_of_flow(flow, role));
  }
  add_tcp(slot, flow, role);
}

void HostTable::add_application(uint32_t slot, const ApplicationPart& part) {
  const auto add = [&](uint32_t profile) { return profiles_->add_application(profile, part); };
  if (!into_profile(slot, add)) set_partial(slot);
}

void HostTable::add_tcp(uint32_t slot, const FlowRecord& flow, HostRole role) {
  const bool is_client = role == HostRole::kClient;
  const TcpQuality& sent = is_client ? flow.quality_to_server : flow.quality_to_client;
  const TcpQuality& received = is_client ? flow.quality_to_client : flow.quality_to_server;
  if (flow.has_tcp_quality && (sent != TcpQuality{} || received != TcpQuality{}))
    (void)into_profile(
        slot, [&](uint32_t profile) { return profiles_->add_tcp(profile, sent, received); });
  const auto trip = (is_client ? flow.round_trips.client : flow.round_trips.server).count();
  if (trip <= 0) return;
  (void)into_profile(slot, [&](uint32_t profile) {
    profiles_->add_round_trips(profile, role, {static_cast<uint64_t>(trip), 1});
    return true;
  });
}

void HostTable::add_set(uint32_t slot, HostSet which, const DistinctSet& set) {
  for (const uint32_t hash : set.few()) add_distinct(slot, which, hash);
  const auto ranks = set.registers();
  for (size_t i = 0; i < ranks.size(); ++i) {
    if (ranks[i] != 0) add_distinct(slot, which, DistinctSet::hash_for({i, ranks[i]}));
  }
}

void HostTable::adopt_whole(uint32_t slot, const HostRecord& past) {
  adopt(slot, past);
  HostCold& cold = this->cold(slot);
  cold.sequence.begin();
  for (size_t role = 0; role < kHostRoles; ++role) cold.flows_ever[role].add(past.flows_ever[role]);
  if (past.is_partial) cold.is_partial.set(1);
  cold.sequence.end();
  const HostProfile& profile = past.profile;
  for (const ApplicationPart& part : profile.applications) {
    // What is in no part is the first application's: of it nothing needs to be kept.
    if (cold.application.get() == kNoApplication) {
      cold.application.set(part.application);
    } else if (cold.application.get() != part.application) {
      add_application(slot, part);
    }
  }
  if (profile.tcp_sent != TcpQuality{} || profile.tcp_received != TcpQuality{}) {
    (void)into_profile(slot, [&](uint32_t own) {
      return profiles_->add_tcp(own, profile.tcp_sent, profile.tcp_received);
    });
  }
  for (size_t role = 0; role < kHostRoles; ++role) {
    if (profile.round_trips[role].count == 0) continue;
    (void)into_profile(slot, [&](uint32_t own) {
      profiles_->add_round_trips(own, static_cast<HostRole>(role), profile.round_trips[role]);
      return true;
    });
  }
  for (size_t i = 0; i < kHostSets; ++i) add_set(slot, static_cast<HostSet>(i), profile.sets[i]);
}

}  // namespace weir
