// SPDX-License-Identifier: GPL-3.0-or-later
// What exporters really send, replayed into a collector: sums as an independent decoder found them.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <vector>

#include "collect/collector.h"
#include "collect/ipfix_stream.h"
#include "corpus.h"
#include "decode/decode.h"
#include "net/ip_protocol.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

std::optional<fs::path> find_exports() {
  const auto captures = corpus::find_captures();
  if (!captures) return std::nullopt;
  fs::path folder = captures->parent_path() / "export";
  if (!fs::is_directory(folder / "own")) return std::nullopt;
  return folder;
}

// Everything that a capture's exporters told, added up.
struct Sums {
  uint64_t records = 0;
  Traffic told;     // as on the wire
  Traffic scaled;   // by sampling
  Traffic reverse;  // of the flows, scaled
  uint64_t lost = 0;
  uint64_t restarts = 0;
  uint64_t dropped_sets = 0;
  uint64_t errors = 0;
  uint64_t unscaled = 0;
  uint64_t repeats = 0;
  uint64_t refused = 0;
  size_t exporters = 0;
};

Sums sums_of(const Collector& collector, const Traffic& reverse) {
  Sums sums;
  sums.reverse = reverse;
  collector.exporters().visit([&](const Exporter& exporter) {
    ++sums.exporters;
    sums.records += exporter.counters.records;
    sums.told += exporter.counters.unsampled;
    sums.scaled += exporter.counters.counted;
    sums.lost += exporter.sequence.lost();
    sums.restarts += exporter.sequence.restarts();
    sums.dropped_sets += exporter.waiting.dropped() + exporter.waiting.size();
    sums.unscaled += exporter.counters.unscaled;
    sums.repeats += exporter.counters.repeats;
    for (const uint64_t count : exporter.counters.errors) sums.errors += count;
  });
  for (const uint64_t count : collector.refused()) sums.refused += count;
  return sums;
}

struct Replay {
  Sums sums;
  std::vector<CollectedFlow> flows;
  int64_t first_message = 0;  // nanoseconds since 1970
  int64_t last_message = 0;
};

// The payload of each UDP datagram, and the stream of each TCP connection, whose segments are in
// order in these captures.
Replay replay(const fs::path& file, bool drops_duplicates = false) {
  Collector collector({.secret = {1, 2, 3, 4}, .drops_duplicates = drops_duplicates});
  std::map<uint16_t, IpfixStream> streams;  // by the exporter's port
  Replay played;
  const std::string problem = corpus::for_each_packet(file, [&](const PacketView& view) {
    DecodedPacket packet;
    decode(view, packet);
    if (packet.payload_length == 0) return;
    const std::span<const uint8_t> payload(packet.payload, packet.payload_length);
    const ExportPeer peer{packet.source, packet.source_port};
    const int64_t now = view.timestamp.as_nanoseconds();
    if (played.first_message == 0) played.first_message = now;
    played.last_message = now;
    if (packet.protocol == kProtocolUdp) {
      (void)collector.take(payload, peer, now);
    } else if (packet.protocol == kProtocolTcp) {
      EXPECT_TRUE(streams[packet.source_port].feed(payload, [&](std::span<const uint8_t> message) {
        (void)collector.take(message, peer, now, true);
      }));
    }
  });
  EXPECT_EQ(problem, "");
  Traffic reverse;
  for (const CollectedFlow& flow : collector.flows()) reverse += flow.reverse;
  played.sums = sums_of(collector, reverse);
  played.flows = collector.flows();
  return played;
}

struct Truth {
  const char* capture;
  uint64_t records;
  Traffic told;
  Traffic scaled;
  Traffic reverse = {};
};

// ulogd tells of a connection up to a minute after its end, which may have lasted for as long.
constexpr int64_t kMostReach = int64_t{180} * 1'000'000'000;

// The table of sums of the wire's values, by a decoder that is not weir's.
const Truth kTruths[] = {
    {"softflowd_v5", 186, {2308, 697318}, {2308, 697318}},
    {"softflowd_v9", 227, {2572, 767391}, {2572, 767391}},
    {"softflowd_v10", 227, {2572, 767391}, {2572, 767391}},
    {"softflowd_ipfix_biflow", 163, {2572, 767391}, {2572, 767391}, {1028, 194313}},
    {"softflowd_ipfix_nano", 227, {2572, 767391}, {2572, 767391}},
    {"softflowd_ipfix_tcp", 227, {2572, 767391}, {2572, 767391}},
    {"softflowd_v9_sampled100_vlan", 17, {27, 11610}, {2700, 1161000}},
    {"fprobe_v1", 192, {2703, 829397}, {2703, 829397}},
    {"fprobe_v5", 192, {2703, 829397}, {2703, 829397}},
    {"fprobe_v7", 192, {2703, 829397}, {2703, 829397}},
    {"pmacct_nfprobe_v5", 199, {2739, 831827}, {2739, 831827}},
    {"pmacct_nfprobe_v9", 240, {3003, 901900}, {3003, 901900}},
    {"pmacct_nfprobe_v10", 240, {3003, 901900}, {3003, 901900}},
    {"pmacct_nfprobe_v9_sampled10", 83, {299, 97311}, {2990, 973110}},
    {"pmacct_nfprobe_v10_sampled10", 94, {321, 90103}, {3210, 901030}},
    {"ovs_ipfix", 313, {3403, 945316}, {3403, 945316}},
    {"ovs_netflow5", 232, {2739, 871045}, {2739, 871045}},
    {"ulogd2_ipfix", 78, {476, 65682}, {476, 65682}},
    {"nfreplay_v5", 1375, {2737, 831787}, {2737, 831787}},
    {"nfreplay_v9", 1416, {3001, 901860}, {3001, 901860}},
};

TEST(ExportCorpus, SumsAreThoseOfTheWireToTheByte) {
  const auto folder = find_exports();
  if (!folder) GTEST_SKIP() << "skipped: corpus not there";
  for (const Truth& truth : kTruths) {
    const Sums sums = replay(*folder / "own" / (std::string(truth.capture) + ".pcap")).sums;
    SCOPED_TRACE(truth.capture);
    EXPECT_EQ(sums.records, truth.records);
    EXPECT_EQ(sums.told.packets, truth.told.packets);
    EXPECT_EQ(sums.told.bytes, truth.told.bytes);
    EXPECT_EQ(sums.scaled.packets, truth.scaled.packets);
    EXPECT_EQ(sums.scaled.bytes, truth.scaled.bytes);
    EXPECT_EQ(sums.reverse.packets, truth.reverse.packets);
    EXPECT_EQ(sums.reverse.bytes, truth.reverse.bytes);
    EXPECT_EQ(sums.lost, 0U);
    EXPECT_EQ(sums.restarts, 0U);
    EXPECT_EQ(sums.dropped_sets, 0U);
    EXPECT_EQ(sums.errors, 0U);
    EXPECT_EQ(sums.unscaled, 0U);
    EXPECT_EQ(sums.repeats, 0U);
    EXPECT_EQ(sums.refused, 0U);
  }
}

TEST(ExportCorpus, TimesAreThoseOfTheReplayedTraffic) {
  const auto folder = find_exports();
  if (!folder) GTEST_SKIP() << "skipped: corpus not there";
  constexpr int64_t kSecond = 1'000'000'000;
  for (const Truth& truth : kTruths) {
    const std::string name = truth.capture;
    // Its uptime is 0 or jumps by months between messages, and so do the times it tells.
    if (name.starts_with("nfreplay")) continue;
    const Replay played = replay(*folder / "own" / (name + ".pcap"));
    SCOPED_TRACE(name);
    int64_t first = INT64_MAX;
    int64_t last = 0;
    for (const CollectedFlow& flow : played.flows) {
      EXPECT_LE(flow.first, flow.last);
      first = std::min(first, flow.first.as_nanoseconds());
      last = std::max(last, flow.last.as_nanoseconds());
    }
    EXPECT_GE(first, played.first_message - kMostReach);
    EXPECT_LE(last, played.last_message + kSecond);
    EXPECT_GT(last - first, kSecond);
  }
}

TEST(ExportCorpus, ScalesTheSamplesOfSflow) {
  const auto folder = find_exports();
  if (!folder) GTEST_SKIP() << "skipped: corpus not there";
  for (const auto& [name, samples] : {std::pair{"ovs_sflow", 324U}, {"pmacct_sfprobe", 309U}}) {
    const Sums sums = replay(*folder / "own" / (std::string(name) + ".pcap")).sums;
    SCOPED_TRACE(name);
    EXPECT_EQ(sums.records, samples);
    EXPECT_EQ(sums.told.packets, samples);
    EXPECT_EQ(sums.scaled.packets, 10 * samples);
    EXPECT_EQ(sums.scaled.bytes, 10 * sums.told.bytes);
    EXPECT_EQ(sums.lost + sums.restarts + sums.errors + sums.refused, 0U);
  }
}

TEST(ExportCorpus, ReadsPacketsOfPsamp) {
  const auto folder = find_exports();
  if (!folder) GTEST_SKIP() << "skipped: corpus not there";
  const Replay played = replay(*folder / "own" / "softflowd_psamp.pcap");
  EXPECT_EQ(played.sums.records, played.flows.size());
  EXPECT_GT(played.flows.size(), 100U);
  EXPECT_EQ(played.sums.errors, 0U);
}

// What becomes of messages of other people's exporters: the files of one of them together, those
// with templates first, as the names say.
struct Outcome {
  size_t messages = 0;
  uint64_t records = 0;
  uint64_t options = 0;
  uint64_t events = 0;
  uint64_t nameless = 0;
  uint64_t unread_sets = 0;
  size_t waiting = 0;
  Traffic told;
  std::string problems;  // names of reasons

  [[nodiscard]] std::string text() const {
    std::ostringstream out;
    out << messages << " messages, " << records << " records, " << options << " options, " << events
        << " events, " << nameless << " nameless, " << unread_sets << " unread, " << waiting
        << " waiting, " << told.packets << "/" << told.bytes << problems;
    return out.str();
  }
};

std::string problems_of(const std::array<uint64_t, kExportErrors>& errors) {
  std::string text;
  for (size_t i = 1; i < kExportErrors; ++i) {
    if (errors[i] != 0)
      text += ", " + std::string(export_error_name(static_cast<ExportError>(i))) + " " +
              std::to_string(errors[i]);
  }
  return text;
}

Outcome hear_files(const std::vector<fs::path>& files) {
  Collector collector({.secret = {1, 2, 3, 4}, .drops_duplicates = false});
  const uint8_t address[] = {192, 0, 2, 1};
  Outcome outcome;
  for (const fs::path& file : files) {
    std::ifstream in(file, std::ios::binary);
    const std::vector<uint8_t> bytes{std::istreambuf_iterator<char>(in),
                                     std::istreambuf_iterator<char>()};
    ++outcome.messages;
    (void)collector.take(bytes, {IpAddress::from_v4(address), 2055},
                         int64_t{1'500'000'000} * 1'000'000'000);
  }
  collector.exporters().visit([&](const Exporter& exporter) {
    const ExporterCounters& counters = exporter.counters;
    outcome.records += counters.records;
    outcome.options += counters.options_records;
    outcome.events += counters.events;
    outcome.nameless += counters.nameless;
    outcome.unread_sets += counters.unread_sets;
    outcome.waiting += exporter.waiting.size();
    outcome.told += counters.unsampled;
    outcome.problems += problems_of(counters.errors);
  });
  outcome.problems += problems_of(collector.refused());
  return outcome;
}

// "logstash/netflow9_test_cisco_asa_1" of ".../spec_codecs_netflow9_test_cisco_asa_1_data.dat".
std::string exporter_name(const fs::path& file) {
  std::string name = file.stem().string();
  for (const char* prefix : {"spec_codecs_", "plugins_inputs_netflow_testcases_"}) {
    if (name.starts_with(prefix)) name = name.substr(std::string(prefix).size());
  }
  for (const char* part : {"_tpl", "_data", "_opttpl", "_message", "_example_ipfix"}) {
    if (const size_t at = name.find(part); at != std::string::npos) name.resize(at);
  }
  return file.parent_path().filename().string() + "/" + name;
}

TEST(ExportCorpus, ReadsOrRefusesWhatOthersCollected) {
  const auto folder = find_exports();
  if (!folder) GTEST_SKIP() << "skipped: corpus not there";
  std::map<std::string, std::vector<fs::path>> exporters;
  for (const char* source : {"logstash", "telegraf"}) {
    for (const auto& entry : fs::directory_iterator(*folder / source)) {
      const std::string ending = entry.path().extension().string();
      if (ending == ".dat" || ending == ".bin")
        exporters[exporter_name(entry.path())].push_back(entry.path());
    }
  }
  std::string got;
  for (auto& [name, files] : exporters) {
    const auto rank = [](const fs::path& file) {
      return std::pair(file.string().find("tpl") == std::string::npos, file.string());
    };
    std::sort(files.begin(), files.end(),
              [&](const fs::path& a, const fs::path& b) { return rank(a) < rank(b); });
    got += name + ": " + hear_files(files).text() + "\n";
  }
  std::ifstream answers(fs::path(WEIR_SOURCE_DIR) / "tests/corpus/export_answers.txt");
  const std::string expected{std::istreambuf_iterator<char>(answers),
                             std::istreambuf_iterator<char>()};
  EXPECT_EQ(got, expected);
}

TEST(ExportCorpus, CountsTheSamplesOfTcpdumpsCaptures) {
  const auto folder = find_exports();
  if (!folder) GTEST_SKIP() << "skipped: corpus not there";
  std::string got;
  for (const char* name :
       {"sflow-print-v6", "sflow_expanded", "sflow_multiple_counter_30_pdus", "sflow_print-segv"}) {
    Collector collector({.secret = {1, 2, 3, 4}, .drops_duplicates = false});
    EXPECT_EQ(corpus::for_each_packet(*folder / "tcpdump" / (std::string(name) + ".pcap"),
                                      [&](const PacketView& view) {
                                        DecodedPacket packet;
                                        decode(view, packet);
                                        (void)collector.take(
                                            {packet.payload, packet.payload_length},
                                            {packet.source, packet.source_port},
                                            view.timestamp.as_nanoseconds());
                                      }),
              "");
    Outcome outcome;
    collector.exporters().visit([&](const Exporter& exporter) {
      outcome.messages += exporter.counters.messages;
      outcome.records += exporter.counters.records;
      outcome.options += exporter.counters.options_records;
      outcome.unread_sets += exporter.counters.unread_sets;
      outcome.nameless += exporter.counters.nameless;
      outcome.told += exporter.counters.unsampled;
      outcome.problems += problems_of(exporter.counters.errors);
    });
    outcome.problems += problems_of(collector.refused());
    got += std::string(name) + ": " + outcome.text() + "\n";
  }
  // Five of the 30 are of NetFlow 5; the last has the first four bytes of a datagram only.
  EXPECT_EQ(got,
            "sflow-print-v6: 25 messages, 13 records, 48 options, 0 events, 0 nameless, 0 unread, "
            "0 waiting, 13/1454\n"
            "sflow_expanded: 1 messages, 1 records, 0 options, 0 events, 0 nameless, 0 unread, 0 "
            "waiting, 1/126\n"
            "sflow_multiple_counter_30_pdus: 30 messages, 7 records, 144 options, 0 events, 0 "
            "nameless, 0 unread, 0 waiting, 12/1953\n"
            "sflow_print-segv: 0 messages, 0 records, 0 options, 0 events, 0 nameless, 0 unread, 0 "
            "waiting, 0/0, truncated 1\n");
}

// What softflowd's newest source sent over ZeroMQ of the same packets as its other captures: parts
// behind "#LENGTH more=0|1". Two of its four lists have a comma too many, which is no JSON.
TEST(ExportCorpus, TakesWhatSoftflowdSendsOverZeroMq) {
  const auto folder = find_exports();
  if (!folder) GTEST_SKIP() << "skipped: corpus not there";
  std::ifstream file(*folder / "own/softflowd_git_zmq_ntopng.txt", std::ios::binary);
  const std::string dump{std::istreambuf_iterator<char>(file), {}};
  std::vector<std::vector<uint8_t>> parts;
  for (size_t at = dump.find('#'); at < dump.size(); at = dump.find('#', at)) {
    const size_t length = std::strtoul(dump.c_str() + at + 1, nullptr, 10);
    at = dump.find('\n', at) + 1;
    ASSERT_LE(at + length, dump.size());
    parts.emplace_back(dump.begin() + static_cast<ptrdiff_t>(at),
                       dump.begin() + static_cast<ptrdiff_t>(at + length));
    at += length;
  }
  ASSERT_EQ(parts.size(), 8U);
  Collector collector({.secret = {1, 2, 3, 4}});
  constexpr int64_t kNow = int64_t{1'790'000'000} * 1'000'000'000;
  for (size_t i = 0; i < parts.size(); i += 2) {
    const ReceivedExport message{parts[i + 1], {}, ExportTransport::kZeroMq, parts[i]};
    EXPECT_EQ(collector.take(message, kNow), ExportError::kNone);
  }
  Traffic all;
  for (const CollectedFlow& flow : collector.flows()) all += flow.forward + flow.reverse;
  EXPECT_EQ(collector.flows().size(), 145U);
  EXPECT_EQ(all, (Traffic{2572, 767'391}));
  collector.exporters().visit([](const Exporter& exporter) {
    EXPECT_EQ(exporter.sequence.lost(), 0U);
    EXPECT_EQ(exporter.counters.nameless, 0U);
    for (const uint64_t errors : exporter.counters.errors) EXPECT_EQ(errors, 0U);
  });
}

}  // namespace
}  // namespace weir
