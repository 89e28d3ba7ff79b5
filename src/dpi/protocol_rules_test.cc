// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/protocol_rules.h"

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "dpi/built_in_rules.h"
#include "dpi/rule_file.h"
#include "record/applications.h"

namespace weir {
namespace {

std::shared_ptr<const ProtocolRules> rules_of(std::string_view user,
                                              std::string_view built_in = "") {
  auto rules = ProtocolRules::parse(built_in, user, "own.toml");
  EXPECT_TRUE(rules.ok()) << (rules.ok() ? "" : rules.error().message);
  return rules.ok() ? *rules : nullptr;
}

std::string error_of(std::string_view user) {
  const auto rules = ProtocolRules::parse("", user, "own.toml");
  return rules.ok() ? "" : rules.error().message;
}

Payload payload_of(const std::vector<uint8_t>& bytes, bool is_tcp = false, uint16_t port = 1) {
  Payload payload;
  payload.bytes = ByteReader(bytes);
  payload.is_tcp = is_tcp;
  payload.is_stream_start = true;
  payload.client_port = 40000;
  payload.server_port = port;
  return payload;
}

TEST(ProtocolRules, FindNamesAndAllBelowThem) {
  const auto rules = rules_of(R"(
[[application]]
name = "Shop"
category = "Shopping"
hosts = ["shop.example", "*.Cart.Example", "one.label"]
[[application]]
name = "Till"
hosts = "till.shop.example"
)");
  ASSERT_NE(rules, nullptr);
  EXPECT_EQ(rules->by_host("shop.example"), (RuleLabel{"Shop", "Shopping"}));
  EXPECT_EQ(rules->by_host("www.SHOP.example."), (RuleLabel{"Shop", "Shopping"}));
  EXPECT_EQ(rules->by_host("a.b.till.shop.example").application, "Till") << "the longer name";
  EXPECT_EQ(rules->by_host("cart.example").application, "Shop");
  EXPECT_TRUE(rules->by_host("workshop.example").empty()) << "labels count, not letters";
  EXPECT_TRUE(rules->by_host("example").empty());
  EXPECT_TRUE(rules->by_host("").empty());
  EXPECT_TRUE(rules->by_host(".").empty());
  EXPECT_TRUE(rules->by_host(std::string(254, 'a')).empty());
  EXPECT_TRUE(rules->by_host(std::string("shop.example\0", 13)).empty());
}

TEST(ProtocolRules, FindNetworksPortsAndFingerprints) {
  const auto rules = rules_of(R"(
[[application]]
name = "Plant"
category = "IoT-Scada"
networks = ["10.1.0.0/16", "2001:db8::/32"]
tcp = [9000, "9100-9102"]
udp = 9001
ja4 = "t13d1516h2_8daaf6152771_02713d6af862"
hassh = ["ec7378c1a92f5a8dde7e8b7a1ddf33d1"]
)");
  ASSERT_NE(rules, nullptr);
  EXPECT_EQ(rules->by_address(*IpAddress::parse("10.1.2.3")).application, "Plant");
  EXPECT_EQ(rules->by_address(*IpAddress::parse("2001:db8::1")).application, "Plant");
  EXPECT_TRUE(rules->by_address(*IpAddress::parse("10.2.0.0")).empty());
  EXPECT_EQ(rules->by_port(true, 9000).application, "Plant");
  EXPECT_EQ(rules->by_port(true, 9102).application, "Plant");
  EXPECT_TRUE(rules->by_port(true, 9103).empty());
  EXPECT_TRUE(rules->by_port(false, 9000).empty());
  EXPECT_EQ(rules->by_port(false, 9001).application, "Plant");
  EXPECT_EQ(rules->by_ja4("t13d1516h2_8daaf6152771_02713d6af862").application, "Plant");
  EXPECT_TRUE(rules->by_ja4("").empty());
  EXPECT_EQ(rules->by_hassh("ec7378c1a92f5a8dde7e8b7a1ddf33d1").application, "Plant");
}

TEST(ProtocolRules, FindPayloadsByBytesMaskPlaceSizeAndPort) {
  const auto rules = rules_of(R"(
[[application]]
name = "Exact"
payload = { bytes = "01 02 .. 04" }
[[application]]
name = "Masked"
payload = { bytes = "f0 ff", mask = "f0 0f", at_least = 3, at_most = 4 }
[[application]]
name = "Later"
payload = { at = 2, text = "hi", transport = "tcp" }
[[application]]
name = "Port"
payload = { bytes = "ab", ports = [7000], transport = "udp" }
)");
  ASSERT_NE(rules, nullptr);
  const auto name = [&](const std::vector<uint8_t>& bytes, bool is_tcp = false, uint16_t port = 1) {
    return std::string(rules->by_payload(payload_of(bytes, is_tcp, port)).application);
  };
  EXPECT_EQ(name({1, 2, 3, 4}), "Exact");
  EXPECT_EQ(name({1, 2, 99, 4, 5}), "Exact");
  EXPECT_EQ(name({1, 2, 3, 5}), "");
  EXPECT_EQ(name({1, 2, 3}), "") << "too short";
  EXPECT_EQ(name({0xf7, 0x2f, 0}), "Masked");
  EXPECT_EQ(name({0xf7, 0x2f}), "");
  EXPECT_EQ(name({0xf7, 0x2f, 0, 0, 0}), "");
  EXPECT_EQ(name({0xe7, 0x2f, 0}), "");
  EXPECT_EQ(name({9, 9, 'h', 'i'}, true), "Later");
  EXPECT_EQ(name({9, 9, 'h', 'i'}, false), "");
  EXPECT_EQ(name({0xab}, false, 7000), "Port");
  EXPECT_EQ(name({0xab}, false, 7001), "");
  EXPECT_EQ(name({0xab}, true, 7000), "");
  Payload later = payload_of({1, 2, 3, 4}, true);
  later.is_stream_start = false;
  EXPECT_TRUE(rules->by_payload(later).empty()) << "the middle of a stream begins nothing";
}

TEST(ProtocolRules, OfTheUserComeFirst) {
  const auto rules = rules_of(R"(
[[application]]
name = "Mine"
hosts = ["both.example"]
tcp = [80]
networks = ["192.0.2.0/24"]
payload = { bytes = "aa bb" }
)",
                              R"(
[[application]]
name = "Theirs"
hosts = ["both.example", "theirs.example"]
tcp = [80, 81]
networks = ["192.0.2.0/24", "198.51.100.0/24"]
payload = { bytes = "aa" }
)");
  ASSERT_NE(rules, nullptr);
  EXPECT_EQ(rules->by_host("both.example").application, "Mine");
  EXPECT_EQ(rules->by_host("theirs.example").application, "Theirs");
  EXPECT_EQ(rules->by_port(true, 80).application, "Mine");
  EXPECT_EQ(rules->by_port(true, 81).application, "Theirs");
  EXPECT_EQ(rules->by_address(*IpAddress::parse("192.0.2.1")).application, "Mine");
  EXPECT_EQ(rules->by_address(*IpAddress::parse("198.51.100.1")).application, "Theirs");
  EXPECT_EQ(rules->by_payload(payload_of({0xaa, 0xbb})).application, "Mine");
  EXPECT_EQ(rules->by_payload(payload_of({0xaa, 0xcc})).application, "Theirs");
}

TEST(ProtocolRules, SayWhereAFileIsWrong) {
  EXPECT_EQ(error_of("[[application]]\nname = \"A\"\nhost = [\"x\"]\n"),
            "own.toml:3: application A: host: there is no such key");
  EXPECT_EQ(error_of("[[application]]\ncategory = \"Web\"\n"),
            "own.toml:1: name: an application needs one");
  EXPECT_EQ(error_of("\n[application]\nname = \"A\"\n"),
            "own.toml:2: the only header is [[application]]");
  EXPECT_EQ(error_of("[[application]]\nname = \"A\"\nnetworks = [\n\"10.0.0.0/8\",\n\"10/8\"]\n"),
            "own.toml:5: application A: networks: \"10/8\" is no address or network");
  EXPECT_EQ(error_of("[[application]]\nname = \"A\"\ntcp = [0]\n"),
            "own.toml:3: application A: tcp: a port is 1 to 65535, or \"FIRST-LAST\"");
  EXPECT_EQ(error_of("[[application]]\nname = \"A\"\npayload = { bytes = \"0\" }\n"),
            "own.toml:3: application A: payload.bytes: bytes are pairs of hexadecimal digits or "
            "\"..\"");
  EXPECT_TRUE(error_of("[[application]\n").starts_with("own.toml:1: ")) << "no TOML";
}

TEST(ProtocolRules, SurviveBrokenValues) {
  for (const char* value : {"[,]", "[", "{", "{,}", "\"", "'", "]", ",", "", "[[", "[{", "[{]}",
                            "1e", "0x", "=", "\"\"\""})
    EXPECT_TRUE(
        error_of(std::string("[[application]]\nhosts = ") + value + "\n").starts_with("own.toml:"))
        << value;
}

TEST(ProtocolRules, KnowOneHeader) {
  EXPECT_EQ(error_of(" [[ application ]]  # as TOML has it\r\nname = \"A\"\n"), "");
  for (const char* header :
       {"[", "[[", "[%", "[[%]]", "[[application]]]", "[a]", "[[a]]", "[[application]] x"})
    EXPECT_TRUE(error_of(std::string("# first\n") + header + "\n").starts_with("own.toml:2: "))
        << header;
}

TEST(ProtocolRules, TakeLettersBeyondAsciiInCommentsOnly) {
  EXPECT_EQ(error_of("# B\xc3\xbcro\n[[application]]\nname = \"A\" # \xe2\x80\x8b \xef\xbb\xbf\n"),
            "");
  const std::string refused = "only comments may hold more than ASCII";
  EXPECT_EQ(error_of("[[application]]\nname = \"B\xc3\xbcro\"\n"), "own.toml:2: " + refused);
  EXPECT_EQ(error_of("[[application]]\nname = \"A#\xc3\xbc\"\n"), "own.toml:2: " + refused);
  EXPECT_EQ(error_of("\xc3\xbc = 1\n"), "own.toml:1: " + refused);
  EXPECT_EQ(error_of("a\xef\xb7\x90\n"), "own.toml:1: " + refused);
}

TEST(ProtocolRules, RefuseWhatMakesNoSense) {
  const auto is_refused = [](const std::string& keys) {
    return !error_of("[[application]]\nname = \"A\"\n" + keys + "\n").empty();
  };
  EXPECT_FALSE(is_refused("tcp = [1, 65535]"));
  for (const char* keys : {"tcp = [65536]",
                           "tcp = [\"5-4\"]",
                           "tcp = [\"5\"]",
                           "tcp = [\"a-b\"]",
                           "tcp = [1.5]",
                           "hosts = [\"\"]",
                           "hosts = [\".example\"]",
                           "hosts = [\"a b\"]",
                           "hosts = [\"http://x\"]",
                           "hosts = [5]",
                           "ja4 = [\"\"]",
                           "category = \"\"",
                           "category = 5",
                           "payload = 5",
                           "payload = { at = 1 }",
                           "payload = { bytes = \"\" }",
                           "payload = { text = \"\" }",
                           "payload = { bytes = \"00\", mask = \"0000\" }",
                           "payload = { bytes = \"00\", at = 64 }",
                           "payload = { bytes = \"00\", transport = \"sctp\" }",
                           "payload = { bytes = \"00\", x = 1 }",
                           "payload = { bytes = \"00\", at_least = -1 }"})
    EXPECT_TRUE(is_refused(keys)) << keys;
  EXPECT_FALSE(error_of("[[application]]\nname = \"\"\n").empty());
  EXPECT_FALSE(error_of("[[application]]\nname = \"a\\nb\"\n").empty());
  EXPECT_FALSE(error_of("[[application]]\nname = \"" + std::string(65, 'a') + "\"\n").empty());
  EXPECT_FALSE(error_of("application = 5\n").empty());
  EXPECT_FALSE(error_of("other = 5\n").empty());
  std::string many;
  for (size_t i = 0; i <= ProtocolRules::kMostRules; ++i) many += "[[application]]\nname = \"A\"\n";
  EXPECT_FALSE(error_of(many).empty());
}

TEST(ProtocolRules, AreReadFromAFile) {
  const std::string file = testing::TempDir() + "rules_" + std::to_string(getpid()) + ".toml";
  std::ofstream(file) << "[[application]]\nname = \"Mine\"\nhosts = [\"mine.example\"]\n";
  const auto good = ProtocolRules::load(file);
  ASSERT_TRUE(good.ok()) << good.error().message;
  EXPECT_EQ((*good)->by_host("www.mine.example").application, "Mine");
  EXPECT_FALSE((*good)->by_host("controlplane.tailscale.com").empty()) << "the built-in ones stay";
  std::ofstream(file) << "name = 1\n";
  const auto bad = ProtocolRules::load(file);
  ASSERT_FALSE(bad.ok());
  EXPECT_TRUE(bad.error().message.starts_with(file + ":1: ")) << bad.error().message;
  std::remove(file.c_str());
  EXPECT_FALSE(ProtocolRules::load(file).ok());
}

TEST(BuiltInRules, AreRightAndNameEachApplicationOnce) {
  const auto rules = parse_rule_file(built_in_rules(), "schema/protocols.toml");
  ASSERT_TRUE(rules.ok()) << rules.error().message;
  std::set<std::string> names;
  std::set<std::string> hosts;
  for (const ApplicationRule& rule : *rules) {
    EXPECT_TRUE(names.insert(rule.name).second) << rule.name << " stands twice";
    EXPECT_FALSE(rule.category.empty()) << rule.name;
    for (const std::string& host : rule.hosts)
      EXPECT_TRUE(hosts.insert(host).second) << host << " stands twice";
    const uint16_t number = find_application(rule.name);
    if (number == kApplicationUnknown) continue;
    EXPECT_EQ(application_category(number), rule.category) << rule.name;
  }
  EXPECT_GT(names.size(), 50U);
}

TEST(BuiltInRules, KnowTheirPayloads) {
  const auto rules = ProtocolRules::load("");
  ASSERT_TRUE(rules.ok());
  const auto name = [&](const std::vector<uint8_t>& bytes, bool is_tcp, uint16_t port = 1) {
    return (*rules)->by_payload(payload_of(bytes, is_tcp, port)).application;
  };
  EXPECT_EQ(name({0x54, 0x53, 0xf0, 0x9f, 0x92, 0xac, 1, 2, 3}, false), "Tailscale");
  EXPECT_EQ(name({0xff, 0xff, 0xff, 0xff, 0x21, 0x4c, 0x5f, 0xa0, 0}, false), "Steam");
  EXPECT_EQ(name({'c', 'e', 'p', 'h', ' ', 'v', '2', '\n'}, true), "Ceph");
  EXPECT_EQ(name({'F', 'I', 'N', 'S', 0, 0, 0, 12}, true), "FINS");
  EXPECT_EQ(name({'R', 'O', 'U', 'G', 'H', 'T', 'I', 'M', 0, 4}, false), "Roughtime");
  const std::vector<uint8_t> ping{1,    0,    0,    0,    0,    0,    0,    0,    7,
                                  0x00, 0xff, 0xff, 0x00, 0xfe, 0xfe, 0xfe, 0xfe, 0xfd,
                                  0xfd, 0xfd, 0xfd, 0x12, 0x34, 0x56, 0x78};
  EXPECT_EQ(name(ping, false), "RakNet");
}

}  // namespace
}  // namespace weir
