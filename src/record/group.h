// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/timestamp.h"
#include "net/mac_address.h"
#include "net/vlan_tags.h"
#include "record/flow_record.h"
#include "record/places.h"

namespace weir {

// What flows are summed by. In the first four a flow belongs to the group of each of its ends; in
// the last two it is in one as a whole.
enum class GroupKind : uint8_t { kCountry, kAs, kNetwork, kMac, kVlan, kCategory };
// Those whose sums of ended flows the engine keeps; a category's are those of its applications.
inline constexpr size_t kKeptGroupKinds = 5;

[[nodiscard]] constexpr bool is_by_end(GroupKind kind) {
  return kind <= GroupKind::kMac;
}

// Which group of its kind: the CountryCode, the AS number, the number of the network, or packed
// tags or address. 0 is where nothing is known: unknown places and addresses, no VLAN at all.
using GroupKey = uint64_t;
[[nodiscard]] GroupKey key_of(GroupKind kind, const Place& place);
[[nodiscard]] GroupKey key_of(const VlanTags& vlan);
[[nodiscard]] GroupKey key_of(const MacAddress& mac);
[[nodiscard]] VlanTags vlan_of(GroupKey key);
[[nodiscard]] MacAddress mac_of(GroupKey key);

// Flows of one group together. Of kinds by end `sent` is what ends in the group sent; of others it
// is what clients sent. Likewise received.
struct GroupSums {
  Traffic sent;
  Traffic received;
  uint64_t flows = 0;    // a flow with both ends in the group is one
  Timestamp first_seen;  // zero: nothing was seen
  Timestamp last_seen;

  GroupSums& operator+=(const GroupSums& other);
  bool operator==(const GroupSums&) const = default;
};

// Where its two ends belong.
struct FlowPlaces {
  Place client;
  Place server;
};

// What a flow adds to its groups of one kind: to one or two of them.
struct GroupParts {
  struct Part {
    GroupKey key = 0;
    GroupSums sums;
    Traffic rate_sent;
    Traffic rate_received;
    std::array<bool, 2> has_end{};  // the client, the server
  };
  std::array<Part, 2> parts;
  size_t count = 0;
};
// REQUIRES: not kCategory, which is no matter of a flow's own.
[[nodiscard]] GroupParts parts_of(const FlowRecord& flow, GroupKind kind, const FlowPlaces& places);
// The flow as a whole in the group `key`.
[[nodiscard]] GroupParts::Part whole_part(const FlowRecord& flow, GroupKey key);

}  // namespace weir
