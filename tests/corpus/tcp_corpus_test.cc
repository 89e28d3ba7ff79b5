// SPDX-License-Identifier: GPL-3.0-or-later
// The TCP analysis over every capture against what tshark says of each stream.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <fstream>
#include <iostream>
#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "corpus/corpus.h"
#include "decode/decode.h"
#include "engine/flow_key.h"
#include "engine/tcp_analysis.h"
#include "net/ip_protocol.h"

namespace weir {
namespace {

using Json = nlohmann::json;

// What is compared of a stream; tshark does not tell the directions apart there.
enum Kind { kRetransmissions, kOutOfOrder, kLost, kDuplicateAcks, kZeroWindows, kResets, kKinds };
constexpr std::array<const char*, kKinds> kNames{"retransmission", "out_of_order", "lost_segment",
                                                 "duplicate_ack",  "zero_window",  "rst"};

struct Stream {
  std::array<uint64_t, kKinds> counts{};
  uint64_t keep_alives = 0;
  double initial_rtt_s = 0;  // 0: not measured
};
using Streams = std::map<std::string, Stream>;  // by "address:port address:port", in order

std::string endpoint(const IpAddress& address, bool is_v6, uint16_t port) {
  const std::string text = address.to_string();
  return (is_v6 ? "[" + text + "]" : text) + ":" + std::to_string(port);
}

std::string stream_name(std::string a, std::string b) {
  if (b < a) std::swap(a, b);
  return a + " " + b;
}

std::array<uint64_t, kKinds> counts_of(const TcpQuality& quality) {
  return {quality.retransmissions, quality.out_of_order, quality.lost_segments,
          quality.duplicate_acks,  quality.zero_windows, quality.resets};
}

Streams analyse_capture(const std::filesystem::path& file) {
  struct Flow {
    TcpAnalysis analysis{};
    TcpCounts counts{};
  };
  std::map<std::string, Flow> flows;
  const KeyedHash hash({1, 2, 3, 4});
  const std::string error = corpus::for_each_packet(file, [&](const PacketView& view) {
    DecodedPacket packet;
    decode(view, packet);
    if (!packet.has_ip || packet.protocol != kProtocolTcp || packet.is_later_fragment) return;
    const std::string name =
        stream_name(endpoint(packet.source, packet.is_v6, packet.source_port),
                    endpoint(packet.destination, packet.is_v6, packet.destination_port));
    Flow& flow = flows[name];
    const unsigned sender = make_flow_key(packet, hash).sender;
    if (!has_tcp_segment(packet)) return;
    flow.counts.add(sender, analyse(flow.analysis, sender, tcp_segment(packet), view.timestamp));
  });
  EXPECT_EQ(error, "") << file;
  Streams streams;
  for (const auto& [name, flow] : flows) {
    const TcpQuality both = flow.counts.read(0) + flow.counts.read(1);
    streams[name] = {counts_of(both), both.keep_alives,
                     std::chrono::duration<double>(round_trips(flow.analysis).initial).count()};
  }
  return streams;
}

// Streams on the same ports one after the other are one flow here: their counts are added.
Streams expected_streams(const Json& answers) {
  Streams streams;
  for (const Json& stream : answers["tcp"]["streams"]) {
    const std::string flow = stream["flow"];
    const size_t middle = flow.find(' ');
    Stream& sum = streams[stream_name(flow.substr(0, middle), flow.substr(middle + 1))];
    for (size_t kind = 0; kind < kKinds; ++kind)
      sum.counts[kind] += stream[kNames[kind]].get<uint64_t>();
    if (stream["irtt"].is_number()) sum.initial_rtt_s = stream["irtt"];
  }
  return streams;
}

bool is_same_rtt(double expected, double got) {
  return std::abs(expected - got) <= std::max(1e-4, 0.05 * expected);
}

std::string text_of(const std::array<uint64_t, kKinds>& counts) {
  std::string text;
  for (size_t kind = 0; kind < kKinds; ++kind)
    text += " " + std::string(kNames[kind]) + " " + std::to_string(counts[kind]);
  return text;
}

// What the streams of all captures come to.
struct Comparison {
  size_t streams = 0;
  size_t equal = 0;
  size_t rtts = 0;
  size_t equal_rtts = 0;
  uint64_t keep_alives = 0;
  uint64_t expected_keep_alives = 0;
  std::array<uint64_t, kKinds> counts{};
  std::array<uint64_t, kKinds> expected_counts{};
  std::map<std::string, std::string> differences;  // by capture
};

void compare_stream(Comparison& sum, std::string& text, const std::string& name,
                    const Stream& expected, const Stream& got) {
  ++sum.streams;
  for (size_t kind = 0; kind < kKinds; ++kind) {
    sum.expected_counts[kind] += expected.counts[kind];
    sum.counts[kind] += got.counts[kind];
  }
  if (expected.counts == got.counts) {
    ++sum.equal;
  } else {
    text += "  " + name + "\n    got     " + text_of(got.counts) + "\n    expected" +
            text_of(expected.counts) + "\n";
  }
  if (expected.initial_rtt_s == 0 && got.initial_rtt_s == 0) return;
  ++sum.rtts;
  if (is_same_rtt(expected.initial_rtt_s, got.initial_rtt_s)) {
    ++sum.equal_rtts;
  } else {
    text += "  " + name + ": initial RTT " + std::to_string(got.initial_rtt_s) + ", expected " +
            std::to_string(expected.initial_rtt_s) + "\n";
  }
}

Comparison compare_captures(const std::filesystem::path& folder) {
  Comparison sum;
  for (const auto& file : corpus::list_captures(folder)) {
    const std::string name = file.filename().string();
    const Json answers = Json::parse(std::ifstream(folder / "expected" / (name + ".json")));
    const Streams expected = expected_streams(answers);
    Streams got = analyse_capture(file);
    std::string text;
    for (const auto& [stream, counts] : expected)
      compare_stream(sum, text, stream, counts, got[stream]);
    for (const auto& [stream, counts] : got) {
      sum.keep_alives += counts.keep_alives;
      if (!expected.contains(stream)) text += "  extra " + stream + "\n";
    }
    sum.expected_keep_alives += answers["tcp"]["analysis"]["keep_alive"].get<uint64_t>();
    if (!text.empty()) sum.differences[name] = text;
  }
  return sum;
}

// Where weir does not say what tshark says, and why. docs/tcp.md has the rules.
const std::map<std::string, std::string> kKnownDifferences{
    {"N-citrix.pcap",
     "its times begin at 0, which tshark takes for a SYN that it has not seen: no initial RTT"},
    {"N-fuzz-2006-06-26-2594.pcap",
     "a SYN without ACK has a number in its acknowledgement field, which tshark believes"},
};

TEST(TcpCorpus, AgreesWithTsharkOnEachStream) {
  const auto folder = corpus::find_captures();
  if (!folder) GTEST_SKIP() << "skipped: corpus not there";
  const Comparison sum = compare_captures(*folder);
  for (const auto& [name, text] : sum.differences) {
    EXPECT_TRUE(kKnownDifferences.contains(name)) << name << "\n" << text;
  }
  for (const auto& [name, reason] : kKnownDifferences) {
    EXPECT_TRUE(sum.differences.contains(name)) << name << " is equal now: " << reason;
  }
  EXPECT_EQ(sum.streams, 2784U);
  EXPECT_GE(sum.equal, sum.streams * 95 / 100);
  EXPECT_GE(sum.equal_rtts, sum.rtts * 95 / 100);
  EXPECT_EQ(sum.keep_alives, sum.expected_keep_alives);
  for (size_t kind = 0; kind < kKinds; ++kind) {
    EXPECT_NEAR(static_cast<double>(sum.counts[kind]),
                static_cast<double>(sum.expected_counts[kind]),
                0.03 * static_cast<double>(sum.expected_counts[kind]))
        << kNames[kind];
  }
  std::cout << sum.equal << " of " << sum.streams << " streams equal, initial RTT on "
            << sum.equal_rtts << " of " << sum.rtts << "; weir:" << text_of(sum.counts)
            << "; tshark:" << text_of(sum.expected_counts) << "\n";
}

}  // namespace
}  // namespace weir
