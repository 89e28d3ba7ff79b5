// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/host_details.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>
#include <utility>

#include "query/scan.h"

namespace weir {
namespace {

void complete(HostRecord& host) {
  host.profile.complete(host.flows_ever[0] + host.flows_ever[1], host.total_sent(),
                        host.total_received());
}

// Of addresses, whose last bytes differ the most. An attacker who finds keys that collide makes his
// own hosts slow to ask for.
struct HashOfKey {
  size_t operator()(const HostKey& key) const {
    uint64_t low = 0;
    std::memcpy(&low, key.address.bytes().data() + 8, sizeof(low));
    low = (low ^ key.vlan.ids[0]) * 0x9e3779b97f4a7c15;
    return static_cast<size_t>(low ^ low >> 32);
  }
};

// The hosts that are asked for, as one shard knows them.
class ShardPart {
 public:
  using Wanted = std::unordered_map<HostKey, size_t, HashOfKey>;

  ShardPart(const Shard& shard, const Wanted& wanted)
      : shard_(shard), wanted_(wanted), has_host_(shard.hosts().limit()), hosts_(wanted.size()) {}

  // `slots`: as of whole_hosts().
  void find_hosts(const std::vector<HostKey>& keys, const std::vector<uint32_t>& slots) {
    for (size_t i = 0; i < slots.size(); ++i) {
      if (slots[i] != HostTable::kOther) take_slot(slots[i], keys[i]);
    }
    if (found_ == wanted_.size()) return;
    visit_tail_entries(shard_, [&](const HostRecord& host, uint32_t) {
      const auto place = wanted_.find(host.key);
      if (place != wanted_.end()) keep(place->second, {HostTable::kOther, host});
    });
    if (found_ == wanted_.size()) return;
    shard_.hosts().visit_live([&](uint32_t slot) {
      if (const auto key = shard_.hosts().key(slot)) take_slot(slot, *key);
    });
  }

  void add_flows() {
    const FlowTable& flows = shard_.flows();
    const uint32_t now = shard_.clock_second();
    const auto is_wanted = [&](uint32_t host) {
      return host < has_host_.size() && has_host_[host];
    };
    flows.visit_live([&](uint32_t slot) {
      const FlowHot& hot = flows.slot(slot).hot;
      if (!is_wanted(hot.host[0].read()) && !is_wanted(hot.host[1].read())) return;
      const auto flow = flows.snapshot(slot, now);
      if (!flow) return;
      add_flow(*flow, HostRole::kClient, flow->client);
      add_flow(*flow, HostRole::kServer, flow->server);
    });
  }

  // The counters of `which` are read after its flows, so that no part is more than the whole.
  [[nodiscard]] std::optional<HostRecord> take(size_t which) {
    Part& part = hosts_[which];
    if (!part.host) return std::nullopt;
    auto now = shard_.hosts().snapshot(part.slot, shard_.clock_second());
    if (!now || now->key != part.host->key || now->first_seen != part.host->first_seen)
      now = part.host;
    now->profile = std::move(part.host->profile);
    complete(*now);
    return now;
  }

 private:
  struct Part {
    uint32_t slot = 0;
    std::optional<HostRecord> host;
  };

  // The host in a slot, when it is one that is asked for and still there. It goes before what the
  // tail had of it.
  void take_slot(uint32_t slot, const HostKey& key) {
    if (slot >= has_host_.size()) return;
    const auto place = wanted_.find(key);
    if (place == wanted_.end()) return;
    auto host = shard_.hosts().full_snapshot(slot, shard_.clock_second());
    if (!host || host->key != key) return;
    has_host_[slot] = true;
    keep(place->second, {slot, std::move(host)});
  }
  void keep(size_t which, Part part) {
    found_ += hosts_[which].host ? 0 : 1;
    hosts_[which] = std::move(part);
  }

  void add_flow(const FlowRecord& flow, HostRole role, const IpAddress& address) {
    const auto place = wanted_.find({address, flow.vlan});
    if (place == wanted_.end() || !hosts_[place->second].host) return;
    HostProfile& profile = hosts_[place->second].host->profile;
    profile.add_application(part_of_flow(flow, role));
    profile.add_tcp(flow, role);
  }

  const Shard& shard_;
  const Wanted& wanted_;
  std::vector<bool> has_host_;  // by slot
  std::vector<Part> hosts_;
  size_t found_ = 0;
};

}  // namespace

std::optional<HostRecord> part_of_host(const Shard& shard, uint32_t slot, HostDetail detail) {
  const uint32_t now = shard.clock_second();
  if (detail == HostDetail::kCounters) return shard.hosts().snapshot(slot, now);
  auto host = shard.hosts().full_snapshot(slot, now);
  if (host) complete(*host);
  return host;
}

HostRecord with_profile(HostRecord host) {
  complete(host);
  return host;
}

void add_part(HostRecord& into, const HostRecord& part) {
  for (size_t i = 0; i < kProtocolClasses; ++i) {
    into.sent[i] += part.sent[i];
    into.received[i] += part.received[i];
  }
  into.rate_sent += part.rate_sent;
  into.rate_received += part.rate_received;
  // Of the shard that saw it first, so that the answer does not depend on how flows were spread.
  if (part.first_seen < into.first_seen) into.mac = part.mac;
  into.first_seen = std::min(into.first_seen, part.first_seen);
  into.last_seen = std::max(into.last_seen, part.last_seen);
  into.active_flows += part.active_flows;
  into.active_client_flows += part.active_client_flows;
  for (size_t role = 0; role < kHostRoles; ++role) into.flows_ever[role] += part.flows_ever[role];
  into.is_partial = into.is_partial || part.is_partial;
  into.bytes_error += part.bytes_error;
  into.profile.merge(part.profile);
}

std::vector<std::optional<HostRecord>> whole_hosts(const Interface& interface,
                                                   const std::vector<HostKey>& keys,
                                                   const std::vector<uint32_t>& slots) {
  ShardPart::Wanted wanted;
  for (size_t i = 0; i < keys.size(); ++i) wanted.emplace(keys[i], i);
  std::vector<std::optional<HostRecord>> hosts(keys.size());
  for (const auto& shard : interface.shards()) {
    ShardPart part(*shard, wanted);
    part.find_hosts(keys, interface.shards().size() == 1 ? slots : std::vector<uint32_t>());
    part.add_flows();
    for (size_t i = 0; i < keys.size(); ++i) {
      auto host = part.take(i);
      if (!host) continue;
      if (hosts[i]) {
        add_part(*hosts[i], *host);
      } else {
        hosts[i] = std::move(host);
      }
    }
  }
  for (auto& host : hosts) {
    for (const auto& shard : interface.shards()) {
      if (host) shard->add_facts(host->key, host->profile.facts);
    }
  }
  return hosts;
}

}  // namespace weir
