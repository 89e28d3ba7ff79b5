// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Shard that tells hosts what their flows were.
#include "engine/shard.h"

namespace weir {

void Shard::begin_roles(const Work& work) {
  for (const HostRole role : {HostRole::kClient, HostRole::kServer}) begin_role(work.flow, role);
}

void Shard::begin_role(uint32_t flow, HostRole role) {
  const FlowHot& hot = flows_->slot(flow).hot;
  const unsigned client = client_of(flow);
  const unsigned end = role == HostRole::kClient ? client : 1 - client;
  const uint32_t host = hot.host[end].get();
  hosts_->begin_role(host, role);
  if (host == HostTable::kOther) return;
  const FlowEnds& ends = flows_->identity(flow).ends;
  const uint64_t peer_hash = hash_host(ends.address[1 - end], ends.vlan, estimate_hash_);
  const bool is_client = role == HostRole::kClient;
  hosts_->add_distinct(host, is_client ? HostSet::kServers : HostSet::kClients,
                       static_cast<uint32_t>(peer_hash >> 32));
  const uint16_t port = ends.port[1 - client];
  if (port == 0) return;
  hosts_->add_distinct(host, is_client ? HostSet::kPortsContacted : HostSet::kPortsServed,
                       static_cast<uint32_t>(estimate_hash_.of(ends.protocol, port) >> 32));
}

void Shard::end_roles(uint32_t flow, const FlowRecord& record) {
  const FlowHot& hot = flows_->slot(flow).hot;
  const unsigned client = client_of(flow);
  if ((hot.marks.get() & kMarkEstablished) != 0) learn_syn(flow);
  for (const HostRole role : {HostRole::kClient, HostRole::kServer}) {
    const uint32_t host = hot.host[role == HostRole::kClient ? client : 1 - client].get();
    hosts_->end_role(host, role);
    if (host != HostTable::kOther) hosts_->add_ended(host, record, role);
  }
}

}  // namespace weir
