// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "record/host_record.h"

namespace weir {

// Why a host leaves the tables.
enum class HostLeaves : uint8_t {
  kIdle,     // silent for too long; it can stay a little longer
  kDropped,  // for want of memory, and the summary of such hosts has no room for it either
};

// What a host was before, on its way to an archive or back: all that is known of it, its profile
// complete.
struct HostPast {
  HostRecord host;
  // Of its totals the part that is in this run's totals of hosts that are gone
  // (ShardCounters::hosts_gone_sent): taken out of them when the host is back. The rest was counted
  // before weir was started.
  Traffic counted_sent;
  Traffic counted_received;
};

// Where hosts go when a shard forgets them, and where their pasts come back from. What is in the
// archive is in no table and the other way round: accept() adds to what the archive has, take()
// takes it out, so that several shards can know parts of a host and nothing is counted twice.
// One shard thread calls it; none of its functions may wait. Whoever implements it counts what it
// had no room for.
class HostArchive {
 public:
  virtual ~HostArchive() = default;

  // Whether accept() would take a host that leaves for this reason.
  [[nodiscard]] virtual bool has_room(HostLeaves why) = 0;
  // Takes over what a host was. False when it was lost: there was no room.
  virtual bool accept(HostPast&& past) = 0;
  // The host has a new record: its past, if there is one, can be taken some time later.
  virtual void ask(const HostKey& key) = 0;
  // The next past that was found, of a host that may have gone again meanwhile.
  [[nodiscard]] virtual std::optional<HostPast> take() = 0;
};

}  // namespace weir
