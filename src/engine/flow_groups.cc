// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/flow_groups.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace weir {
namespace {

// Of the memory, for AS numbers; there are some 80,000.
constexpr size_t kAsShare = 256;
constexpr size_t kMostAsPlaces = size_t{1} << 16;
constexpr size_t kBytesPerPlace = 64;
constexpr size_t kCountryPlaces = 512;  // 249 are in use
constexpr size_t kLeastPlaces = 128;

}  // namespace

Result<std::unique_ptr<FlowGroups>> FlowGroups::create(size_t memory_bytes, uint16_t networks,
                                                       const KeyedHash& hash,
                                                       MemoryBudget& budget) {
  const size_t systems =
      std::min(std::bit_floor(memory_bytes / kAsShare / kBytesPerPlace), kMostAsPlaces);
  const std::array<size_t, kKeptGroupKinds> places{
      kCountryPlaces, std::max(systems, kLeastPlaces), std::bit_ceil(size_t{2} * networks + 2),
      std::max(systems / 2, kLeastPlaces), std::max(systems / 4, kLeastPlaces)};
  std::unique_ptr<FlowGroups> groups(new FlowGroups);
  for (const size_t count : places) {
    auto table = GroupTable::create(count, hash, budget);
    if (!table) return table.error();
    groups->tables_.push_back(std::move(*table));
  }
  return groups;
}

// What parts_of() says, for all kinds at once: this is a part of what a new flow costs.
void FlowGroups::add(const FlowRecord& flow, const FlowPlaces& places) {
  const Traffic all = flow.to_server + flow.to_client;
  const GroupSums of_client{flow.to_server, flow.to_client, 1, flow.first_seen, flow.last_seen};
  const GroupSums of_server{flow.to_client, flow.to_server, 1, flow.first_seen, flow.last_seen};
  const GroupSums of_both{all, all, 1, flow.first_seen, flow.last_seen};
  const auto add_ends = [&](GroupKind kind, GroupKey client, GroupKey server) {
    GroupTable& table = tables_[static_cast<size_t>(kind)];
    if (client == server) return table.add(client, of_both);
    table.add(client, of_client);
    table.add(server, of_server);
  };
  add_ends(GroupKind::kCountry, places.client.country, places.server.country);
  add_ends(GroupKind::kAs, places.client.as_number, places.server.as_number);
  add_ends(GroupKind::kNetwork, places.client.network, places.server.network);
  add_ends(GroupKind::kMac, key_of(flow.client_mac), key_of(flow.server_mac));
  tables_[static_cast<size_t>(GroupKind::kVlan)].add(key_of(flow.vlan), of_client);
}

}  // namespace weir
