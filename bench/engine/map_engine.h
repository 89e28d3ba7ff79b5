// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "base/keyed_hash.h"
#include "decode/decode.h"
#include "engine.h"
#include "engine/flow_key.h"
#include "engine/flow_table.h"
#include "engine/host_table.h"
#include "net/ip_protocol.h"
#include "record/host_record.h"

namespace weir::bench {

// The engine that one writes first: packet by packet, decode, look the flow up in a map, count; a
// new flow looks up its two hosts and keeps where they are. It uses weir's decoder, key and hash,
// counts per packet what weir counts, and its records have the size of weir's. What it does not
// do: purge, stay in a budget, let others read, resolve fragments, analyse TCP, name applications.

// The key of a flow with its hash, which is computed once.
struct MapFlowKey {
  std::array<uint64_t, 2> words;
  uint64_t hash;
  uint8_t kind;
  bool operator==(const MapFlowKey& other) const {
    return words == other.words && kind == other.kind;
  }
};
struct MapHostKey {
  HostKey key;
  uint64_t hash;
  bool operator==(const MapHostKey& other) const { return key == other.key; }
};
// The hash is already a good one.
struct GivenHash {
  template <typename Key>
  size_t operator()(const Key& key) const {
    return key.hash;
  }
};

// A struct with the size of weir's record for the same thing.
template <typename Fields, size_t kBytes>
struct Padded : Fields {
  std::array<uint8_t, (kBytes > sizeof(Fields) ? kBytes - sizeof(Fields) : 1)> rest{};
};

struct MapSecond {
  uint64_t bytes_before;
  uint64_t packets_before;
  uint64_t last_bytes;
  uint64_t last_packets;
};
struct MapHostSide {
  std::array<uint64_t, kProtocolClasses> bytes;
  std::array<uint64_t, kProtocolClasses> packets;
  Timestamp last_seen;
  MapSecond second;
};
struct MapHostFields {
  MapHostSide sent{};
  MapHostSide received{};
  MacAddress mac;
  Timestamp first_seen;
  uint32_t flows = 0;
};
using MapHost = Padded<MapHostFields, HostTable::kBytesPerHost / 8 * 8>;

struct MapFlowFields {
  std::array<MapHost*, 2> hosts{};
  std::array<uint64_t, 2> bytes{};
  std::array<uint64_t, 2> packets{};
  std::array<MapSecond, 2> second{};
  std::array<uint8_t, 2> tcp_flags{};
  Timestamp first_seen;
  Timestamp last_seen;
};
using MapFlow = Padded<MapFlowFields, FlowTable::kBytesPerFlow / 8 * 8>;

// `FlowMap`: MapFlowKey to MapFlow; `HostMap`: MapHostKey to MapHost, whose values never move.
template <typename FlowMap, typename HostMap>
class MapEngine final : public Engine {
 public:
  void process(const PacketBatch& batch) override {
    for (size_t i = 0; i < batch.count; ++i) count(batch.packets[i]);
  }
  [[nodiscard]] uint64_t packets() const override { return total_.packets; }
  [[nodiscard]] uint64_t flows() const override { return flows_.size(); }
  [[nodiscard]] uint64_t held() const override { return flows_.size(); }

 private:
  void count(const PacketView& view) {
    decode(view, packet_);
    ++total_.packets;
    total_.bytes += view.wire_length;
    if (!packet_.has_ip) return;
    by_protocol_[packet_.protocol].packets += 1;
    by_protocol_[packet_.protocol].bytes += view.wire_length;
    const FlowKey key = make_flow_key(packet_, hash_);
    MapFlow& flow = flow_for(key, view);
    count_flow(flow, key.sender, view);
    const auto protocol = static_cast<size_t>(protocol_class(packet_.protocol));
    count_host(flow.hosts[key.sender]->sent, protocol, view);
    count_host(flow.hosts[1 - key.sender]->received, protocol, view);
  }

  MapFlow& flow_for(const FlowKey& key, const PacketView& view) {
    const auto [found, is_new] = flows_.try_emplace(MapFlowKey{key.words, key.hash, key.kind});
    MapFlow& flow = found->second;
    if (is_new) {
      flow.first_seen = flow.last_seen = view.timestamp;
      flow.hosts[key.sender] = &host_for(packet_.source, packet_.source_mac, view);
      flow.hosts[1 - key.sender] = &host_for(packet_.destination, packet_.destination_mac, view);
    }
    return flow;
  }

  MapHost& host_for(const IpAddress& address, const MacAddress& mac, const PacketView& view) {
    const auto [found, is_new] = hosts_.try_emplace(
        MapHostKey{{address, packet_.vlan}, hash_host(address, packet_.vlan, hash_)});
    MapHost& host = found->second;
    if (is_new) {
      host.mac = mac;
      host.first_seen = view.timestamp;
    }
    ++host.flows;
    return host;
  }

  void count_flow(MapFlow& flow, uint8_t end, const PacketView& view) const {
    if (view.timestamp.seconds != flow.last_seen.seconds) {
      for (size_t i = 0; i < 2; ++i) move_on(flow.second[i], flow.bytes[i], flow.packets[i]);
    }
    flow.last_seen = view.timestamp;
    flow.bytes[end] += view.wire_length;
    ++flow.packets[end];
    flow.tcp_flags[end] |= packet_.tcp_flags;
  }

  static void count_host(MapHostSide& side, size_t protocol, const PacketView& view) {
    if (view.timestamp.seconds != side.last_seen.seconds) {
      uint64_t bytes = 0;
      uint64_t packets = 0;
      for (size_t i = 0; i < side.bytes.size(); ++i) {
        bytes += side.bytes[i];
        packets += side.packets[i];
      }
      move_on(side.second, bytes, packets);
    }
    side.last_seen = view.timestamp;
    side.bytes[protocol] += view.wire_length;
    ++side.packets[protocol];
  }

  static void move_on(MapSecond& second, uint64_t bytes, uint64_t packets) {
    second.last_bytes = bytes - second.bytes_before;
    second.last_packets = packets - second.packets_before;
    second.bytes_before = bytes;
    second.packets_before = packets;
  }

  KeyedHash hash_{KeyedHash::random_secret()};
  DecodedPacket packet_;
  FlowMap flows_;
  HostMap hosts_;
  Traffic total_;
  std::array<Traffic, 256> by_protocol_{};
};

}  // namespace weir::bench
