// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/group.h"

#include <algorithm>

namespace weir {
namespace {

constexpr unsigned kTagBits = 12;
constexpr unsigned kCountShift = kTagBits * VlanTags::kMaxTags;

// The groups of client and server.
std::array<GroupKey, 2> keys_of(const FlowRecord& flow, GroupKind kind, const FlowPlaces& places) {
  if (kind == GroupKind::kMac) return {key_of(flow.client_mac), key_of(flow.server_mac)};
  return {key_of(kind, places.client), key_of(kind, places.server)};
}

GroupParts::Part part_of_end(const FlowRecord& flow, GroupKey key, bool is_server) {
  GroupParts::Part part = whole_part(flow, key);
  if (is_server) {
    std::swap(part.sums.sent, part.sums.received);
    std::swap(part.rate_sent, part.rate_received);
  }
  part.has_end = {!is_server, is_server};
  return part;
}

}  // namespace

GroupKey key_of(GroupKind kind, const Place& place) {
  switch (kind) {
    case GroupKind::kCountry:
      return place.country;
    case GroupKind::kAs:
      return place.as_number;
    case GroupKind::kNetwork:
      return place.network;
    default:
      return 0;
  }
}

GroupKey key_of(const VlanTags& vlan) {
  GroupKey key = uint64_t{vlan.count} << kCountShift;
  for (size_t i = 0; i < vlan.count; ++i) key |= uint64_t{vlan.ids[i]} << (kTagBits * i);
  return key;
}

GroupKey key_of(const MacAddress& mac) {
  GroupKey key = 0;
  for (const uint8_t byte : mac.bytes) key = key << 8 | byte;
  return key;
}

VlanTags vlan_of(GroupKey key) {
  VlanTags vlan;
  for (size_t i = 0; i < key >> kCountShift; ++i)
    vlan.push(static_cast<uint16_t>(key >> (kTagBits * i)));
  return vlan;
}

MacAddress mac_of(GroupKey key) {
  MacAddress mac;
  for (size_t i = mac.bytes.size(); i > 0; --i, key >>= 8)
    mac.bytes[i - 1] = static_cast<uint8_t>(key);
  return mac;
}

GroupSums& GroupSums::operator+=(const GroupSums& other) {
  sent += other.sent;
  received += other.received;
  flows += other.flows;
  if (first_seen == Timestamp{} ||
      (other.first_seen != Timestamp{} && other.first_seen < first_seen))
    first_seen = other.first_seen;
  last_seen = std::max(last_seen, other.last_seen);
  return *this;
}

GroupParts::Part whole_part(const FlowRecord& flow, GroupKey key) {
  return {key,
          {flow.to_server, flow.to_client, 1, flow.first_seen, flow.last_seen},
          flow.rate_to_server,
          flow.rate_to_client,
          {true, true}};
}

GroupParts parts_of(const FlowRecord& flow, GroupKind kind, const FlowPlaces& places) {
  GroupParts all;
  if (kind == GroupKind::kVlan) {
    all.parts[all.count++] = whole_part(flow, key_of(flow.vlan));
    return all;
  }
  const auto keys = keys_of(flow, kind, places);
  all.parts[all.count++] = part_of_end(flow, keys[0], false);
  const GroupParts::Part server = part_of_end(flow, keys[1], true);
  if (keys[0] != keys[1]) {
    all.parts[all.count++] = server;
    return all;
  }
  GroupParts::Part& both = all.parts[0];
  both.sums.sent += server.sums.sent;
  both.sums.received += server.sums.received;
  both.rate_sent += server.rate_sent;
  both.rate_received += server.rate_received;
  both.has_end = {true, true};
  return all;
}

}  // namespace weir
