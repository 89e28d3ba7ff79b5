// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ndpi_classifier.h"

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "record/applications.h"

namespace weir {
namespace {

using Bytes = std::vector<uint8_t>;

void put16(Bytes& bytes, uint16_t value) {
  bytes.push_back(static_cast<uint8_t>(value >> 8));
  bytes.push_back(static_cast<uint8_t>(value));
}

// An IPv4 datagram from 10.0.0.1 to `server`, or back.
Bytes datagram(uint8_t protocol, bool to_server, std::array<uint8_t, 4> server,
               const Bytes& inner) {
  Bytes bytes{0x45, 0};
  put16(bytes, static_cast<uint16_t>(20 + inner.size()));
  bytes.insert(bytes.end(), {0, 1, 0, 0, 64, protocol, 0, 0});
  const std::array<uint8_t, 4> client{10, 0, 0, 1};
  const auto& source = to_server ? client : server;
  const auto& destination = to_server ? server : client;
  bytes.insert(bytes.end(), source.begin(), source.end());
  bytes.insert(bytes.end(), destination.begin(), destination.end());
  bytes.insert(bytes.end(), inner.begin(), inner.end());
  return bytes;
}

struct Conversation {
  uint16_t client_port = 40000;
  uint16_t server_port = 53;
  std::array<uint8_t, 4> server{192, 0, 2, 1};

  [[nodiscard]] Bytes udp(bool to_server, const Bytes& payload) const {
    Bytes bytes;
    put16(bytes, to_server ? client_port : server_port);
    put16(bytes, to_server ? server_port : client_port);
    put16(bytes, static_cast<uint16_t>(8 + payload.size()));
    put16(bytes, 0);
    bytes.insert(bytes.end(), payload.begin(), payload.end());
    return datagram(17, to_server, server, bytes);
  }
  [[nodiscard]] Bytes tcp(bool to_server, uint32_t sequence, uint8_t flags,
                          std::string_view payload) const {
    Bytes bytes;
    put16(bytes, to_server ? client_port : server_port);
    put16(bytes, to_server ? server_port : client_port);
    put16(bytes, static_cast<uint16_t>(sequence >> 16));
    put16(bytes, static_cast<uint16_t>(sequence));
    bytes.insert(bytes.end(), {0, 0, 0, 0, 0x50, flags, 0xff, 0xff, 0, 0, 0, 0});
    bytes.insert(bytes.end(), payload.begin(), payload.end());
    return datagram(6, to_server, server, bytes);
  }
};

Bytes dns_query(std::string_view name) {
  Bytes bytes{0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0};
  while (!name.empty()) {
    const std::string_view label = name.substr(0, name.find('.'));
    bytes.push_back(static_cast<uint8_t>(label.size()));
    bytes.insert(bytes.end(), label.begin(), label.end());
    name.remove_prefix(std::min(name.size(), label.size() + 1));
  }
  bytes.insert(bytes.end(), {0, 0, 1, 0, 1});
  return bytes;
}

class NdpiClassifier : public testing::Test {
 protected:
  NdpiClassifier() {
    auto made = NdpiModule::create();
    EXPECT_TRUE(made.ok());
    if (made) module = std::move(*made);
  }
  std::unique_ptr<NdpiModule> module;
};

TEST_F(NdpiClassifier, NamesADnsQueryAndWhatItAsksFor) {
  NdpiFlow flow = module->begin();
  const NdpiVerdict verdict = module->inspect(
      flow, Conversation{}.udp(true, dns_query("www.google.com")), Timestamp{1000, 0});
  EXPECT_EQ(verdict.master, "DNS");
  EXPECT_EQ(verdict.application, "Google");
  EXPECT_EQ(verdict.confidence, Confidence::kPayload);
  EXPECT_FALSE(verdict.is_application_by_address);
}

TEST_F(NdpiClassifier, SaysNothingOfRandomBytesUntilItGivesUp) {
  Conversation conversation;
  conversation.server_port = 40001;
  NdpiFlow flow = module->begin();
  NdpiVerdict verdict;
  unsigned packets = 0;
  while (!verdict.is_final && packets < 1000) {
    verdict = module->inspect(
        flow, conversation.udp(packets % 2 == 0, Bytes(40, static_cast<uint8_t>(0x31 + packets))),
        Timestamp{1000 + packets, 0});
    ++packets;
  }
  EXPECT_EQ(verdict.master, "");
  EXPECT_EQ(verdict.confidence, Confidence::kNone);
  EXPECT_EQ(packets, NdpiModule::kMaxPackets);
}

TEST_F(NdpiClassifier, GuessesByPortAndByAddressWhenItGivesUp) {
  Conversation conversation;
  conversation.server_port = 22;
  NdpiFlow by_port = module->begin();
  (void)module->inspect(by_port, conversation.tcp(true, 1, 2, ""), Timestamp{1000, 0});
  NdpiVerdict verdict = module->give_up(by_port);
  EXPECT_TRUE(verdict.is_final);
  EXPECT_EQ(verdict.master, "SSH");
  EXPECT_EQ(verdict.confidence, Confidence::kPort);

  conversation = {40000, 40001, {8, 8, 8, 8}};
  NdpiFlow by_address = module->begin();
  (void)module->inspect(by_address, conversation.tcp(true, 1, 2, ""), Timestamp{1000, 0});
  verdict = module->give_up(by_address);
  EXPECT_EQ(verdict.master, "Google");
  EXPECT_EQ(verdict.confidence, Confidence::kAddress);
}

TEST_F(NdpiClassifier, TellsAnApplicationByAddressFromOneByName) {
  const Conversation conversation{40000, 80, {17, 5, 4, 3}};  // Apple's network
  for (const bool is_named : {false, true}) {
    NdpiFlow flow = module->begin();
    (void)module->inspect(flow, conversation.tcp(true, 0, 2, ""), Timestamp{1000, 0});
    (void)module->inspect(flow, conversation.tcp(false, 0, 0x12, ""), Timestamp{1000, 1});
    const std::string host = is_named ? "www.apple.com" : "192.0.2.7";
    (void)module->inspect(
        flow, conversation.tcp(true, 1, 0x18, "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n"),
        Timestamp{1000, 2});
    const NdpiVerdict verdict = module->give_up(flow);
    EXPECT_EQ(verdict.master, "HTTP");
    EXPECT_EQ(verdict.application, "Apple");
    EXPECT_EQ(verdict.is_application_by_address, !is_named);
  }
}

TEST_F(NdpiClassifier, ReadsTheHashOfBittorrentAndNothingElse) {
  std::string handshake(
      "\x13"
      "BitTorrent protocol",
      20);
  handshake.append(8, '\0');
  for (int i = 0; i < 20; ++i) handshake.push_back(static_cast<char>(i + 1));
  handshake.append("-XX0001-abcdefghijkl");
  Conversation conversation;
  conversation.server_port = 51413;
  NdpiFlow flow = module->begin();
  (void)module->inspect(flow, conversation.tcp(true, 1, 0x18, handshake), Timestamp{1000, 0});
  const NdpiVerdict verdict = module->give_up(flow);
  EXPECT_EQ(verdict.master, "BitTorrent");
  FlowMetadata metadata;
  module->copy_metadata(flow, verdict, metadata);
  EXPECT_EQ(metadata.first(MetadataField::kBittorrentHash),
            "0102030405060708090a0b0c0d0e0f1011121314");

  NdpiFlow dns = module->begin();
  (void)module->inspect(dns, Conversation{}.udp(true, dns_query("bittorrent.com")),
                        Timestamp{1, 0});
  FlowMetadata nothing;
  module->copy_metadata(dns, module->give_up(dns), nothing);
  EXPECT_TRUE(nothing.empty()) << "a DNS flow's bytes lie where a hash would";
}

TEST_F(NdpiClassifier, KnowsNamesAndNetworksWithoutAPacket) {
  EXPECT_EQ(module->match_host("www.google.com").application, "Google");
  EXPECT_EQ(module->match_host("WWW.Google.COM").application, "Google");
  EXPECT_EQ(module->match_host("www.google.com").category, "Web");
  EXPECT_TRUE(module->match_host("example.org").empty());
  EXPECT_TRUE(module->match_host("").empty());
  EXPECT_TRUE(module->match_host(std::string(5000, 'a')).empty());
  EXPECT_EQ(module->match_address(*IpAddress::parse("8.8.8.8")).application, "Google");
  EXPECT_TRUE(module->match_address(*IpAddress::parse("192.0.2.1")).empty());
  EXPECT_TRUE(module->match_address(*IpAddress::parse("2001:db8::1")).empty());
}

TEST_F(NdpiClassifier, TakesPacketsOfAnyLengthAndContent) {
  for (size_t length = 0; length < 80; ++length) {
    for (const int first : {0x45, 0x4f, 0x60, 0x00, 0xff}) {
      Bytes packet(length, 0xc3);
      if (length > 0) packet[0] = static_cast<uint8_t>(first);
      NdpiFlow flow = module->begin();
      (void)module->inspect(flow, packet, Timestamp{1000, 0});
      EXPECT_TRUE(module->give_up(flow).is_final);
    }
  }
  NdpiFlow none;
  EXPECT_FALSE(static_cast<bool>(none));
  EXPECT_TRUE(module->inspect(none, {}, Timestamp{}).is_final);
  EXPECT_TRUE(module->give_up(none).is_final);
}

TEST_F(NdpiClassifier, CountsTheMemoryOfItsFlowsAndPoolsThem) {
  EXPECT_EQ(module->flow_bytes_in_use(), 0U);
  size_t one = 0;
  {
    NdpiFlow flow = module->begin();
    one = module->flow_bytes_in_use();
    EXPECT_GE(one, 600U);
    std::vector<NdpiFlow> flows;
    for (int i = 0; i < 200; ++i) flows.push_back(module->begin());
    EXPECT_EQ(module->flow_bytes_in_use(), 201 * one);
  }
  const size_t pooled = module->flow_bytes_in_use();
  EXPECT_LE(pooled, 64 * one) << "what the pool keeps";
  for (int i = 0; i < 1000; ++i) {
    NdpiFlow flow = module->begin();
    (void)module->inspect(flow, Conversation{}.udp(true, dns_query("www.google.com")),
                          Timestamp{1000, 0});
    (void)module->give_up(flow);
  }
  EXPECT_EQ(module->flow_bytes_in_use(), pooled) << "nothing of a flow stays";
}

TEST_F(NdpiClassifier, NamesItsProtocolsInTheCatalogue) {
  module->name_applications();
  EXPECT_NE(find_application("WireGuard"), kApplicationUnknown);
  EXPECT_NE(find_application("IPSec"), kApplicationUnknown);
  EXPECT_EQ(find_application("IPsec"), kApplicationUnknown) << "another version's spelling";
  EXPECT_EQ(application_category(find_application("YouTube")), "Media");
}

TEST(NdpiModules, OfSeveralThreadsSayTheSame) {
  std::vector<NdpiVerdict> verdicts(3);
  std::vector<std::unique_ptr<NdpiModule>> modules(3);
  {
    std::vector<std::jthread> threads;
    for (size_t i = 0; i < verdicts.size(); ++i) {
      threads.emplace_back([&, i] {
        auto module = NdpiModule::create();
        if (!module) return;
        modules[i] = std::move(*module);
        NdpiFlow flow = modules[i]->begin();
        verdicts[i] = modules[i]->inspect(
            flow, Conversation{}.udp(true, dns_query("www.facebook.com")), Timestamp{1000, 0});
      });
    }
  }
  for (const NdpiVerdict& verdict : verdicts) {
    EXPECT_EQ(verdict.master, "DNS");
    EXPECT_EQ(verdict.application, "Facebook");
  }
}

}  // namespace
}  // namespace weir
