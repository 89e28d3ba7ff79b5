// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/host_channel.h"

#include <utility>

#include "engine/flow_key.h"

namespace weir {

bool HostChannel::has_room(HostLeaves why) {
  // In a flood those that go for want of memory leave the others half of the queue.
  return gone_.room() > (why == HostLeaves::kIdle ? 0 : gone_.capacity() / 2);
}

bool HostChannel::accept(HostPast&& past) {
  return gone_.push(std::move(past));
}

void HostChannel::ask(const HostKey& key) {
  if (!store_.may_have(hash_host(key.address, key.vlan, hash_))) return;
  if (!asked_.push(HostKey(key))) unasked_.add(1);
}

}  // namespace weir
