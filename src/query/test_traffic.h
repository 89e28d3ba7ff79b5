// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "decode/test_packets.h"
#include "engine/interface.h"
#include "net/ip_protocol.h"
#include "query/live_questions.h"

// Requests name only what they ask for.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

// A real engine with traffic that a test writes down, for questions about it.
namespace weir::test_traffic {

using test_packets::Bytes;

// One packet, as a test tells it.
struct Sent {
  std::string source = "10.0.0.1";
  std::string destination = "10.0.0.2";
  uint16_t source_port = 0;
  uint16_t destination_port = 0;
  uint8_t protocol = kProtocolUdp;
  uint32_t length = 100;  // on the wire
  Timestamp when{1000, 0};
  std::vector<uint16_t> vlan = {};
  uint8_t tcp_flags = 0x10;
  Bytes frame = {};  // instead of all but length and when: the bytes as they are
};

inline Bytes bytes_of(const IpAddress& address) {
  return {address.bytes().begin() + (address.is_v4() ? 12 : 0), address.bytes().end()};
}

inline Bytes transport_of(const Sent& sent) {
  using namespace test_packets;
  const Bytes ports = u16(sent.source_port) + u16(sent.destination_port);
  if (sent.protocol == kProtocolUdp) return ports + u16(8) + u16(0);
  if (sent.protocol != kProtocolTcp) return hex("0800 0000 0000 0000");
  return ports + hex("00000001 00000002 50") + Bytes{sent.tcp_flags} + hex("0003 0000 0000");
}

// Each address has a MAC address with the same last byte, of a maker of its own.
inline Bytes mac_of(const IpAddress& address) {
  const uint8_t last = address.bytes().back();
  return {0x04, 0, last, 0, 0, last};
}

inline Bytes frame_of(const Sent& sent) {
  using namespace test_packets;
  if (!sent.frame.empty()) return sent.frame;
  const IpAddress source = *IpAddress::parse(sent.source);
  const IpAddress destination = *IpAddress::parse(sent.destination);
  const Bytes transport = transport_of(sent);
  Bytes tags;
  for (const uint16_t id : sent.vlan) tags = tags + u16(0x8100) + u16(id);
  const Bytes link = mac_of(destination) + mac_of(source) + tags;
  if (!source.is_v4()) {
    return link + u16(0x86dd) + hex("60000000") + u16(transport.size()) + Bytes{sent.protocol, 64} +
           bytes_of(source) + bytes_of(destination) + transport;
  }
  return link + u16(0x0800) + hex("4500") + u16(20 + transport.size()) + hex("1234 0000") +
         Bytes{64, sent.protocol, 0, 0} + bytes_of(source) + bytes_of(destination) + transport;
}

// Shows the packets to a shard, in batches.
inline void feed(Shard& shard, const std::vector<Sent>& packets) {
  PacketBatch batch;
  std::vector<Bytes> frames;  // those the batch points into
  frames.reserve(kBatchSize);
  for (size_t i = 0; i < packets.size(); ++i) {
    const Bytes& frame = frames.emplace_back(frame_of(packets[i]));
    PacketView& view = batch.add() = {};
    view.data = frame.data();
    view.captured_length = static_cast<uint32_t>(frame.size());
    view.wire_length = packets[i].length;
    view.timestamp = packets[i].when;
    if (!batch.full() && i + 1 < packets.size()) continue;
    shard.process(batch);
    batch.clear();
    frames.clear();
  }
}

// An interface that has seen the packets; `shards` of them share the flows.
inline std::unique_ptr<Interface> watch(const std::string& id, const std::vector<Sent>& packets,
                                        uint32_t shards = 1, uint32_t first_shard = 0,
                                        FlowSink* sink = nullptr,
                                        std::shared_ptr<const Places> places = nullptr) {
  ShardOptions options;
  options.places = std::move(places);
  options.local_networks = {*Prefix::parse("10.0.0.0/8")};
  options.memory_bytes = size_t{16} << 20;
  options.secret = {0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9, 0x94d049bb133111eb, 0xd6e8feb86659fd93};
  options.count = shards;
  std::vector<std::unique_ptr<Shard>> made;
  for (options.index = 0; options.index < shards; ++options.index) {
    auto shard = Shard::create(options, sink);
    feed(**shard, packets);
    made.push_back(std::move(*shard));
  }
  return std::make_unique<Interface>(id, "the " + id, first_shard, std::move(made));
}

inline LiveQuestions::Setting setting_about(std::vector<const Interface*> interfaces) {
  LiveQuestions::Setting setting;
  setting.interfaces = std::move(interfaces);
  setting.local_networks = {*Prefix::parse("10.0.0.0/8")};
  setting.version = "1.2.3";
  setting.now = [] { return 2000.0; };
  setting.uptime = [] { return 60.0; };
  return setting;
}

inline LiveQuestions questions_about(std::vector<const Interface*> interfaces) {
  return LiveQuestions(setting_about(std::move(interfaces)));
}

// A TLS connection, a look-up of a name, a ping, a clock being set over IPv6 and a question for a
// MAC address in second 1000; one datagram in second 1001, so that the rates are those of 1000.
inline std::vector<Sent> a_second_of_traffic() {
  constexpr uint8_t kSyn = 2;
  constexpr uint8_t kSynAck = 0x12;
  return {
      {.source = "10.0.0.1",
       .destination = "192.0.2.1",
       .source_port = 40000,
       .destination_port = 443,
       .protocol = kProtocolTcp,
       .length = 100,
       .tcp_flags = kSyn},
      {.source = "192.0.2.1",
       .destination = "10.0.0.1",
       .source_port = 443,
       .destination_port = 40000,
       .protocol = kProtocolTcp,
       .length = 200,
       .tcp_flags = kSynAck},
      {.source = "10.0.0.1",
       .destination = "192.0.2.1",
       .source_port = 40000,
       .destination_port = 443,
       .protocol = kProtocolTcp,
       .length = 50},
      {.source = "10.0.0.3",
       .destination = "10.0.0.2",
       .source_port = 40001,
       .destination_port = 53,
       .length = 80},
      {.source = "10.0.0.2",
       .destination = "10.0.0.3",
       .source_port = 53,
       .destination_port = 40001,
       .length = 160},
      {.source = "10.0.0.1", .destination = "10.0.0.3", .protocol = kProtocolIcmp, .length = 64},
      {.source = "2001:db8::1",
       .destination = "2001:db8::2",
       .source_port = 40002,
       .destination_port = 123,
       .length = 90},
      {.length = 60, .frame = test_packets::ethernet(0x0806, Bytes(28))},
      {.source = "10.0.0.3",
       .destination = "10.0.0.2",
       .source_port = 40001,
       .destination_port = 53,
       .length = 1000,
       .when = {1001, 0}},
  };
}

// A segment of a TCP connection between 10.0.0.1 and 10.0.0.2, as a test tells it.
struct Segment {
  double when;
  bool from_client;
  uint8_t flags;
  std::string payload = {};
};

inline Bytes number(uint32_t value) {
  using namespace test_packets;
  return u16(value >> 16) + u16(value & 0xffff);
}

// Shows the segments of one connection to the server's port 80 to all shards.
inline void converse(const std::vector<Shard*>& shards, uint16_t client_port,
                     const std::vector<Segment>& segments) {
  using namespace test_packets;
  uint32_t next[2] = {1000, 2000};
  for (const Segment& segment : segments) {
    const bool up = segment.from_client;
    const Bytes payload(segment.payload.begin(), segment.payload.end());
    const Bytes tcp = u16(up ? client_port : 80) + u16(up ? 80 : client_port) +
                      number(next[up ? 0 : 1]) + number(next[up ? 1 : 0]) + Bytes{0x50} +
                      Bytes{segment.flags} + hex("1000 0000 0000") + payload;
    const Bytes frame = hex("020000000002 020000000001 0800 4500") + u16(20 + tcp.size()) +
                        hex("1234 0000 4006 0000") +
                        (up ? hex("0a000001 0a000002") : hex("0a000002 0a000001")) + tcp;
    next[up ? 0 : 1] += static_cast<uint32_t>(payload.size()) + ((segment.flags & 2) != 0 ? 1 : 0);
    PacketBatch batch;
    PacketView& view = batch.add() = {};
    view.data = frame.data();
    view.captured_length = view.wire_length = static_cast<uint32_t>(frame.size());
    view.timestamp = Timestamp::from_nanoseconds(static_cast<int64_t>(segment.when * 1e9));
    for (Shard* shard : shards) shard->process(batch);
  }
}

}  // namespace weir::test_traffic
