// SPDX-License-Identifier: GPL-3.0-or-later
// The shard's smaller parts: keys, fragments, clock, series, TCP states.
#include <gtest/gtest.h>

#include "engine/flow_key.h"
#include "engine/flow_slot.h"
#include "engine/fragment_table.h"
#include "engine/packet_clock.h"
#include "engine/second_series.h"
#include "engine/service_port.h"
#include "engine/tcp_state.h"
#include "engine/whole_second_rate.h"
#include "net/ip_protocol.h"

namespace weir {
namespace {

const KeyedHash kHash({3, 5, 7, 9});

DecodedPacket packet(const char* source, uint16_t source_port, const char* destination,
                     uint16_t destination_port) {
  DecodedPacket packet;
  packet.source = *IpAddress::parse(source);
  packet.destination = *IpAddress::parse(destination);
  packet.source_port = source_port;
  packet.destination_port = destination_port;
  packet.protocol = kProtocolUdp;
  packet.has_ip = true;
  packet.is_v6 = !packet.source.is_v4();
  return packet;
}

TEST(FlowKey, IsTheSameForBothDirections) {
  for (const auto& [a, b] :
       {std::pair{"10.0.0.1", "10.0.0.2"}, std::pair{"2001:db8::1", "2001:db8::2"},
        std::pair{"10.0.0.1", "10.0.0.1"}}) {
    const FlowKey there = make_flow_key(packet(a, 1, b, 2), kHash);
    const FlowKey back = make_flow_key(packet(b, 2, a, 1), kHash);
    EXPECT_EQ(there.words, back.words);
    EXPECT_EQ(there.hash, back.hash);
    EXPECT_EQ(there.kind, back.kind);
    EXPECT_NE(there.sender, back.sender);
    EXPECT_EQ(make_flow_ends(packet(a, 1, b, 2), there.sender),
              make_flow_ends(packet(b, 2, a, 1), back.sender));
  }
}

TEST(FlowKey, DiffersInEachPartOfTheSixTuple) {
  const DecodedPacket base = packet("10.0.0.1", 1, "10.0.0.2", 2);
  std::vector<DecodedPacket> others(6, base);
  others[0].source = *IpAddress::parse("10.0.0.3");
  others[1].destination = *IpAddress::parse("10.0.0.3");
  others[2].source_port = 3;
  others[3].destination_port = 3;
  others[4].protocol = kProtocolTcp;
  others[5].vlan.push(1);
  const FlowKey key = make_flow_key(base, kHash);
  for (const DecodedPacket& other : others) {
    const FlowKey different = make_flow_key(other, kHash);
    EXPECT_FALSE(different.words == key.words && different.kind == key.kind);
    EXPECT_NE(different.hash, key.hash);
  }
}

TEST(FlowKey, IsExactOnlyWhereSixteenBytesAreEnough) {
  DecodedPacket tagged = packet("10.0.0.1", 1, "10.0.0.2", 2);
  tagged.vlan.push(4095);
  tagged.vlan.push(1);
  EXPECT_TRUE(make_flow_key(tagged, kHash).is_exact());
  tagged.vlan.push(1);
  EXPECT_FALSE(make_flow_key(tagged, kHash).is_exact());
  EXPECT_FALSE(make_flow_key(packet("::1", 1, "::2", 2), kHash).is_exact());
}

class FragmentTableTest : public testing::Test {
 protected:
  DecodedPacket fragment(uint32_t id, bool later, uint16_t source_port = 0) {
    DecodedPacket fragment = packet("10.0.0.1", source_port, "10.0.0.2", later ? 0 : 53);
    fragment.is_fragment = true;
    fragment.is_later_fragment = later;
    fragment.fragment_id = id;
    return fragment;
  }
  FragmentTable table_{kHash};
};

TEST_F(FragmentTableTest, GivesLaterFragmentsThePortsOfTheFirst) {
  DecodedPacket first = fragment(7, false, 4000);
  table_.resolve(first, {100, 0});
  DecodedPacket later = fragment(7, true);
  table_.resolve(later, {101, 0});
  EXPECT_EQ(later.source_port, 4000);
  EXPECT_EQ(later.destination_port, 53);
  DecodedPacket other = fragment(8, true);
  table_.resolve(other, {101, 0});
  EXPECT_EQ(other.source_port, 0);
  EXPECT_EQ(table_.unresolved(), 1U);
}

TEST_F(FragmentTableTest, ForgetsAfterThirtySeconds) {
  DecodedPacket first = fragment(7, false, 4000);
  table_.resolve(first, {100, 0});
  DecodedPacket later = fragment(7, true);
  table_.resolve(later, {131, 0});
  EXPECT_EQ(later.source_port, 0);
}

TEST_F(FragmentTableTest, TakesFragmentsThatWereCapturedOutOfOrder) {
  DecodedPacket first = fragment(7, false, 4000);
  table_.resolve(first, {100, 0});
  DecodedPacket later = fragment(7, true);
  table_.resolve(later, {99, 999});
  EXPECT_EQ(later.source_port, 4000);
}

TEST_F(FragmentTableTest, StaysBoundedAndKeepsTheNewest) {
  for (uint32_t id = 0; id < 100'000; ++id) {
    DecodedPacket first = fragment(id, false, static_cast<uint16_t>(id));
    table_.resolve(first, {100 + id / 10'000, 0});
  }
  DecodedPacket newest = fragment(99'999, true);
  table_.resolve(newest, {110, 0});
  EXPECT_EQ(newest.source_port, static_cast<uint16_t>(99'999));
}

TEST(PacketClock, FollowsForwardAndIgnoresDisorder) {
  PacketClock clock;
  clock.see({1000, 5});
  clock.see({990, 0});
  EXPECT_EQ(clock.now(), (Timestamp{1000, 5}));
  clock.see({2000, 0});
  EXPECT_EQ(clock.now().seconds, 2000U);
  EXPECT_EQ(clock.jumps(), 0U);
}

TEST(PacketClock, BelievesAJumpOnlyTwice) {
  PacketClock clock;
  clock.see({1'000'000, 0});
  clock.see({1'500'000, 0});
  EXPECT_EQ(clock.now().seconds, 1'000'000U);
  clock.see({1'500'001, 0});
  EXPECT_EQ(clock.now().seconds, 1'500'001U);
  clock.see({10, 0});
  clock.see({11, 0});
  EXPECT_EQ(clock.now().seconds, 11U);
  EXPECT_EQ(clock.jumps(), 2U);
}

TEST(PacketClock, IsNotMovedByOnePacketWithoutATime) {
  PacketClock clock;
  clock.see({1'000'000, 0});
  clock.see({0, 0});
  EXPECT_EQ(clock.now().seconds, 1'000'000U);
}

TEST(SecondSeries, KeepsEachSecondForAnHour) {
  SecondSeries series;
  const SeriesPoint one{.classes = {Traffic{1, 10}}, .directions = {}};
  EXPECT_TRUE(series.add(5000, 5000, one));
  EXPECT_TRUE(series.add(5000, 5000, one));
  EXPECT_EQ(series.at(5000)->classes.at(0), (Traffic{2, 20}));
  EXPECT_FALSE(series.at(5001));
  EXPECT_TRUE(series.add(5000 + SecondSeries::kSeconds, 5000 + SecondSeries::kSeconds, one));
  EXPECT_FALSE(series.at(5000));
  EXPECT_FALSE(series.add(5000, 5000 + SecondSeries::kSeconds, one))
      << "its place holds a later second";
}

TEST(SecondSeries, RefusesASecondBeyondTheClock) {
  SecondSeries series;
  const SeriesPoint one{.classes = {Traffic{1, 10}}, .directions = {}};
  EXPECT_TRUE(series.add(5000, 5000, one));
  EXPECT_FALSE(series.add(5000 + 10 * SecondSeries::kSeconds, 5000, one));
  EXPECT_EQ(series.at(5000)->classes.at(0), (Traffic{1, 10}));
}

TEST(PacketClock, ForgetsACandidateThatTheNextPacketDenies) {
  PacketClock clock;
  clock.see({1'000'000, 0});
  for (int i = 0; i < 10; ++i) {
    clock.see({1, 0});
    clock.see({1'000'001, 0});
  }
  EXPECT_EQ(clock.now().seconds, 1'000'001U);
  EXPECT_EQ(clock.jumps(), 0U);
}

TEST(PacketClock, IsNotFooledByTheEndsOfTime) {
  PacketClock clock;
  clock.see({10, 0});
  clock.see({UINT32_MAX, 0});
  EXPECT_EQ(clock.now().seconds, 10U);
}

TEST(WholeSecondRate, IsOfTheSecondBefore) {
  const Traffic current{1, 2};
  const Traffic last{3, 4};
  EXPECT_EQ(whole_second_rate(10, 10, current, last), last);
  EXPECT_EQ(whole_second_rate(11, 10, current, last), current);
  EXPECT_EQ(whole_second_rate(12, 10, current, last), Traffic{});
  EXPECT_EQ(whole_second_rate(9, 10, current, last), Traffic{});
}

TEST(TcpState, IsReadFromTheMarks) {
  uint8_t marks = next_tcp_marks(0, kTcpSyn, 0, false);
  EXPECT_EQ(state_of(marks, kProtocolTcp, false), FlowState::kSynSent);
  marks = next_tcp_marks(marks, kTcpRst | kTcpAck, 1, true);
  EXPECT_EQ(state_of(marks, kProtocolTcp, true), FlowState::kReset);
  EXPECT_FALSE(begins_anew(marks, kTcpSyn))
      << "a refused attempt that is repeated is the same flow";
  EXPECT_EQ(state_of(next_tcp_marks(0, kTcpAck, 0, false), kProtocolTcp, false),
            FlowState::kOneWay);
  EXPECT_EQ(state_of(next_tcp_marks(0, kTcpAck, 0, true), kProtocolTcp, true),
            FlowState::kEstablished)
      << "joined in the middle";
  EXPECT_EQ(state_of(0, kProtocolUdp, true), FlowState::kTwoWay);
}

TEST(ServicePort, TellsWhoTheClientIs) {
  DecodedPacket datagram = packet("10.0.0.1", 53, "10.0.0.2", 40000);
  EXPECT_FALSE(client_is_sender(datagram));
  datagram.destination_port = 53;
  EXPECT_TRUE(client_is_sender(datagram)) << "both are services: the first speaker";
  DecodedPacket segment = packet("10.0.0.1", 80, "10.0.0.2", 40000);
  segment.protocol = kProtocolTcp;
  segment.tcp_flags = kTcpSyn;
  EXPECT_TRUE(client_is_sender(segment)) << "a SYN says it whatever the ports";
  segment.tcp_flags = kTcpSyn | kTcpAck;
  EXPECT_FALSE(client_is_sender(segment));
}

}  // namespace
}  // namespace weir
