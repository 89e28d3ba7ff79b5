// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "corpus.h"
#include "decode/decode.h"

namespace weir {
namespace {

using nlohmann::json;

struct Count {
  uint64_t packets = 0;
  uint64_t bytes = 0;

  auto operator<=>(const Count&) const = default;
};

// "VLANs protocol endpoint endpoint", the endpoints in the order of their texts -> packets and
// bytes from the first and from the second. Made of the capture by decode() and of the expected
// answers, then compared.
struct Flows {
  std::map<std::string, std::array<Count, 2>> by_key;
  Count later_fragments;
  Count non_ip;

  void add(const std::string& prefix, const std::string& from, const std::string& to, Count count) {
    const bool is_forward = from <= to;
    const std::string key = prefix + (is_forward ? from + " " + to : to + " " + from);
    Count& side = by_key[key][is_forward ? 0 : 1];
    side.packets += count.packets;
    side.bytes += count.bytes;
  }
  bool operator==(const Flows&) const = default;
};

std::string endpoint(const IpAddress& address, bool is_v6, uint16_t port) {
  const std::string text = address.to_string();
  return (is_v6 ? "[" + text + "]" : text) + ":" + std::to_string(port);
}

void add_packet(Flows& flows, const PacketView& view) {
  DecodedPacket packet;
  decode(view, packet);
  const Count count{1, view.wire_length};
  const auto add_to = [&count](Count& sum) {
    sum.packets += count.packets;
    sum.bytes += count.bytes;
  };
  if (!packet.has_ip) return add_to(flows.non_ip);
  if (packet.is_later_fragment) return add_to(flows.later_fragments);
  std::string prefix;
  for (size_t i = 0; i < packet.vlan.count; ++i) prefix += std::to_string(packet.vlan.ids[i]) + ",";
  prefix += " " + std::to_string(packet.protocol) + " ";
  flows.add(prefix, endpoint(packet.source, packet.is_v6, packet.source_port),
            endpoint(packet.destination, packet.is_v6, packet.destination_port), count);
}

Count count_of(const json& object) {
  return {object.at("packets"), object.at("bytes")};
}

Flows expected_flows(const std::filesystem::path& file) {
  const json inner = json::parse(std::ifstream(file)).at("flows_inner");
  Flows flows;
  for (const json& flow : inner.at("flows")) {
    std::string prefix;
    for (const int id : flow.at("vlan")) prefix += std::to_string(id) + ",";
    prefix += " " + std::to_string(flow.at("l4").get<int>()) + " ";
    const std::string a = flow.at("a");
    const std::string b = flow.at("b");
    if (flow.at("pk_ab") != 0) flows.add(prefix, a, b, {flow.at("pk_ab"), flow.at("by_ab")});
    if (flow.at("pk_ba") != 0) flows.add(prefix, b, a, {flow.at("pk_ba"), flow.at("by_ba")});
  }
  flows.later_fragments = count_of(inner.at("later_fragments_not_in_flows"));
  flows.non_ip = count_of(inner.at("non_ip"));
  return flows;
}

std::string text_of(const std::array<Count, 2>& count) {
  std::ostringstream text;
  text << count[0].packets << "/" << count[0].bytes << " " << count[1].packets << "/"
       << count[1].bytes;
  return text.str();
}

// "" when they are the same; else a line for each flow that is not.
std::string difference(const Flows& expected, const Flows& got) {
  std::string text;
  for (const auto& [key, count] : expected.by_key) {
    const auto found = got.by_key.find(key);
    if (found == got.by_key.end()) {
      text += "  missing " + key + ": " + text_of(count) + "\n";
    } else if (found->second != count) {
      text += "  " + key + ": " + text_of(found->second) + ", expected " + text_of(count) + "\n";
    }
  }
  for (const auto& [key, count] : got.by_key) {
    if (!expected.by_key.contains(key)) text += "  extra " + key + ": " + text_of(count) + "\n";
  }
  if (got.non_ip != expected.non_ip) {
    text += "  non-IP " + text_of({got.non_ip, expected.non_ip}) + "\n";
  }
  if (got.later_fragments != expected.later_fragments) {
    text += "  later fragments " + text_of({got.later_fragments, expected.later_fragments}) + "\n";
  }
  return text;
}

// Where weir's flows are not those of the expected answers, and why. Each of them was looked at
// with tshark.
const std::map<std::string, std::string> kKnownDifferences{
    {"N-fuzz-2006-06-26-2594.pcap",
     "frame 669, ethertype IPv4 with version 6: tshark reads an IPv6 header there and finds the "
     "flow of two addresses that nobody has; weir counts it as non-IP, bad_version"},
    {"N-fuzz-2021-06-07-c6c72a0a56.pcap",
     "claims 4,093,509,168 bytes, which weir counts; tshark clamps them to 2,147,483,647"},
};

TEST(DecodeCorpus, FindsTheFlowsThatTsharkFinds) {
  const auto folder = corpus::find_captures();
  if (!folder) GTEST_SKIP() << "skipped: corpus not there";
  size_t files = 0;
  std::map<std::string, std::string> differences;
  for (const auto& file : corpus::list_captures(*folder)) {
    const std::string name = file.filename().string();
    Flows got;
    EXPECT_EQ(
        corpus::for_each_packet(file, [&got](const PacketView& view) { add_packet(got, view); }),
        "")
        << name;
    const std::string text =
        difference(expected_flows(*folder / "expected" / (name + ".json")), got);
    if (!text.empty()) differences[name] = text;
    ++files;
  }
  for (const auto& [name, text] : differences) {
    EXPECT_TRUE(kKnownDifferences.contains(name)) << name << "\n" << text;
  }
  for (const auto& [name, reason] : kKnownDifferences) {
    EXPECT_TRUE(differences.contains(name)) << name << " is equal now: " << reason;
  }
  EXPECT_EQ(files, 115U);
  EXPECT_GE(files - differences.size(), 110U);
}

}  // namespace
}  // namespace weir
