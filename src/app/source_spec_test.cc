// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/source_spec.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

using Kind = SourceSpec::Kind;

TEST(SourceSpec, TellsFilesFromInterfaces) {
  const auto expect = [](const char* text, Kind kind, const char* name, const char* id) {
    const auto spec = parse_source(text);
    ASSERT_TRUE(spec) << text;
    EXPECT_EQ(spec->kind, kind) << text;
    EXPECT_EQ(spec->name, name) << text;
    EXPECT_EQ(spec->id, id) << text;
  };
  expect("eth0", Kind::kLive, "eth0", "eth0");
  expect("any", Kind::kLive, "any", "any");
  expect("nflog:5", Kind::kLive, "nflog:5", "nflog:5");
  expect("pcap:day", Kind::kFile, "day", "day");
  expect("pcap:/tmp/day.pcap", Kind::kFile, "/tmp/day.pcap", "day.pcap");
  expect("day.pcap", Kind::kFile, "day.pcap", "day.pcap");
  expect("day.pcapng", Kind::kFile, "day.pcapng", "day.pcapng");
  expect("day.cap", Kind::kFile, "day.cap", "day.cap");
  expect("./day", Kind::kFile, "./day", "day");
  expect("-", Kind::kFile, "-", "stdin");
}

TEST(SourceSpec, RefusesKindsThatAreStillToCome) {
  EXPECT_EQ(parse_source("syslog:").error().message,
            "\"syslog:\" names no port: write syslog:5514 or syslog:192.0.2.1:5514");
  EXPECT_EQ(parse_source("").error().message, "-i needs an interface or a file");
}

TEST(SourceSpec, TakesAPortOfExportersWithOrWithoutAnAddress) {
  const auto expect = [](const char* text, const char* address, uint16_t port) {
    const auto spec = parse_source(text);
    ASSERT_TRUE(spec) << text;
    EXPECT_EQ(spec->kind, Kind::kExports) << text;
    EXPECT_EQ(spec->id, text);
    EXPECT_EQ(spec->address.to_string(), address) << text;
    EXPECT_EQ(spec->port, port) << text;
  };
  expect("netflow:2055", "::", 2055);
  expect("sflow:6343", "::", 6343);
  expect("netflow:127.0.0.1:4739", "127.0.0.1", 4739);
  expect("netflow:localhost:4739", "127.0.0.1", 4739);
  expect("sflow:[2001:db8::1]:6343", "2001:db8::1", 6343);
  for (const char* text : {"netflow:", "netflow:x", "netflow:0", "netflow:65536", "sflow:1.2.3:5",
                           "netflow:2001:db8::1:5"}) {
    const auto spec = parse_source(text);
    ASSERT_FALSE(spec) << text;
    EXPECT_NE(spec.error().message.find("names no port: write "), std::string::npos) << text;
  }
}

TEST(SourceSpec, NamesReceiveQueues) {
  const auto all = parse_source("afxdp:eth0");
  ASSERT_TRUE(all);
  EXPECT_EQ(all->kind, Kind::kXdp);
  EXPECT_EQ(all->name, "eth0");
  EXPECT_EQ(all->id, "eth0");
  EXPECT_TRUE(all->queues.empty());
  EXPECT_EQ(parse_source("afxdp:eth0@0").value().queues, (std::vector<uint32_t>{0}));
  EXPECT_EQ(parse_source("afxdp:eth0@0-2,5").value().queues, (std::vector<uint32_t>{0, 1, 2, 5}));
  EXPECT_EQ(parse_source("afxdp:").error().message, "afxdp: needs an interface: write afxdp:eth0");
  EXPECT_EQ(parse_source("afxdp:eth0@x").error().message,
            "queues of afxdp:eth0: \"x\" is no list of numbers: write 0-3 or 0,2,5");
}

std::vector<std::string> ids(const std::vector<std::string>& sources) {
  MonitorOptions options;
  options.sources = sources;
  const auto specs = sources_to_watch(options);
  std::vector<std::string> found;
  for (const SourceSpec& spec : *specs) found.push_back(spec.id);
  return found;
}

TEST(SourcesToWatch, HaveIdsOfTheirOwn) {
  EXPECT_EQ(ids({"eth0", "eth1"}), (std::vector<std::string>{"eth0", "eth1"}));
  EXPECT_EQ(ids({"a/x.pcap", "b/x.pcap", "c/x.pcap"}),
            (std::vector<std::string>{"x.pcap", "x.pcap+2", "x.pcap+3"}));
  EXPECT_EQ(ids({"x+2.pcap", "x.pcap"}), (std::vector<std::string>{"x+2.pcap", "x.pcap"}));
  EXPECT_EQ(ids({"eth0+2", "eth0", "eth0"}),
            (std::vector<std::string>{"eth0+2", "eth0", "eth0+3"}));
}

TEST(SourcesToWatch, StopAtTheFirstThatIsNone) {
  MonitorOptions options;
  options.sources = {"eth0", "syslog:"};
  EXPECT_EQ(sources_to_watch(options).error().message,
            "\"syslog:\" names no port: write syslog:5514 or syslog:192.0.2.1:5514");
}

TEST(OpenSources, ReportAFileThatIsNotThere) {
  const auto sources = open_sources({Kind::kFile, "/nonexistent.pcap", "x"}, {}, 1);
  ASSERT_FALSE(sources);
  EXPECT_NE(sources.error().message.find("/nonexistent.pcap"), std::string::npos);
}

TEST(OpenSources, GiveStandardInputToOneThreadOnly) {
  MonitorOptions options;
  options.tables.shards = 2;
  const auto sources = open_sources({Kind::kFile, "-", "stdin"}, options, 1);
  ASSERT_FALSE(sources);
  EXPECT_EQ(sources.error().message,
            "- can be read only once and by one thread: leave out --shards");
}

TEST(SourceSpec, NamesPublishersOfZeroMq) {
  const auto connects = parse_source("zmq:tcp://192.0.2.1:5556");
  ASSERT_TRUE(connects);
  EXPECT_EQ(connects->kind, SourceSpec::Kind::kZmq);
  EXPECT_TRUE(connects->collects());
  EXPECT_FALSE(connects->listens);
  EXPECT_EQ(connects->name, "zmq:tcp://192.0.2.1:5556");
  // The id stands in URLs, and keys are nobody's business there.
  EXPECT_EQ(connects->id, "zmq:192.0.2.1:5556");
  const std::string key = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";
  const auto with_key = parse_source("zmq:tcp://192.0.2.1:5556?key=" + key);
  ASSERT_TRUE(with_key);
  EXPECT_EQ(with_key->id, connects->id);
  EXPECT_EQ(with_key->name, connects->name);
  EXPECT_EQ(with_key->endpoint.server_key, key);
  const auto listens = parse_source("zmq-listen:ipc:///run/weir/flows");
  ASSERT_TRUE(listens);
  EXPECT_TRUE(listens->listens);
  EXPECT_EQ(listens->id, "zmq-listen:flows");
  for (const char* text : {"zmq:", "zmq:192.0.2.1:5556", "zmq-listen:tcp://192.0.2.1"})
    EXPECT_FALSE(parse_source(text)) << text;
}

}  // namespace
}  // namespace weir
