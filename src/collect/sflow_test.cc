// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/sflow.h"

#include <gtest/gtest.h>

#include "collect/test_messages.h"

namespace weir {
namespace {

using namespace test_messages;  // NOLINT(google-build-using-namespace): made for tests

Bytes words(std::initializer_list<uint32_t> values) {
  Bytes bytes;
  for (const uint32_t value : values) put(bytes, value, 4);
  return bytes;
}

Bytes record(uint32_t format, const Bytes& content) {
  Bytes bytes = words({format, static_cast<uint32_t>(content.size())});
  append(bytes, content);
  return bytes;
}

Bytes datagram(const std::vector<Bytes>& samples, uint32_t sequence = 1) {
  Bytes bytes = words({5, 1, 0xc0000209, 2, sequence, 5000, static_cast<uint32_t>(samples.size())});
  for (const Bytes& sample : samples) append(bytes, sample);
  return bytes;
}

// An Ethernet frame with IPv4 and UDP, cut in the UDP header's middle.
Bytes frame() {
  Bytes bytes{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x81, 0x00, 0x00, 0x14, 0x08, 0x00};
  append(bytes, {0x45, 0, 0, 200, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2});
  append(bytes, {0x9c, 0x40, 0x00, 0x35, 0x00, 0xb4, 0, 0});
  return bytes;
}

Bytes raw_header(const Bytes& header, uint32_t frame_length, uint32_t protocol = 1) {
  Bytes content = words({protocol, frame_length, 4, static_cast<uint32_t>(header.size())});
  append(content, header);
  content.resize((content.size() + 3) / 4 * 4);
  return record(1, content);
}

// `source`: its class in the first byte.
Bytes flow_sample(const std::vector<Bytes>& records, uint32_t input = 3, uint32_t output = 4,
                  uint32_t source = 5) {
  Bytes content =
      words({11, source, 256, 100'000, 7, input, output, static_cast<uint32_t>(records.size())});
  for (const Bytes& one : records) append(content, one);
  return record(1, content);
}

CollectedFlow only_flow(const Bytes& message) {
  Collector collector({.secret = {1, 2, 3, 4}});
  EXPECT_EQ(collector.take(message, peer(), kNow), ExportError::kNone);
  EXPECT_EQ(collector.flows().size(), 1U);
  return collector.flows().empty() ? CollectedFlow() : collector.flows().front();
}

TEST(Sflow, ReadsTheHeaderThatWasSampledAsPacketsAreRead) {
  const CollectedFlow flow = only_flow(datagram({flow_sample({raw_header(frame(), 222)})}));
  EXPECT_EQ(flow.source.to_string(), "10.0.0.1");
  EXPECT_EQ(flow.destination_port, 53);
  EXPECT_EQ(flow.protocol, 17);
  EXPECT_EQ(flow.vlan.count, 1);
  EXPECT_EQ(flow.vlan.ids[0], 20);
  EXPECT_EQ(flow.forward, (Traffic{256, 256 * 222}));
  EXPECT_EQ(flow.origin.exporter.to_string(), "192.0.2.9");
  EXPECT_EQ(flow.origin.input, 3U);
  EXPECT_EQ(flow.origin.output, 4U);
}

TEST(Sflow, ReadsExpandedSamples) {
  Bytes content = words({11, 0, 5, 10, 1000, 0, 0, 0x1000000, 0, 0x1000001, 1});
  append(content, raw_header(frame(), 100));
  const CollectedFlow flow = only_flow(datagram({record(3, content)}));
  EXPECT_EQ(flow.origin.input, 0x1000000U);
  EXPECT_EQ(flow.origin.output, 0x1000001U);
  EXPECT_EQ(flow.forward, (Traffic{10, 1000}));
}

TEST(Sflow, KnowsInterfacesThatAreNone) {
  const CollectedFlow flow =
      only_flow(datagram({flow_sample({raw_header(frame(), 100)}, 0x3fffffff, 0x80000002)}));
  EXPECT_EQ(flow.origin.input, 0U);
  EXPECT_EQ(flow.origin.output, 0U);
}

TEST(Sflow, ReadsWhatAgentsReadThemselves) {
  Bytes v4 = words({80, 6, 0x0a000001, 0x0a000002, 50'000, 80, 0x12, 0});
  const CollectedFlow four = only_flow(datagram({flow_sample({record(3, v4)})}));
  EXPECT_EQ(four.source.to_string(), "10.0.0.1");
  EXPECT_EQ(four.source_port, 50'000);
  EXPECT_EQ(four.tcp_flags, 0x12);
  EXPECT_EQ(four.forward, (Traffic{256, 256 * 80}));
  Bytes v6 = words({90, 17, 0x20010db8, 0, 0, 1, 0x20010db8, 0, 0, 2, 5353, 5353, 0, 0});
  const CollectedFlow six = only_flow(datagram({flow_sample({record(4, v6)})}));
  EXPECT_EQ(six.destination.to_string(), "2001:db8::2");
  Bytes ethernet = words({64, 0x02000000, 0x00010000, 0x02000000, 0x00020000, 0x88cc});
  const CollectedFlow none = only_flow(datagram({flow_sample({record(2, ethernet)})}));
  EXPECT_FALSE(none.has_ip);
  EXPECT_EQ(none.ethertype, 0x88cc);
  EXPECT_EQ(none.destination_mac.to_string(), "02:00:00:00:00:02");
}

TEST(Sflow, TakesVlanAndAsFromWhatTheSwitchKnows) {
  Bytes untagged = frame();
  untagged.erase(untagged.begin() + 12, untagged.begin() + 16);
  const Bytes of_switch = record(1001, words({30, 0, 40, 0}));
  const Bytes gateway = record(1003, words({1, 0xc0000201, 64'500, 64'501, 64'502, 2, 2, 2, 64'510,
                                            64'511, 1, 1, 64'512, 0, 100}));
  const CollectedFlow flow =
      only_flow(datagram({flow_sample({raw_header(untagged, 100), of_switch, gateway})}));
  EXPECT_EQ(flow.vlan.ids[0], 30);
  EXPECT_EQ(flow.source_as, 64'501U);
  EXPECT_EQ(flow.destination_as, 64'512U);
}

TEST(Sflow, CountsOnceWhatIsSampledWhereItComesInAndWhereItGoesOut) {
  const auto flows_of = [](uint32_t first_source, uint32_t second_source) {
    const std::vector<Bytes> packet{raw_header(frame(), 222)};
    Collector collector({.secret = {1, 2, 3, 4}});
    EXPECT_EQ(collector.take(datagram({flow_sample(packet, 3, 4, first_source),
                                       flow_sample(packet, 3, 4, second_source)}),
                             peer(), kNow),
              ExportError::kNone);
    return collector.flows().size();
  };
  EXPECT_EQ(flows_of(3, 4), 1U);
  EXPECT_EQ(flows_of(3, 3), 2U) << "two packets";
  constexpr uint32_t kEntity = 2U << 24;
  EXPECT_EQ(flows_of(kEntity | 3, kEntity | 4), 2U) << "no interfaces, whatever their numbers";
}

TEST(Sflow, BelievesNoCountOfTheGateway) {
  const Bytes gateway =
      record(1003, words({1, 0xc0000201, 64'500, 64'501, 64'502, 0xffffffff, 2, 0xffffffff}));
  const CollectedFlow flow =
      only_flow(datagram({flow_sample({raw_header(frame(), 100), gateway})}));
  EXPECT_EQ(flow.destination_as, 64'500U);
}

TEST(Sflow, SkipsSamplesAndRecordsItDoesNotKnow) {
  const Bytes foreign = record(0x00186a01, words({1, 2, 3}));
  const CollectedFlow flow = only_flow(
      datagram({foreign, flow_sample({record(0x00186a02, words({1})), raw_header(frame(), 100)})}));
  EXPECT_EQ(flow.forward.bytes, 25'600U);
}

TEST(Sflow, KeepsCountersOfInterfaces) {
  Bytes content = words({9, 7, 2});
  Bytes generic = words({7, 6, 0, 1'000'000'000, 1, 3});
  append(generic, words({1, 0, 10, 20, 30, 4, 5, 0xffffffff}));
  append(generic, words({0, 5000, 11, 21, 31, 6, 8, 0}));
  append(content, record(1, generic));
  Bytes name = words({4});
  append(name, {'s', 'w', 'p', '7'});
  append(content, record(1005, name));
  Collector collector({.secret = {1, 2, 3, 4}});
  EXPECT_EQ(collector.take(datagram({record(2, content)}), peer(), kNow), ExportError::kNone);
  const auto interfaces = only_exporter(collector).interfaces.list();
  ASSERT_EQ(interfaces.size(), 1U);
  EXPECT_EQ(interfaces[0].index, 7U);
  EXPECT_EQ(interfaces[0].name, "swp7");
  ASSERT_TRUE(interfaces[0].counters);
  EXPECT_EQ(interfaces[0].counters->speed_bps, 1'000'000'000U);
  EXPECT_TRUE(interfaces[0].counters->is_up);
  EXPECT_EQ(interfaces[0].counters->in_octets, uint64_t{1} << 32);
  EXPECT_EQ(interfaces[0].counters->in_packets, 60U);
  EXPECT_EQ(interfaces[0].counters->in_discards, 4U);
  EXPECT_EQ(interfaces[0].counters->in_errors, 5U);
  EXPECT_EQ(interfaces[0].counters->out_octets, 5000U);
  EXPECT_EQ(interfaces[0].counters->out_packets, 63U);
  EXPECT_EQ(interfaces[0].counters->out_discards, 6U);
  EXPECT_EQ(interfaces[0].counters->out_errors, 8U);
}

TEST(Sflow, CountsPacketsThatAHostDroppedAsEvents) {
  Bytes content = words({1, 0, 3, 0, 3, 0, 256, 1});
  append(content, raw_header(frame(), 100));
  Collector collector({.secret = {1, 2, 3, 4}});
  EXPECT_EQ(collector.take(datagram({record(5, content)}), peer(), kNow), ExportError::kNone);
  EXPECT_TRUE(collector.flows().empty());
  EXPECT_EQ(only_exporter(collector).counters.events, 1U);
}

TEST(Sflow, LosesDatagramsByTheirNumbers) {
  Collector collector({.secret = {1, 2, 3, 4}});
  for (const uint32_t sequence : {10U, 11U, 14U, 13U})
    (void)collector.take(datagram({}, sequence), peer(), kNow);
  EXPECT_EQ(only_exporter(collector).sequence.lost(), 1U);
}

TEST(Sflow, IsReadAsFarAsItGoes) {
  const Bytes whole = datagram({flow_sample({raw_header(frame(), 100)})});
  for (size_t length = 0; length < whole.size(); ++length) {
    Collector collector({.secret = {1, 2, 3, 4}});
    (void)collector.take(Bytes(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(length)),
                         peer(), kNow);
    EXPECT_TRUE(collector.flows().empty()) << length;
  }
}

}  // namespace
}  // namespace weir
