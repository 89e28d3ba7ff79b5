// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/ipfix_encoder.h"

#include <ctime>
#include <utility>

#include <gtest/gtest.h>

#include "base/byte_reader.h"
#include "collect/collector.h"
#include "record/instance_paths.h"
#include "record/test_records.h"

namespace weir {
namespace {

uint32_t now_seconds() {
  return static_cast<uint32_t>(time(nullptr));
}

ExportedFlow flow_to_export() {
  ExportedFlow flow;
  flow.flow = test_records::full_flow();
  flow.flow.origin = {};
  flow.flow.origin.path = path_number("leaf");
  // What is far in the past is not believed.
  flow.flow.first_seen = {now_seconds() - 300, 0};
  flow.flow.last_seen = {now_seconds() - 1, 500'000'000};
  return flow;
}

// What our own decoder makes of messages.
class Reader {
 public:
  void take(const std::string& message) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(message.data());
    EXPECT_EQ(collector_.take({bytes, message.size()}, {*IpAddress::parse("192.0.2.9"), 4739},
                              int64_t{now_seconds()} * 1'000'000'000),
              ExportError::kNone);
  }
  [[nodiscard]] const std::vector<CollectedFlow>& flows() const { return collector_.flows(); }
  [[nodiscard]] uint64_t lost() const {
    uint64_t lost = 0;
    collector_.exporters().visit([&](const Exporter& one) { lost += one.sequence.lost(); });
    return lost;
  }

 private:
  Collector collector_{CollectorOptions{.secret = {1, 2, 3, 4}}};
};

std::vector<Message> encoded(IpfixEncoder& encoder, const std::vector<ExportedFlow>& flows) {
  std::vector<Message> messages;
  for (const ExportedFlow& flow : flows) encoder.add(flow, {}, messages);
  encoder.flush(messages);
  return messages;
}

TEST(IpfixEncoder, IsReadAsItWasWritten) {
  IpfixEncoder encoder(IpfixEncoder::kDatagram);
  ExportedFlow v6 = flow_to_export();
  v6.flow.client = *IpAddress::parse("2001:db8::1");
  v6.flow.server = *IpAddress::parse("2001:db8::2");
  const auto messages = encoded(encoder, {flow_to_export(), v6});
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].flows, 2U);
  Reader reader;
  reader.take(messages[0].bytes);
  ASSERT_EQ(reader.flows().size(), 2U);
  const CollectedFlow& flow = reader.flows()[0];
  EXPECT_EQ(flow.source.to_string(), "10.1.2.3");
  EXPECT_EQ(flow.destination.to_string(), "192.0.2.1");
  EXPECT_EQ(flow.source_port, 40000);
  EXPECT_EQ(flow.destination_port, 443);
  EXPECT_TRUE(flow.source_began);
  EXPECT_EQ(flow.tcp_flags, 0x1b);
  EXPECT_EQ(flow.reverse_tcp_flags, 0x1a);
  // To the byte as weir counts, not as other collectors do.
  EXPECT_EQ(flow.forward, flow_to_export().flow.to_server);
  EXPECT_EQ(flow.reverse, flow_to_export().flow.to_client);
  EXPECT_EQ(flow.application, flow_to_export().flow.application);
  EXPECT_EQ(path_text(flow.origin.path), "leaf");
  EXPECT_EQ(flow.origin.exporter.to_string(), "192.0.2.9");
  EXPECT_EQ(flow.vlan, flow_to_export().flow.vlan);
  EXPECT_EQ(flow.source_mac, flow_to_export().flow.client_mac);
  EXPECT_EQ(flow.last.as_nanoseconds() - flow.first.as_nanoseconds(), 299'500'000'000);
  EXPECT_NEAR(flow.last.seconds, now_seconds(), 5);
  EXPECT_EQ(reader.flows()[1].source.to_string(), "2001:db8::1");
}

TEST(IpfixEncoder, SaysWhoToldOfTheFlowFirst) {
  IpfixEncoder encoder(IpfixEncoder::kMessage);
  ExportedFlow relayed = flow_to_export();
  relayed.flow.origin = {*IpAddress::parse("198.51.100.1"), 3, 4, path_number("leaf/middle")};
  Reader reader;
  reader.take(encoded(encoder, {relayed})[0].bytes);
  ASSERT_EQ(reader.flows().size(), 1U);
  const FlowOrigin& origin = reader.flows()[0].origin;
  EXPECT_EQ(origin.exporter.to_string(), "198.51.100.1");
  EXPECT_EQ(origin.input, 3U);
  EXPECT_EQ(path_text(origin.path), "leaf/middle");
}

TEST(IpfixEncoder, KeepsDatagramsSmallAndNumbersRecords) {
  IpfixEncoder encoder(IpfixEncoder::kDatagram);
  std::vector<ExportedFlow> flows;
  for (uint16_t port = 1000; port < 1100; ++port) {
    ExportedFlow flow = flow_to_export();
    flow.flow.client_port = port;
    flow.flow.metadata.add(MetadataField::kServerName, std::string(port % 300, 'x'));
    flows.push_back(flow);
  }
  const auto messages = encoded(encoder, flows);
  EXPECT_GT(messages.size(), 10U);
  Reader reader;
  for (const Message& message : messages) {
    EXPECT_LE(message.bytes.size(), IpfixEncoder::kDatagram);
    reader.take(message.bytes);
  }
  EXPECT_EQ(reader.flows().size(), flows.size());
  EXPECT_EQ(reader.lost(), 0U);
}

TEST(IpfixEncoder, IsReadFromWhateverMessageOn) {
  IpfixEncoder encoder(IpfixEncoder::kMessage);
  (void)encoded(encoder, {flow_to_export()});
  const auto second = encoded(encoder, {flow_to_export()});
  const auto third = encoded(encoder, {flow_to_export()});
  Reader reader;
  reader.take(second[0].bytes);
  reader.take(third[0].bytes);
  EXPECT_EQ(reader.flows().size(), 2U);
  EXPECT_EQ(reader.lost(), 0U);
}

// What collectors of others read, which know nothing of our own fields.
std::pair<uint64_t, uint64_t> datagram_octets(bool counts_frames) {
  IpfixEncoder encoder(IpfixEncoder::kMessage);
  ExportedFlow flow = flow_to_export();
  flow.counts_frames = counts_frames;
  std::string bytes = encoded(encoder, {flow})[0].bytes;
  // Another enterprise's fields are passed over.
  const std::string ours{0, 0, 0x7e, static_cast<char>(0xd9)};
  const std::string others{0, 0, 0x7e, static_cast<char>(0xda)};
  for (size_t at = 0; (at = bytes.find(ours, at)) != std::string::npos;)
    bytes.replace(at, ours.size(), others);
  Reader reader;
  reader.take(bytes);
  if (reader.flows().size() != 1) return {};
  return {reader.flows()[0].forward.bytes, reader.flows()[0].reverse.bytes};
}

TEST(IpfixEncoder, TakesOffWhatFramesHoldBesidesDatagrams) {
  const FlowRecord flow = flow_to_export().flow;
  EXPECT_EQ(datagram_octets(false), std::pair(flow.to_server.bytes, flow.to_client.bytes));
  constexpr uint64_t kAround = 14 + 2 * 4;  // Ethernet, two tags
  EXPECT_EQ(datagram_octets(true),
            std::pair(flow.to_server.bytes - kAround * flow.to_server.packets,
                      flow.to_client.bytes - kAround * flow.to_client.packets));
}

TEST(IpfixEncoder, SaysWhenItIsSent) {
  IpfixEncoder encoder(IpfixEncoder::kMessage);
  Message message = encoded(encoder, {flow_to_export()})[0];
  const Message before = message;
  message.bytes.replace(4, 4, std::string(4, '\0'));
  encoder.stamp(message);
  EXPECT_NEAR(ByteReader(reinterpret_cast<const uint8_t*>(message.bytes.data()), 16).u32(4),
              now_seconds(), 5);
  EXPECT_EQ(message.bytes.substr(8), before.bytes.substr(8));
}

TEST(IpfixEncoder, HasNothingToSayOfNothing) {
  IpfixEncoder encoder(IpfixEncoder::kDatagram);
  EXPECT_TRUE(encoded(encoder, {}).empty());
}

}  // namespace
}  // namespace weir
