// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>
#include <zlib.h>

#include <cstring>
#include <string>

#include "collect/collector.h"
#include "collect/exporter_answer.h"
#include "collect/ntop_event.h"
#include "collect/test_messages.h"
#include "record/applications.h"

namespace weir {
namespace {

using namespace test_messages;  // NOLINT(google-build-using-namespace): made for tests

// The paper's figure 2, its lines joined: a hyphen of a broken word and blanks in place of "_" are
// how the text has it.
constexpr std::string_view kFigure2 =
    R"({"IPV4_SRC_ADDR":"10.10.20.15","IPV4_D-ST_ADDR":"192.168.0.200","IPV4_NEXT_HOP":)"
    R"("0.0.0.0","INPUT_SNMP":0,"OUTPUT_SNMP":0,"IN_PKTS":12,"IN_BYTES":11693,"FIRST_SWITCHED":)"
    R"(1397725262,"LAST_SWITCHED":1397725262,"L4_SRC_PORT":80,"L4_DST_PORT":50142,"TCP_FLAGS":)"
    R"(27, "PROTOCOL":6, "SRC_TOS":0, "SRC_AS": 3561, "DST AS":0, "TOTAL FLOWS EXP":8})";

Bytes bytes_of(std::string_view text) {
  return {text.begin(), text.end()};
}

class CollectorNtopTest : public ::testing::Test {
 protected:
  ExportError take(const Bytes& header, const Bytes& payload, const ExportPeer& from = peer(1, 0),
                   int64_t when = kNow) {
    return collector_.take({payload, from, ExportTransport::kZeroMq, header}, when);
  }
  ExportError take(std::string_view topic, std::string_view payload) {
    const NtopHeaderBytes header = make_ntop_header(topic, 3, payload.size(), number_++);
    return take(Bytes(header.begin(), header.end()), bytes_of(payload));
  }
  ExportError take_flow(std::string_view payload) { return take("flow", payload); }
  const CollectedFlow& only_flow() {
    EXPECT_EQ(collector_.flows().size(), 1U);
    return collector_.flows().front();
  }
  static std::string flow_with(std::string_view more) {
    return R"({"8":"10.0.0.1","12":"10.0.0.2","4":6,"7":1000,"11":443,"1":100,"2":2)" +
           std::string(more) + "}";
  }

  Collector collector_{{.secret = {1, 2, 3, 4}}};
  uint32_t number_ = 0;
};

TEST_F(CollectorNtopTest, TakesThePapersFigure) {
  EXPECT_EQ(take_flow(kFigure2), ExportError::kNone);
  const CollectedFlow& flow = only_flow();
  EXPECT_EQ(flow.source.to_string(), "10.10.20.15");
  EXPECT_EQ(flow.destination.to_string(), "192.168.0.200");
  EXPECT_EQ(flow.forward, (Traffic{12, 11'693}));
  EXPECT_EQ(flow.reverse, Traffic());
  EXPECT_EQ(flow.source_port, 80U);
  EXPECT_EQ(flow.destination_port, 50'142U);
  EXPECT_EQ(flow.protocol, 6U);
  EXPECT_EQ(flow.tcp_flags, 27U);
  EXPECT_EQ(flow.source_as, 3561U);
  EXPECT_EQ(flow.destination_as, 0U);
  // It is years old: such a clock says nothing but how long it took.
  EXPECT_EQ(flow.last.as_nanoseconds(), kNow);
  EXPECT_EQ(flow.first, flow.last);
  const Exporter& exporter = only_exporter(collector_);
  EXPECT_EQ(exporter.counters.records, 1U);
  // IPV4_NEXT_HOP, SRC_TOS and TOTAL_FLOWS_EXP.
  EXPECT_EQ(exporter.other_fields.fields().size(), 3U);
}

TEST_F(CollectorNtopTest, TakesKeysAndValuesHoweverTheyAreWritten) {
  for (
      const std::string_view text : {
          R"({"8":"10.0.0.1","12":"10.0.0.2","4":6,"7":1000,"11":443,"1":100,"2":2})",
          R"({"8":"10.0.0.1","12":"10.0.0.2","4":"6","7":"1000","11":"443","1":"100","2":"2"})",
          R"({"0.8":"10.0.0.1","0.12":"10.0.0.2","0.4":6,"0.7":1000,"0.11":443,"0.1":100,"0.2":2})",
          R"([{"IPV4_SRC_ADDR":"10.0.0.1","IPV4_DST_ADDR":"10.0.0.2","PROTOCOL":6,
                "L4_SRC_PORT":1000,"L4_DST_PORT":443,"IN_BYTES":100,"IN_PKTS":2}])",
      }) {
    EXPECT_EQ(take_flow(text), ExportError::kNone);
    const CollectedFlow& flow = only_flow();
    EXPECT_EQ(flow.source.to_string(), "10.0.0.1");
    EXPECT_EQ(flow.destination_port, 443U);
    EXPECT_EQ(flow.forward, (Traffic{2, 100}));
    collector_.clear_flows();
  }
}

TEST_F(CollectorNtopTest, TakesBothDirectionsOfARecord) {
  EXPECT_EQ(take_flow(flow_with(R"(,"23":50,"24":1)")), ExportError::kNone);
  EXPECT_EQ(only_flow().forward, (Traffic{2, 100}));
  EXPECT_EQ(only_flow().reverse, (Traffic{1, 50}));
}

TEST_F(CollectorNtopTest, TakesAddressesOfBothKinds) {
  EXPECT_EQ(
      take_flow(
          R"({"8":"0.0.0.0","12":"0.0.0.0","27":"2001:db8::1","28":"2001:db8::2","1":9,"2":1})"),
      ExportError::kNone);
  EXPECT_EQ(only_flow().source.to_string(), "2001:db8::1");
  EXPECT_EQ(only_flow().destination.to_string(), "2001:db8::2");
  collector_.clear_flows();
  EXPECT_EQ(take_flow(R"({"27":"::","28":"::","8":"10.0.0.1","12":167772162,"1":9,"2":1})"),
            ExportError::kNone);
  EXPECT_EQ(only_flow().source.to_string(), "10.0.0.1");
  EXPECT_EQ(only_flow().destination.to_string(), "10.0.0.2");
  collector_.clear_flows();
  EXPECT_EQ(take_flow(R"({"8":"10.0.0.1","28":"2001:db8::2","1":9,"2":1})"), ExportError::kNone);
  EXPECT_EQ(take_flow(R"({"8":"10.0.0.256","12":"10.0.0.2","1":9,"2":1})"), ExportError::kNone);
  EXPECT_TRUE(collector_.flows().empty());
  EXPECT_EQ(only_exporter(collector_).counters.nameless, 2U);
}

TEST_F(CollectorNtopTest, TakesCountersOf32BitsThatHaveASign) {
  EXPECT_EQ(take_flow(R"({"8":"10.0.0.1","12":"10.0.0.2","1":-294967296,"2":"-1"})"),
            ExportError::kNone);
  EXPECT_EQ(only_flow().forward, (Traffic{UINT32_MAX, 4'000'000'000}));
}

TEST_F(CollectorNtopTest, TakesTimesSince1970) {
  EXPECT_EQ(take_flow(flow_with(R"(,"22":1699999990,"21":1699999999)")), ExportError::kNone);
  EXPECT_EQ(only_flow().first.seconds, 1'699'999'990U);
  EXPECT_EQ(only_flow().last.seconds, 1'699'999'999U);
  collector_.clear_flows();
  EXPECT_EQ(take_flow(flow_with(R"(,"152":1699999990500,"153":"1699999999250")")),
            ExportError::kNone);
  EXPECT_EQ(only_flow().first.nanoseconds, 500'000'000U);
  EXPECT_EQ(only_flow().last.nanoseconds, 250'000'000U);
}

TEST_F(CollectorNtopTest, TakesTimesSinceTheExportersStart) {
  // softflowd: milliseconds, printed with a sign when there are many.
  for (const std::string_view times :
       {R"(,"22":90000,"21":100000)", R"(,"22":-2000010000,"21":-2000000000)",
        R"(,"22":2147480000,"21":-2147477296)"}) {
    EXPECT_EQ(take_flow(flow_with(times)), ExportError::kNone);
    EXPECT_EQ(only_flow().last.as_nanoseconds(), kNow) << times;
    EXPECT_EQ(only_flow().first.as_nanoseconds(), kNow - 10 * kSecond) << times;
    collector_.clear_flows();
  }
  // What might be either is what the others were.
  EXPECT_EQ(take_flow(flow_with(R"(,"22":999990000,"21":1000000000)")), ExportError::kNone);
  EXPECT_EQ(only_flow().first.as_nanoseconds(), kNow - 10 * kSecond);
}

TEST_F(CollectorNtopTest, CountsRecordsThatAreBrokenAndGoesOn) {
  const std::string good = flow_with("");
  EXPECT_EQ(take_flow("[" + good + R"(,{"8":"10.0.0.1","HTTP_URL":"/a"b","1":5},)" + good + "]"),
            ExportError::kNone);
  EXPECT_EQ(collector_.flows().size(), 2U);
  const Exporter& exporter = only_exporter(collector_);
  EXPECT_EQ(exporter.counters.errors[static_cast<size_t>(ExportError::kBadRecord)], 1U);
  EXPECT_EQ(take_flow("what?"), ExportError::kNone);
  EXPECT_EQ(exporter.counters.errors[static_cast<size_t>(ExportError::kBadRecord)], 2U);
  EXPECT_EQ(take_flow(good), ExportError::kNone);
  EXPECT_EQ(collector_.flows().size(), 3U);
}

TEST_F(CollectorNtopTest, KeepsFieldsThatNobodyKnows) {
  EXPECT_EQ(take_flow(flow_with(
                R"(,"DOMAIN_NAME":"example.org","35632.180":"/x","5":16,"P":{"PID":7},"z":1.5)")),
            ExportError::kNone);
  EXPECT_EQ(only_flow().forward, (Traffic{2, 100}));
  const Value row = exporter_answer(only_exporter(collector_), "zmq");
  EXPECT_EQ(row["version"], Value("ntop"));
  EXPECT_EQ(row["transport"], Value("ZeroMQ"));
  EXPECT_EQ(row["domain"], Value(uint32_t{3}));
  std::vector<std::string> fields;
  for (const Value& field : *row["other_fields"].as<Value::Array>())
    fields.push_back(*field["field"].as<std::string>());
  EXPECT_EQ(fields, (std::vector<std::string>{"5", "35632.180", "DOMAIN_NAME", "P.PID", "z"}));
}

TEST_F(CollectorNtopTest, BoundsTheFieldsThatItKeeps) {
  std::string many;
  for (int i = 0; i < 200; ++i) many += ",\"unknown_" + std::to_string(i) + "\":1";
  EXPECT_EQ(take_flow(flow_with(many)), ExportError::kNone);
  const OtherFields& other = only_exporter(collector_).other_fields;
  EXPECT_EQ(other.fields().size() + other.named().size(), OtherFields::kMaxFields);
  EXPECT_EQ(other.left_out(), 200 - OtherFields::kMaxFields);
}

TEST_F(CollectorNtopTest, BoundsTheFieldsOfAllExportersTogether) {
  std::string many;
  for (size_t i = 0; i < OtherFields::kMaxFields; ++i)
    many += ",\"unknown_" + std::to_string(i) + "\":1";
  const ExportBudget& budget = collector_.exporters().budgets().other_fields;
  const size_t fit = budget.limit() / OtherFields::kFieldBytes / OtherFields::kMaxFields;
  const Bytes payload = bytes_of(flow_with(many));
  for (uint32_t source = 0; source < fit + 2; ++source) {
    const auto header =
        make_ntop_header("flow", static_cast<uint8_t>(source), payload.size(), number_++);
    const uint8_t address[] = {10, 1, static_cast<uint8_t>(source >> 8),
                               static_cast<uint8_t>(source)};
    EXPECT_EQ(take(Bytes(header.begin(), header.end()), payload, {IpAddress::from_v4(address), 0}),
              ExportError::kNone);
  }
  EXPECT_LE(budget.used(), budget.limit());
  EXPECT_GT(budget.used(), budget.limit() - OtherFields::kFieldBytes);
}

TEST_F(CollectorNtopTest, NamesApplicationsAsTheRecordDoes) {
  EXPECT_EQ(take_flow(flow_with(R"(,"L7_PROTO":"91.126","L7_PROTO_NAME":"TLS.Collected")")),
            ExportError::kNone);
  EXPECT_EQ(application_name(only_flow().application), "TLS.Collected");
  collector_.clear_flows();
  for (const char* name : {"Unknown", "", "a\\u0001b"}) {
    EXPECT_EQ(take_flow(flow_with(R"(,"35632.119":")" + std::string(name) + "\"")),
              ExportError::kNone);
    EXPECT_EQ(only_flow().application, kApplicationUnknown);
    collector_.clear_flows();
  }
}

TEST_F(CollectorNtopTest, CountsWhatIsMissingByTheNumbersOfMessages) {
  const std::string good = flow_with("");
  (void)take_flow(good);
  number_ += 2;
  (void)take_flow(good);
  (void)take("hello", "{}");
  (void)take_flow(good);
  const Exporter& exporter = only_exporter(collector_);
  EXPECT_EQ(exporter.sequence.lost(), 2U);
  EXPECT_EQ(exporter.sequence.received(), 4U);
  EXPECT_EQ(exporter.counters.messages, 4U);
  number_ = 0;
  (void)take_flow(good);
  EXPECT_EQ(exporter.sequence.restarts(), 1U);
  EXPECT_EQ(exporter.sequence.lost(), 2U);
}

TEST_F(CollectorNtopTest, TellsSourcesAndKeysApart) {
  const Bytes flow = bytes_of(flow_with(""));
  for (const uint8_t source : {uint8_t{1}, uint8_t{2}}) {
    const NtopHeaderBytes header = make_ntop_header("flow", source, 0, 0);
    ExportPeer from = peer(1, 0);
    (void)take(Bytes(header.begin(), header.end()), flow, from);
    from.link = 77;
    (void)take(Bytes(header.begin(), header.end()), flow, from);
  }
  EXPECT_EQ(collector_.exporters().size(), 4U);
  // The first to tell of it is believed.
  EXPECT_EQ(collector_.flows().size(), 1U);
}

TEST_F(CollectorNtopTest, KnowsAPeerAgainThatStartedAnew) {
  const Bytes record = set_of(kPlain, plain_record());
  const auto take_from = [&](uint8_t source, int64_t second) {
    const NtopHeaderBytes header = make_ntop_header("ipfix", source, 0, 0);
    const auto exported = static_cast<uint32_t>(kNowSeconds + second);
    (void)take(Bytes(header.begin(), header.end()),
               ipfix(0, {plain_template_set(), record}, 0, exported), peer(1, 0),
               kNow + second * kSecond);
  };
  take_from(17, 0);
  take_from(99, 1);
  EXPECT_EQ(collector_.flows().size(), 1U) << "another one beside it";
  take_from(99, 11);
  EXPECT_EQ(collector_.flows().size(), 1U);
  take_from(17, 12);
  take_from(123, 23);
  EXPECT_EQ(collector_.flows().size(), 3U);
  EXPECT_EQ(collector_.exporters().size(), 3U);
}

TEST_F(CollectorNtopTest, TakesWhatZlibPacked) {
  const std::string text = flow_with("");
  uLongf length = compressBound(text.size());
  Bytes packed(length);
  ASSERT_EQ(
      compress(packed.data(), &length, reinterpret_cast<const Bytef*>(text.data()), text.size()),
      Z_OK);
  packed.resize(length);
  Bytes marked{0};
  append(marked, packed);
  const NtopHeaderBytes plain = make_ntop_header("flow", 3, 0, 0);
  EXPECT_EQ(take(Bytes(plain.begin(), plain.end()), marked), ExportError::kNone);
  Bytes with_flags(36);
  std::copy_n("flow", 4, with_flags.begin());
  with_flags[16] = 4;
  with_flags[17] = 4;
  // The source is in the order of the machine.
  const uint32_t source = 3;
  std::memcpy(with_flags.data() + 32, &source, sizeof source);
  EXPECT_EQ(take(with_flags, packed), ExportError::kNone);
  EXPECT_EQ(collector_.flows().size(), 2U);
  EXPECT_EQ(take(with_flags, bytes_of("no zlib")), ExportError::kBadPacking);
  EXPECT_EQ(collector_.refused()[static_cast<size_t>(ExportError::kBadPacking)], 1U);
}

TEST_F(CollectorNtopTest, TakesTlv) {
  Bytes tlv{1, 1};
  const auto text = [&](uint8_t key, std::string_view value) {
    put(tlv, 0x2b, 1), put(tlv, key, 1), put(tlv, value.size(), 2);
    append(tlv, bytes_of(value));
  };
  for (int record = 0; record < 2; ++record) {
    text(8, "10.0.0.1"), text(12, "10.0.0.2");
    put(tlv, 0x22'04'11, 3), put(tlv, 0x23'07'0035, 4), put(tlv, 0x23'0b'c000, 4);
    put(tlv, 0x22'01'64, 3), put(tlv, 0x22'02'02, 3);
    tlv.push_back(1);
  }
  Bytes header(28);
  std::copy_n("flow", 4, header.begin());
  header[16] = 3;
  EXPECT_EQ(take(header, tlv), ExportError::kNone);
  ASSERT_EQ(collector_.flows().size(), 2U);
  EXPECT_EQ(collector_.flows()[1].source.to_string(), "10.0.0.1");
  EXPECT_EQ(collector_.flows()[1].source_port, 53U);
  EXPECT_EQ(collector_.flows()[1].forward, (Traffic{2, 100}));
}

TEST_F(CollectorNtopTest, MakesOfJsonWhatItMakesOfIpfix) {
  Collector direct({.secret = {1, 2, 3, 4}});
  (void)direct.take(ipfix(0, {plain_template_set(), set_of(kPlain, plain_record())}), peer(1, 0),
                    kNow);
  (void)take_flow(R"({"8":"10.0.0.1","12":"10.0.0.2","7":40000,"11":443,"4":6,"1":1000,"2":10})");
  ASSERT_EQ(direct.flows().size(), 1U);
  const CollectedFlow& expected = direct.flows().front();
  const CollectedFlow& flow = only_flow();
  EXPECT_EQ(flow.source, expected.source);
  EXPECT_EQ(flow.destination, expected.destination);
  EXPECT_EQ(flow.source_port, expected.source_port);
  EXPECT_EQ(flow.destination_port, expected.destination_port);
  EXPECT_EQ(flow.protocol, expected.protocol);
  EXPECT_EQ(flow.first, expected.first);
  EXPECT_EQ(flow.last, expected.last);
  EXPECT_EQ(flow.forward, expected.forward);
  EXPECT_EQ(flow.origin, expected.origin);
}

TEST_F(CollectorNtopTest, TakesMessagesOfIpfixASessionForEachSource) {
  const Bytes message = ipfix(0, {plain_template_set(), set_of(kPlain, plain_record())});
  const Bytes data = ipfix(1, {set_of(kPlain, plain_record({.source_port = 7}))});
  const NtopHeaderBytes first = make_ntop_header("ipfix", 1, 0, 0);
  const NtopHeaderBytes second = make_ntop_header("ipfix", 2, 0, 0);
  EXPECT_EQ(take(Bytes(first.begin(), first.end()), message), ExportError::kNone);
  EXPECT_EQ(take(Bytes(first.begin(), first.end()), data), ExportError::kNone);
  EXPECT_EQ(collector_.flows().size(), 2U);
  const Exporter& exporter = only_exporter(collector_);
  EXPECT_EQ(exporter.transport, ExportTransport::kZeroMq);
  EXPECT_EQ(exporter.key.version, ExportVersion::kIpfix);
  EXPECT_EQ(exporter.sequence.lost(), 0U);
  // Another has its own templates.
  EXPECT_EQ(take(Bytes(second.begin(), second.end()), data), ExportError::kNone);
  EXPECT_EQ(collector_.flows().size(), 2U);
  EXPECT_EQ(collector_.exporters().size(), 2U);
  EXPECT_EQ(take(Bytes(second.begin(), second.end()), netflow9(0, {})),
            ExportError::kUnknownVersion);
  EXPECT_EQ(take(Bytes(second.begin(), second.end()), {}), ExportError::kUnknownVersion);
}

TEST_F(CollectorNtopTest, LearnsFromCountersAndEvents) {
  EXPECT_EQ(take("counter", R"({"deviceIP":"192.0.2.9","ifIndex":5,"ifName":"ge-0/0/5",
      "ifSpeed":1000000000,"ifOperStatus":1,"ifInOctets":123,"ifOutPackets":"4"})"),
            ExportError::kNone);
  EXPECT_EQ(take("event", R"({"bytes":1,"iface":{"name":"eth0"},
      "probe":{"version":"10.1","osname":"Debian"},"time":1})"),
            ExportError::kNone);
  const Exporter& exporter = only_exporter(collector_);
  EXPECT_EQ(exporter.software, "10.1 Debian");
  EXPECT_EQ(exporter.counters.options_records, 2U);
  ASSERT_EQ(exporter.interfaces.size(), 1U);
  const ExporterInterface interface = exporter.interfaces.list().front();
  EXPECT_EQ(interface.index, 5U);
  EXPECT_EQ(interface.name, "ge-0/0/5");
  ASSERT_TRUE(interface.counters);
  EXPECT_EQ(interface.counters->in_octets, 123U);
  EXPECT_EQ(interface.counters->out_packets, 4U);
  EXPECT_TRUE(interface.counters->is_up);
}

TEST_F(CollectorNtopTest, MakesAnEventOfWhatTellsOfNoTraffic) {
  // Registrations of domains, as the paper has them; between them a flow, and a record of nothing.
  EXPECT_EQ(
      take_flow(R"([{"DOMAIN_NAME":"example.it","OPERATION":"create","REGISTRAR":{"ID":7}},)" +
                flow_with("") + R"(,{},{"8":"10.0.0.1","DOMAIN_NAME":"half.a.flow"},)" +
                R"({"DOMAIN_NAME":"a\"b","LATENCY":1.5,"OK":true,"DELTA":-3,"NONE":null,)" +
                R"("event":"alert_begins","time":1,"DOMAIN_NAME":"twice"}])"),
      ExportError::kNone);
  EXPECT_EQ(take("event", R"({"OPERATION":"transfer"})"), ExportError::kNone);
  EXPECT_EQ(collector_.flows().size(), 1U);
  ASSERT_EQ(collector_.events().size(), 3U);
  const std::string head = R"({"event":"zmq","time":)" +
                           to_json(Value(static_cast<double>(kNow) * 1e-9)) +
                           R"(,"sender":"192.0.2.1",)";
  EXPECT_EQ(to_json(collector_.events()[0]),
            head + R"("DOMAIN_NAME":"example.it","OPERATION":"create","REGISTRAR.ID":7})");
  EXPECT_EQ(to_json(collector_.events()[1]),
            head + R"("DOMAIN_NAME":"a\"b","LATENCY":1.5,"OK":true,"DELTA":-3})");
  EXPECT_EQ(to_json(collector_.events()[2]), head + R"("OPERATION":"transfer"})");
  const Exporter& exporter = only_exporter(collector_);
  EXPECT_EQ(exporter.counters.events, 3U);
  EXPECT_EQ(exporter.counters.nameless, 2U);
}

TEST_F(CollectorNtopTest, MakesAnEventOfTlvToo) {
  Bytes header(28);
  std::copy_n("flow", 4, header.begin());
  header[16] = 3;
  Bytes tlv{1, 1};
  const std::string name = "example.it";
  put(tlv, 0x2b, 1), put(tlv, 210, 1), put(tlv, name.size(), 2);
  append(tlv, bytes_of(name));
  put(tlv, 0x22'd3'07, 3);
  EXPECT_EQ(take(header, tlv), ExportError::kNone);
  ASSERT_EQ(collector_.events().size(), 1U);
  EXPECT_EQ(collector_.events().front()["210"], Value(name));
  EXPECT_EQ(collector_.events().front()["211"], Value(uint64_t{7}));
}

TEST_F(CollectorNtopTest, BoundsWhatIsAnEvent) {
  std::string fields = "\"long\":\"" + std::string(2 * NtopEvent::kMaxText, 'x') + "\"";
  for (size_t i = 1; i < 2 * NtopEvent::kMaxFields; ++i)
    fields += ",\"f" + std::to_string(i) + "\":1";
  EXPECT_EQ(take_flow("{" + fields + "}"), ExportError::kNone);
  ASSERT_EQ(collector_.events().size(), 1U);
  const Value& event = collector_.events().front();
  constexpr size_t kOwn = 3;
  EXPECT_EQ(event.as<Value::Object>()->size(), kOwn + NtopEvent::kMaxFields);
  EXPECT_EQ(event["long"], Value(std::string(NtopEvent::kMaxText, 'x')));
  std::string many;
  for (size_t i = 0; i < Collector::kMaxEvents; ++i) many += R"({"DOMAIN_NAME":"example.it"})";
  EXPECT_EQ(take_flow(many + flow_with("")), ExportError::kNone);
  EXPECT_EQ(collector_.events().size(), Collector::kMaxEvents);
  EXPECT_EQ(collector_.syslog().events_left_out, 1U);
  EXPECT_EQ(collector_.flows().size(), 1U);
}

TEST_F(CollectorNtopTest, CountsMessagesByTopic) {
  for (const char* topic : {"hello", "template", "option", "snmp-ifaces", "strange", "flow"})
    EXPECT_EQ(take(topic, "{}"), ExportError::kNone);
  EXPECT_EQ(collector_.topics()[static_cast<size_t>(NtopTopic::kHello)], 1U);
  EXPECT_EQ(collector_.topics()[static_cast<size_t>(NtopTopic::kOther)], 1U);
  ListenStatistics sockets;
  sockets.zmq.emplace();
  sockets.zmq->denied["key"] = 2;
  const Value health = collector_answer(collector_, sockets);
  EXPECT_EQ(health["topics"]["option"], Value(uint64_t{1}));
  EXPECT_EQ(health["zeromq"]["denied_keys"]["key"], Value(uint64_t{2}));
}

TEST_F(CollectorNtopTest, RefusesHeadersOfOtherSizes) {
  EXPECT_EQ(take(Bytes(23), bytes_of("{}")), ExportError::kBadHeader);
  EXPECT_EQ(take(Bytes(), Bytes()), ExportError::kBadHeader);
  EXPECT_EQ(collector_.refused()[static_cast<size_t>(ExportError::kBadHeader)], 2U);
  EXPECT_EQ(collector_.exporters().size(), 0U);
}

}  // namespace
}  // namespace weir
