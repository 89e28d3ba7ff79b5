// SPDX-License-Identifier: GPL-3.0-or-later
// The kernel program that shares packets out to shards, against what decode() calls a flow.
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>

#include "capture/fanout_program.h"
#include "corpus.h"
#include "decode/decode.h"

namespace weir {
namespace {

// More than a page the kernel does not take for a test; a packet that was cut says less than it
// would on the wire.
bool can_run(const PacketView& view) {
  constexpr uint32_t kLeast = 14;
  constexpr uint32_t kMost = 3000;
  return view.link_type == LinkType::kEthernet && view.captured_length == view.wire_length &&
         view.captured_length >= kLeast && view.captured_length <= kMost;
}

// Both directions of a flow give the same text.
std::string flow_of(const DecodedPacket& packet) {
  const auto end = [](const IpAddress& address, uint16_t port) {
    return address.to_string() + ":" + std::to_string(port);
  };
  std::string first = end(packet.source, packet.source_port);
  std::string second = end(packet.destination, packet.destination_port);
  if (second < first) std::swap(first, second);
  std::ostringstream text;
  for (size_t i = 0; i < packet.vlan.count; ++i) text << packet.vlan.ids[i] << ",";
  text << " " << int{packet.protocol} << " " << first << " " << second;
  return text.str();
}

struct FlowsByAnswer {
  std::map<std::string, std::set<uint32_t>> answers;
  size_t packets = 0;
  size_t in_tunnels = 0;
};

FlowsByAnswer ask_about(const std::filesystem::path& file, const KernelProgram& program) {
  FlowsByAnswer flows;
  corpus::for_each_packet(file, [&](const PacketView& view) {
    DecodedPacket packet;
    decode(view, packet);
    // A later fragment has no ports of its own; that it follows its first is a test below.
    if (!can_run(view) || !packet.has_ip || packet.is_later_fragment) return;
    const auto answer = program.run(std::span(view.data, view.captured_length));
    ASSERT_TRUE(answer) << answer.error().message;
    flows.answers[flow_of(packet)].insert(*answer);
    ++flows.packets;
    flows.in_tunnels += packet.tunnels.count != 0 ? 1 : 0;
  });
  return flows;
}

class FanoutProgram : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = corpus::find_captures();
    if (!folder_) GTEST_SKIP() << "skipped: corpus not there";
    if (std::getenv("WEIR_EMULATED") != nullptr) {
      GTEST_SKIP() << "skipped: the emulator knows no kernel programs";
    }
    auto program = load_fanout_program("lo");
    if (!program && program.error().code == EPERM)
      GTEST_SKIP() << "skipped: loading a kernel program needs cap_bpf";
    ASSERT_TRUE(program) << program.error().message;
    program_ = *std::move(program);
  }
  std::optional<std::filesystem::path> folder_;
  std::shared_ptr<const KernelProgram> program_;
};

TEST_F(FanoutProgram, GivesEachInnerFlowOneAnswer) {
  size_t packets = 0;
  size_t in_tunnels = 0;
  for (const auto& file : corpus::list_captures(*folder_)) {
    const std::string name = file.filename().string();
    const FlowsByAnswer flows = ask_about(file, *program_);
    std::string split;
    for (const auto& [flow, answers] : flows.answers)
      if (answers.size() > 1) split += "  " + flow + "\n";
    EXPECT_EQ(split, "") << name;
    packets += flows.packets;
    in_tunnels += flows.in_tunnels;
  }
  EXPECT_GT(packets, 10'000U);
  EXPECT_GT(in_tunnels, 500U);
}

// P97 of the checklist: what one tunnel carries is not one shard's.
TEST_F(FanoutProgram, TellsTheFlowsOfATunnelApart) {
  for (const char* name : {"N-ipv6_in_gtp.pcap", "N-vxlan.pcap", "N-gre.pcapng"}) {
    const FlowsByAnswer flows = ask_about(*folder_ / "pcap" / name, *program_);
    EXPECT_EQ(flows.in_tunnels, flows.packets) << name;
    std::set<uint32_t> answers;
    for (const auto& [flow, of_flow] : flows.answers) answers.insert(*of_flow.begin());
    EXPECT_EQ(answers.size(), flows.answers.size()) << name;
  }
}

TEST_F(FanoutProgram, SendsLaterFragmentsWhereTheFirstWent) {
  for (const char* name : {"P-ip4_fragments.pcap", "N-dns_fragmented.pcap"}) {
    std::map<std::string, std::set<uint32_t>> answers;
    size_t later = 0;
    corpus::for_each_packet(*folder_ / "pcap" / name, [&](const PacketView& view) {
      DecodedPacket packet;
      decode(view, packet);
      if (!can_run(view) || !packet.is_fragment || packet.tunnels.count != 0) return;
      const auto answer = program_->run(std::span(view.data, view.captured_length));
      ASSERT_TRUE(answer);
      std::ostringstream datagram;
      datagram << packet.source.to_string() << packet.destination.to_string() << packet.fragment_id;
      answers[datagram.str()].insert(*answer);
      later += packet.is_later_fragment ? 1 : 0;
    });
    EXPECT_GT(later, 0U) << name;
    for (const auto& [datagram, of_datagram] : answers)
      EXPECT_EQ(of_datagram.size(), 1U) << name << " " << datagram;
  }
}

}  // namespace
}  // namespace weir
