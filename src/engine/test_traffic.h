// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "decode/decode.h"
#include "engine/shard.h"
#include "net/ip_protocol.h"
#include "net/packet_view.h"
#include "record/flow_sink.h"

// Packets and shards for the engine's tests.
namespace weir::test_traffic {

struct PacketSpec {
  uint32_t source = 0x0a000001;  // IPv4, host byte order
  uint32_t destination = 0x0a000002;
  uint16_t source_port = 1000;
  uint16_t destination_port = 2000;
  uint8_t protocol = kProtocolUdp;
  uint8_t tcp_flags = 0;
  uint32_t tcp_sequence = 1;
  uint32_t tcp_acknowledgement = 1;
  uint16_t tcp_payload = 0;  // bytes of zeros
  std::string payload;       // of TCP and UDP; behind the zeros
  std::vector<uint16_t> vlan;
  bool is_v6 = false;
  uint32_t wire_length = 100;
  double seconds = 1'700'000'000;
};

inline void put16(std::vector<uint8_t>& bytes, uint16_t value) {
  bytes.push_back(static_cast<uint8_t>(value >> 8));
  bytes.push_back(static_cast<uint8_t>(value));
}
inline void put32(std::vector<uint8_t>& bytes, uint32_t value) {
  put16(bytes, static_cast<uint16_t>(value >> 16));
  put16(bytes, static_cast<uint16_t>(value));
}

inline void put_ip(std::vector<uint8_t>& bytes, const PacketSpec& spec, uint16_t transport_length) {
  if (spec.is_v6) {
    put32(bytes, 0x60000000);
    put16(bytes, transport_length);
    bytes.insert(bytes.end(), {spec.protocol, 64});
    for (const uint32_t address : {spec.source, spec.destination}) {
      for (const uint32_t word : {0x20010db8U, 0U, 0U, address}) put32(bytes, word);
    }
    return;
  }
  bytes.insert(bytes.end(), {0x45, 0});
  put16(bytes, static_cast<uint16_t>(20 + transport_length));
  put32(bytes, 0x12340000);
  bytes.insert(bytes.end(), {64, spec.protocol, 0, 0});
  put32(bytes, spec.source);
  put32(bytes, spec.destination);
}

inline std::vector<uint8_t> frame_of(const PacketSpec& spec) {
  std::vector<uint8_t> bytes{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};
  for (const uint16_t id : spec.vlan) {
    put16(bytes, 0x8100);
    put16(bytes, id);
  }
  put16(bytes, spec.is_v6 ? 0x86dd : 0x0800);
  const bool is_tcp = spec.protocol == kProtocolTcp;
  const auto payload = static_cast<uint16_t>(spec.payload.size());
  put_ip(bytes, spec, static_cast<uint16_t>((is_tcp ? 20 + spec.tcp_payload : 8) + payload));
  put16(bytes, spec.source_port);
  put16(bytes, spec.destination_port);
  if (is_tcp) {
    put32(bytes, spec.tcp_sequence);
    put32(bytes, spec.tcp_acknowledgement);
    bytes.insert(bytes.end(), {0x50, spec.tcp_flags, 0x10, 0, 0, 0, 0, 0});
    bytes.insert(bytes.end(), spec.tcp_payload, 0);
  } else {
    put16(bytes, static_cast<uint16_t>(8 + payload));
    put16(bytes, 0);
  }
  bytes.insert(bytes.end(), spec.payload.begin(), spec.payload.end());
  return bytes;
}

// Seeded, the same everywhere.
class Random {
 public:
  explicit Random(uint32_t seed) : engine_(seed) {}
  uint32_t operator()() { return static_cast<uint32_t>(engine_()); }

 private:
  std::mt19937 engine_;
};

// Keeps what a shard lets go.
class FlowLog final : public FlowSink {
 public:
  void accept(const FlowRecord& record) override { records.push_back(record); }
  bool is_due(uint64_t id, Timestamp first_seen, Timestamp last_seen, Timestamp /*now*/) override {
    return due && due(id, first_seen, last_seen);
  }
  std::vector<FlowRecord> records;
  std::function<bool(uint64_t, Timestamp, Timestamp)> due;  // none: no flow that goes on
};

// All bits are needed: with small numbers hashes lack their upper half.
inline constexpr KeyedHash::Secret kSecret{0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9,
                                           0x94d049bb133111eb, 0xd6e8feb86659fd93};

// A shard with a log of its ended flows.
class TestShard {
 public:
  explicit TestShard(ShardOptions options = {}) {
    if (options.memory_bytes == ShardOptions{}.memory_bytes)
      options.memory_bytes = size_t{64} << 20;
    options.secret = kSecret;
    auto made = Shard::create(options, &log);
    EXPECT_TRUE(made.ok());
    shard = std::move(*made);
  }

  void see(const std::vector<PacketSpec>& specs) {
    std::vector<std::vector<uint8_t>> frames;
    PacketBatch batch;
    for (const PacketSpec& spec : specs) {
      frames.push_back(frame_of(spec));
      add(batch, frames.back(), spec);
      if (!batch.full()) continue;
      shard->process(batch);
      batch.clear();
    }
    if (batch.count > 0) shard->process(batch);
  }

  static void add(PacketBatch& batch, const std::vector<uint8_t>& frame, const PacketSpec& spec) {
    PacketView& view = batch.add();
    view = {};
    view.data = frame.data();
    view.captured_length = static_cast<uint32_t>(frame.size());
    view.wire_length = spec.wire_length;
    view.timestamp = Timestamp::from_nanoseconds(static_cast<int64_t>(spec.seconds * 1e9));
  }

  [[nodiscard]] std::vector<FlowRecord> flows() const {
    std::vector<FlowRecord> all;
    for (uint32_t slot = 1; slot < shard->flows().limit(); ++slot) {
      if (const auto flow = shard->flows().snapshot(slot, shard->clock_second()))
        all.push_back(*flow);
    }
    return all;
  }
  [[nodiscard]] std::vector<HostRecord> hosts() const {
    std::vector<HostRecord> all;
    for (uint32_t slot = 1; slot < shard->hosts().limit(); ++slot) {
      if (const auto host = shard->hosts().snapshot(slot, shard->clock_second()))
        all.push_back(*host);
    }
    return all;
  }

  FlowLog log;
  std::unique_ptr<Shard> shard;
};

// What must hold of any shard at any time: the parts sum to the whole, to the byte.
inline void expect_sums_agree(const Shard& shard, const std::string& what) {
  const ShardCounters& counters = shard.counters();
  Traffic flows = shard.flows().other() + counters.flows_ended.read();
  for (uint32_t slot = 1; slot < shard.flows().limit(); ++slot) {
    if (const auto flow = shard.flows().snapshot(slot, 0))
      flows += flow->to_server + flow->to_client;
  }
  const HostRecord other = shard.hosts().other(0);
  Traffic sent = other.total_sent() + counters.hosts_gone_sent.read();
  Traffic received = other.total_received() + counters.hosts_gone_received.read();
  for (uint32_t slot = 1; slot < shard.hosts().limit(); ++slot) {
    if (const auto host = shard.hosts().snapshot(slot, 0)) {
      sent += host->total_sent();
      received += host->total_received();
    }
  }
  // What hosts had before weir was started is in their totals, and in no others.
  const auto less = [](const Traffic& whole, const Traffic& part) {
    return Traffic{whole.packets - part.packets, whole.bytes - part.bytes};
  };
  sent = less(sent, counters.hosts_earlier_sent.read());
  received = less(received, counters.hosts_earlier_received.read());
  Traffic by_protocol;
  for (const TrafficCells& cells : counters.by_protocol) by_protocol += cells.read();
  Traffic unflowed = counters.ethertype_overflow.read();
  for (const auto& entry : counters.by_ethertype) unflowed += entry.traffic.read();
  for (const TrafficCells& cells : counters.not_decoded) unflowed += cells.read();
  for (size_t i = 0; i < kKeptGroupKinds; ++i) {
    const auto kind = static_cast<GroupKind>(i);
    GroupSums groups = shard.groups().of(kind).other();
    shard.groups().of(kind).visit([&](GroupKey, const GroupSums& sums) { groups += sums; });
    const Traffic ended = counters.flows_ended.read();
    if (is_by_end(kind)) {
      EXPECT_EQ(groups.sent, ended) << what << ": what groups of kind " << i << " sent";
      EXPECT_EQ(groups.received, ended) << what << ": what groups of kind " << i << " received";
    } else {
      EXPECT_EQ(groups.sent + groups.received, ended) << what << ": groups of kind " << i;
    }
  }
  EXPECT_EQ(flows, by_protocol) << what << ": flows and protocols";
  EXPECT_EQ(sent, by_protocol) << what << ": what hosts sent";
  EXPECT_EQ(received, by_protocol) << what << ": what hosts received";
  EXPECT_EQ(by_protocol + unflowed, counters.total.read())
      << what << ": protocols and the interface";
}

}  // namespace weir::test_traffic
