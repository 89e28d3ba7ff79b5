// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/collector.h"

#include <gtest/gtest.h>

#include "collect/test_messages.h"

namespace weir {
namespace {

using namespace test_messages;  // NOLINT(google-build-using-namespace): made for tests

class CollectorTest : public ::testing::Test {
 protected:
  ExportError take(const Bytes& message, const ExportPeer& from = peer(), int64_t when = kNow,
                   bool is_stream = false) {
    return collector_.take(message, from, when, is_stream);
  }
  [[nodiscard]] const Exporter& exporter() const { return only_exporter(collector_); }
  [[nodiscard]] const std::vector<CollectedFlow>& flows() const { return collector_.flows(); }
  [[nodiscard]] uint64_t errors(ExportError error) const {
    return exporter().counters.errors[static_cast<size_t>(error)];
  }

  Collector collector_{{.secret = {1, 2, 3, 4}}};
};

TEST_F(CollectorTest, ReadsARecordByItsTemplate) {
  EXPECT_EQ(take(ipfix(0, {plain_template_set(), set_of(kPlain, plain_record())})),
            ExportError::kNone);
  ASSERT_EQ(flows().size(), 1U);
  const CollectedFlow& flow = flows()[0];
  EXPECT_EQ(flow.source.to_string(), "10.0.0.1");
  EXPECT_EQ(flow.destination.to_string(), "10.0.0.2");
  EXPECT_EQ(flow.source_port, 40000);
  EXPECT_EQ(flow.destination_port, 443);
  EXPECT_EQ(flow.protocol, 6);
  EXPECT_EQ(flow.forward, (Traffic{10, 1000}));
  EXPECT_EQ(flow.origin.exporter.to_string(), "192.0.2.1");
  EXPECT_EQ(flow.last.as_nanoseconds(), kNow);
}

TEST_F(CollectorTest, RefusesWhatItDoesNotKnowByName) {
  EXPECT_EQ(take({0, 3, 0, 0, 0, 0}), ExportError::kUnknownVersion);
  EXPECT_EQ(take({0, 8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}), ExportError::kAggregated);
  EXPECT_EQ(take({0, 9, 0}), ExportError::kTruncated);
  EXPECT_EQ(take({0, 9, 0, 0, 0}), ExportError::kTruncated);
  EXPECT_EQ(take({0, 5, 0, 1}), ExportError::kTruncated);
  EXPECT_EQ(take({0, 0, 0, 5, 0, 0, 0, 9}), ExportError::kBadLength);
  Bytes longer = ipfix(0, {});
  longer[3] = 200;
  EXPECT_EQ(take(longer), ExportError::kBadLength);
  EXPECT_EQ(collector_.refused()[static_cast<size_t>(ExportError::kTruncated)], 3U);
  EXPECT_EQ(collector_.exporters().size(), 0U);
}

TEST_F(CollectorTest, ReadsTheOtherSetsOfAMessageWhoseTemplateIsMissing) {
  take(ipfix(0, {plain_template_set()}));
  take(ipfix(0, {set_of(300, Bytes(20)), set_of(kPlain, plain_record())}));
  EXPECT_EQ(flows().size(), 1U);
  EXPECT_EQ(exporter().waiting.size(), 1U);
}

TEST_F(CollectorTest, KeepsRecordsUntilTheirTemplateComes) {
  take(ipfix(0, {set_of(kPlain, plain_record())}));
  EXPECT_TRUE(flows().empty());
  take(ipfix(1, {plain_template_set()}), peer(), kNow + 20 * kSecond);
  ASSERT_EQ(flows().size(), 1U);
  // By the time of the message it came with.
  EXPECT_EQ(flows()[0].last.as_nanoseconds(), kNow);
  EXPECT_EQ(exporter().waiting.size(), 0U);
}

TEST_F(CollectorTest, CarriesOnWhoComesBackWhenItsConnectionHasEnded) {
  const Bytes templates = plain_template_set();
  const Bytes record = set_of(kPlain, plain_record());
  ExportPeer again = peer();
  ++again.port;
  take(ipfix(0, {templates, record}), peer(), kNow, true);
  take(ipfix(1, {record}, 0, kNowSeconds + 1), peer(), kNow + kSecond, true);
  EXPECT_EQ(take({}, peer(), kNow + kSecond, true), ExportError::kNone);
  // What it does not know to have come, and what is new.
  take(ipfix(1, {record}, 0, kNowSeconds + 1), again, kNow + 2 * kSecond, true);
  take(ipfix(0, {templates, record}, 0, kNowSeconds + 2), again, kNow + 2 * kSecond, true);
  EXPECT_EQ(flows().size(), 3U);
  uint64_t repeats = 0;
  collector_.exporters().visit([&](const Exporter& one) { repeats += one.counters.repeats; });
  EXPECT_EQ(repeats, 1U);
  // Another one beside it is another observer.
  ExportPeer other = peer();
  other.port += 2;
  take(ipfix(0, {templates, record}, 0, kNowSeconds + 3), other, kNow + 3 * kSecond, true);
  EXPECT_EQ(flows().size(), 3U);
}

TEST_F(CollectorTest, TakesTheTemplatesThatComeAgainOnAnotherConnection) {
  const Bytes templates = ipfix(0, {plain_template_set()});
  ExportPeer again = peer();
  ++again.port;
  take(templates, peer(), kNow, true);
  take(ipfix(0, {set_of(kPlain, plain_record())}), peer(), kNow, true);
  take({}, peer(), kNow, true);
  take(templates, again, kNow, true);
  take(ipfix(0, {set_of(kPlain, plain_record())}), again, kNow, true);
  take(ipfix(1, {set_of(kPlain, plain_record())}, 0, kNowSeconds + 1), again, kNow + kSecond, true);
  EXPECT_EQ(flows().size(), 2U) << "the second is the first one, sent again";
}

TEST_F(CollectorTest, LetsGoOfRecordsWhoseTemplateDoesNotCome) {
  take(ipfix(0, {set_of(kPlain, plain_record())}));
  collector_.pass_second(kNow + 31 * kSecond);
  EXPECT_EQ(exporter().waiting.size(), 0U);
  EXPECT_EQ(exporter().waiting.dropped(), 1U);
  take(ipfix(1, {plain_template_set()}), peer(), kNow + 32 * kSecond);
  EXPECT_TRUE(flows().empty());
}

TEST_F(CollectorTest, ReadsByANewTemplateOfTheSameIdFromThenOn) {
  take(ipfix(0, {plain_template_set(), set_of(kPlain, plain_record())}));
  const Bytes other = template_record(kPlain, {{12, 4}, {8, 4}, {2, 8}, {1, 8}, {4, 1}});
  Bytes record;
  put(record, 0x0a000009, 4);
  put(record, 0x0a000008, 4);
  put(record, 3, 8);
  put(record, 300, 8);
  put(record, 17, 1);
  take(ipfix(1, {set_of(2, other), set_of(kPlain, record)}));
  ASSERT_EQ(flows().size(), 2U);
  EXPECT_EQ(flows()[1].source.to_string(), "10.0.0.8");
  EXPECT_EQ(flows()[1].forward, (Traffic{3, 300}));
  EXPECT_EQ(exporter().templates.redefined(), 1U);
}

TEST_F(CollectorTest, TellsDomainsPortsAddressesAndVersionsApart) {
  take(ipfix(0, {plain_template_set()}, 1));
  const Bytes data = ipfix(0, {set_of(kPlain, plain_record())}, 2);
  take(data);
  take(ipfix(0, {set_of(kPlain, plain_record())}, 1), peer(1, 9999));
  take(ipfix(0, {set_of(kPlain, plain_record())}, 1), peer(2));
  take(netflow9(0, {set_of(kPlain, plain_record())}, 1));
  EXPECT_TRUE(flows().empty());
  EXPECT_EQ(collector_.exporters().size(), 5U);
  take(ipfix(0, {set_of(kPlain, plain_record())}, 1));
  EXPECT_EQ(flows().size(), 1U);
}

TEST_F(CollectorTest, HearsWithdrawalsOverTcpOnly) {
  Bytes withdrawal;
  put(withdrawal, kPlain, 2);
  put(withdrawal, 0, 2);
  take(ipfix(0, {plain_template_set()}));
  take(ipfix(0, {set_of(2, withdrawal)}));
  EXPECT_EQ(exporter().templates.size(), 1U);
  take(ipfix(0, {set_of(2, withdrawal)}, 0, kNowSeconds + 1), peer(), kNow, true);
  EXPECT_EQ(exporter().templates.size(), 0U);
}

TEST_F(CollectorTest, CountsAMessageThatCameTwiceOnce) {
  const Bytes message = ipfix(0, {plain_template_set(), set_of(kPlain, plain_record())});
  take(message);
  take(message);
  EXPECT_EQ(flows().size(), 1U);
  EXPECT_EQ(exporter().counters.repeats, 1U);
  EXPECT_EQ(exporter().sequence.lost(), 0U);
}

TEST_F(CollectorTest, TakesDeltasBeforeTotals) {
  const std::vector<Field> fields{{8, 4}, {12, 4}, {85, 8}, {86, 8}, {1, 8}, {2, 8}};
  Bytes record;
  put(record, 1, 4);
  put(record, 2, 4);
  for (const uint64_t value : {9000, 90, 100, 1}) put(record, value, 8);
  take(ipfix(0, {set_of(2, template_record(256, fields)), set_of(256, record)}));
  ASSERT_EQ(flows().size(), 1U);
  EXPECT_EQ(flows()[0].forward, (Traffic{1, 100}));
}

TEST_F(CollectorTest, MakesDifferencesOfTotals) {
  const std::vector<Field> fields{{8, 4}, {12, 4}, {85, 4}, {86, 4}, {150, 4}, {151, 4}};
  const auto record = [](uint64_t bytes, uint64_t packets, uint32_t end) {
    Bytes made;
    put(made, 1, 4);
    put(made, 2, 4);
    put(made, bytes, 4);
    put(made, packets, 4);
    put(made, kNowSeconds - 100, 4);
    put(made, end, 4);
    return made;
  };
  take(ipfix(0, {set_of(2, template_record(256, fields)),
                 set_of(256, record(1000, 10, kNowSeconds - 60))}));
  take(ipfix(1, {set_of(256, record(1500, 15, kNowSeconds - 30))}));
  take(ipfix(2, {set_of(256, record(1500, 15, kNowSeconds))}));
  take(ipfix(3, {set_of(256, record(200, 2, kNowSeconds))}));
  ASSERT_EQ(flows().size(), 3U);
  EXPECT_EQ(flows()[0].forward, (Traffic{10, 1000}));
  EXPECT_EQ(flows()[1].forward, (Traffic{5, 500}));
  EXPECT_EQ(flows()[2].forward, (Traffic{2, 200}));
  EXPECT_EQ(exporter().counters.events, 1U);
}

TEST_F(CollectorTest, ReadsBothDirectionsOfABiflow) {
  const std::vector<Field> fields{{8, 4},
                                  {12, 4},
                                  {4, 1},
                                  {1, 8},
                                  {2, 8},
                                  {1, 8, kReverseEnterprise},
                                  {2, 8, kReverseEnterprise}};
  Bytes record;
  put(record, 1, 4);
  put(record, 2, 4);
  put(record, 6, 1);
  for (const uint64_t value : {100, 1, 2000, 2}) put(record, value, 8);
  take(ipfix(0, {set_of(2, template_record(256, fields)), set_of(256, record)}));
  ASSERT_EQ(flows().size(), 1U);
  EXPECT_EQ(flows()[0].forward, (Traffic{1, 100}));
  EXPECT_EQ(flows()[0].reverse, (Traffic{2, 2000}));
  EXPECT_TRUE(flows()[0].source_began);
}

TEST_F(CollectorTest, ReadsNamesOfInterfacesWithoutTheirPadding) {
  Bytes options_template;
  put(options_template, 257, 2);
  put(options_template, 4, 2);
  put(options_template, 8, 2);
  for (const uint64_t field : {2, 4, 82, 16, 83, 16}) put(options_template, field, 2);
  Bytes options;
  put(options, 7, 4);
  Bytes name{'e', 't', 'h', '7'};
  name.resize(32);
  append(options, name);
  take(netflow9(0, {set_of(1, options_template), set_of(257, options)}));
  const auto interfaces = exporter().interfaces.list();
  ASSERT_EQ(interfaces.size(), 1U);
  EXPECT_EQ(interfaces[0].index, 7U);
  EXPECT_EQ(interfaces[0].name, "eth7");
  EXPECT_EQ(interfaces[0].description, "");
}

TEST_F(CollectorTest, KeepsFieldsItDoesNotKnowByNumber) {
  std::vector<Field> fields = plain_fields();
  fields.insert(fields.begin(), Field{100, 3, 6871});
  Bytes record{0xab, 0xcd, 0xef};
  append(record, plain_record());
  take(ipfix(0, {set_of(2, template_record(256, fields)), set_of(256, record)}));
  ASSERT_EQ(flows().size(), 1U);
  EXPECT_EQ(flows()[0].destination_port, 443);
  const auto& other = exporter().other_fields.fields();
  ASSERT_EQ(other.size(), 1U);
  EXPECT_EQ(other.begin()->first, (std::pair<uint32_t, uint16_t>(6871, 100)));
  EXPECT_EQ(other.begin()->second.last_value, (Bytes{0xab, 0xcd, 0xef}));
}

TEST_F(CollectorTest, ReadsFieldsOfVariableLengthAndBehindThem) {
  const std::vector<Field> fields{{8, 4}, {96, 65535}, {12, 4}, {371, 65535}, {1, 4}, {2, 4}};
  Bytes record;
  put(record, 1, 4);
  put(record, 3, 1);
  append(record, {'a', 'b', 'c'});
  put(record, 2, 4);
  put(record, 255, 1);
  put(record, 300, 2);
  record.resize(record.size() + 300, 'x');
  put(record, 700, 4);
  put(record, 7, 4);
  Bytes two = record;
  append(two, record);
  take(ipfix(0, {set_of(2, template_record(256, fields)), set_of(256, two)}));
  ASSERT_EQ(flows().size(), 2U);
  EXPECT_EQ(flows()[1].forward, (Traffic{7, 700}));
  // Cut anywhere: no record, no more than there is.
  for (size_t length = 1; length < record.size(); ++length) {
    collector_.clear_flows();
    const Bytes cut(record.begin(), record.begin() + static_cast<ptrdiff_t>(length));
    take(ipfix(static_cast<uint32_t>(length), {set_of(256, cut)}));
    EXPECT_TRUE(flows().empty()) << length;
  }
}

TEST_F(CollectorTest, ReadsReducedSizesAndSkipsAddressesOfAWrongOne) {
  const std::vector<Field> fields{{8, 4}, {12, 4}, {27, 4}, {1, 3}, {2, 1}, {7, 1}};
  Bytes record;
  put(record, 1, 4);
  put(record, 2, 4);
  put(record, 3, 4);
  put(record, 0x010203, 3);
  put(record, 9, 1);
  put(record, 80, 1);
  take(ipfix(0, {set_of(2, template_record(256, fields)), set_of(256, record)}));
  ASSERT_EQ(flows().size(), 1U);
  EXPECT_EQ(flows()[0].forward, (Traffic{9, 0x010203}));
  EXPECT_EQ(flows()[0].source.to_string(), "0.0.0.1");
}

TEST_F(CollectorTest, TakesTheFirstOfFieldsThatAreThereTwice) {
  const std::vector<Field> fields{{8, 4}, {8, 4}, {12, 4}, {1, 4}, {1, 4}, {2, 4}};
  Bytes record;
  for (const uint64_t value : {1, 9, 2, 100, 900, 1}) put(record, value, 4);
  take(ipfix(0, {set_of(2, template_record(256, fields)), set_of(256, record)}));
  ASSERT_EQ(flows().size(), 1U);
  EXPECT_EQ(flows()[0].source.to_string(), "0.0.0.1");
  EXPECT_EQ(flows()[0].forward.bytes, 100U);
}

TEST_F(CollectorTest, IsDoneWithADatagramThatIsZeroBehindItsSet) {
  Bytes message = netflow9(
      0, {set_of(0, template_record(kPlain, plain_fields())), set_of(kPlain, plain_record())});
  message.resize(1400);
  take(message);
  EXPECT_EQ(flows().size(), 1U);
  EXPECT_EQ(errors(ExportError::kBadLength), 0U);
}

TEST_F(CollectorTest, CountsASetWhoseLengthIsWrong) {
  Bytes bad = set_of(kPlain, plain_record());
  bad[3] = 3;
  take(ipfix(0, {plain_template_set(), bad}));
  EXPECT_EQ(errors(ExportError::kBadLength), 1U);
  EXPECT_TRUE(flows().empty());
}

TEST_F(CollectorTest, CountsFirewallEventsApartFromTraffic) {
  const std::vector<Field> fields{{8, 4}, {12, 4}, {233, 1}, {231, 4}, {232, 4}};
  const auto record = [](uint64_t event, uint64_t there, uint64_t back) {
    Bytes made;
    put(made, 1, 4);
    put(made, 2, 4);
    put(made, event, 1);
    put(made, there, 4);
    put(made, back, 4);
    return made;
  };
  take(netflow9(0, {set_of(0, template_record(256, fields)), set_of(256, record(1, 0, 0))}));
  take(netflow9(1, {set_of(256, record(2, 1200, 3400))}));
  EXPECT_EQ(exporter().counters.events, 1U);
  ASSERT_EQ(flows().size(), 1U);
  EXPECT_EQ(flows()[0].forward, (Traffic{0, 1200}));
  EXPECT_EQ(flows()[0].reverse, (Traffic{0, 3400}));
}

TEST_F(CollectorTest, CountsWhatTwoExportersSawOnce) {
  for (const uint8_t host : {uint8_t{1}, uint8_t{2}}) {
    for (uint32_t i = 0; i < 5; ++i) {
      take(ipfix(i, {plain_template_set(), set_of(kPlain, plain_record())}), peer(host),
           kNow + i * kSecond);
    }
  }
  EXPECT_EQ(flows().size(), 5U);
  uint64_t duplicates = 0;
  collector_.exporters().visit(
      [&](const Exporter& one) { duplicates += one.counters.duplicate_records; });
  EXPECT_EQ(duplicates, 5U);
}

TEST_F(CollectorTest, CountsWhatTwoInterfacesOfOneExporterSawOnce) {
  std::vector<Field> fields = plain_fields();
  fields.push_back({61, 1});
  for (const uint8_t direction : {uint8_t{0}, uint8_t{1}}) {
    Bytes record = plain_record();
    put(record, direction, 1);
    take(ipfix(direction, {set_of(2, template_record(256, fields)), set_of(256, record)}));
  }
  EXPECT_EQ(flows().size(), 1U);
  EXPECT_EQ(exporter().counters.duplicates, (Traffic{10, 1000}));
}

TEST_F(CollectorTest, LetsAnotherExporterTakeOverWhenTheFirstIsSilent) {
  take(ipfix(0, {plain_template_set(), set_of(kPlain, plain_record())}));
  const auto later = kNowSeconds + ObservationFilter::kSilence + 1;
  take(ipfix(0, {plain_template_set(), set_of(kPlain, plain_record())}, 0, later), peer(2),
       int64_t{later} * kSecond);
  EXPECT_EQ(flows().size(), 2U);
}

TEST_F(CollectorTest, CountsEverythingWhenThatIsAskedFor) {
  Collector all({.secret = {1, 2, 3, 4}, .drops_duplicates = false});
  for (const uint8_t host : {uint8_t{1}, uint8_t{2}})
    (void)all.take(ipfix(0, {plain_template_set(), set_of(kPlain, plain_record())}), peer(host),
                   kNow);
  EXPECT_EQ(all.flows().size(), 2U);
}

TEST_F(CollectorTest, KeepsAGoodExporterWholeUnderAFloodOfOthers) {
  take(ipfix(0, {plain_template_set(), set_of(kPlain, plain_record())}));
  // Ten thousand addresses, each with a template that is as large as can be.
  const Bytes flood =
      ipfix(0, {set_of(2, template_record(999, std::vector<Field>(256, Field{1, 8})))});
  for (uint32_t i = 0; i < 10'000; ++i) {
    const uint8_t address[] = {10, 1, static_cast<uint8_t>(i >> 8), static_cast<uint8_t>(i)};
    (void)collector_.take(flood, {IpAddress::from_v4(address), 1000}, kNow + i);
  }
  EXPECT_LE(collector_.exporters().size(), ExporterTable::kMax);
  EXPECT_GT(collector_.exporters().evicted() + collector_.exporters().refused(), 5000U);
  take(ipfix(1, {set_of(kPlain, plain_record())}));
  EXPECT_EQ(flows().size(), 2U);
}

TEST_F(CollectorTest, KeepsTheTemplatesOfOneAddressWithinItsBounds) {
  for (uint32_t domain = 0; domain < 300; ++domain) {
    Bytes templates;
    for (uint16_t id = 256; id < 356; ++id)
      append(templates, template_record(id, std::vector<Field>(40, Field{1, 8})));
    take(ipfix(0, {set_of(2, templates)}, domain), peer(), kNow + domain);
  }
  EXPECT_EQ(collector_.exporters().size(), ExporterTable::kMaxPerAddress);
  EXPECT_LE(collector_.exporters().budgets().templates.used(),
            collector_.exporters().budgets().templates.limit());
}

// What the records of one flow with totals count, whose exporter may change its port.
class CollectedTotals : public CollectorTest {
 protected:
  void tell(uint32_t total, uint32_t second, const ExportPeer& from = peer()) {
    Bytes record;
    put(record, 0x0a000001, 4);
    put(record, 0x0a000002, 4);
    put(record, total, 8);
    put(record, total * 100, 8);
    put(record, kNowSeconds - 100, 4);
    put(record, kNowSeconds - 100 + second, 4);
    collector_.clear_flows();
    const Bytes layout =
        template_record(kPlain, {{8, 4}, {12, 4}, {86, 8}, {85, 8}, {150, 4}, {151, 4}});
    take(ipfix(sequence_++, {set_of(2, layout), set_of(kPlain, record)}), from,
         kNow + int64_t{second} * kSecond);
    for (const CollectedFlow& flow : flows()) packets_ += flow.forward.packets;
  }

  uint64_t packets_ = 0;
  uint32_t sequence_ = 0;
};

TEST_F(CollectedTotals, CountThoseThatCameLateNotAgain) {
  tell(200, 20);
  tell(100, 10);
  tell(300, 30);
  EXPECT_EQ(packets_, 300U);
}

TEST_F(CollectedTotals, GoOnWhenTheirExporterComesBackUnderAnotherPort) {
  tell(200, 20);
  tell(300, 60, peer(1, 2000));
  EXPECT_EQ(packets_, 300U);
}

TEST_F(CollectorTest, SearchesForOneThatGivesWayOnlySoOftenASecond) {
  for (size_t i = 0; i < ExporterTable::kMax + 2 * ExporterTable::kMaxSearches; ++i) {
    const uint8_t address[] = {10, 1, static_cast<uint8_t>(i >> 8), static_cast<uint8_t>(i)};
    (void)collector_.take(ipfix(0, {plain_template_set()}), {IpAddress::from_v4(address), 1000},
                          kNow);
  }
  EXPECT_EQ(collector_.exporters().evicted(), ExporterTable::kMaxSearches);
  EXPECT_EQ(collector_.exporters().refused(), ExporterTable::kMaxSearches);
  collector_.pass_second(kNow + kSecond);
  EXPECT_EQ(take(ipfix(0, {plain_template_set()}), peer(250), kNow + kSecond), ExportError::kNone);
}

TEST_F(CollectorTest, ReadsBytesOfFramesWhereThoseOfDatagramsAreNotTold) {
  Bytes record;
  put(record, 0x0a000001, 4);
  put(record, 0x0a000002, 4);
  put(record, 5, 4);
  put(record, 700, 8);
  take(ipfix(0, {set_of(2, template_record(kPlain, {{8, 4}, {12, 4}, {2, 4}, {352, 8}})),
                 set_of(kPlain, record)}));
  ASSERT_EQ(flows().size(), 1U);
  EXPECT_EQ(flows()[0].forward, (Traffic{5, 700}));
}

TEST_F(CollectorTest, ForgetsExportersThatAreSilentForAnHour) {
  take(ipfix(0, {plain_template_set()}));
  take(ipfix(0, {plain_template_set()}), peer(2), kNow + 3000 * kSecond);
  collector_.pass_second(kNow + 3601 * kSecond);
  EXPECT_EQ(collector_.exporters().size(), 1U);
  EXPECT_EQ(exporter().key.address, peer(2).address);
  EXPECT_EQ(collector_.exporters().evicted(), 1U);
}

TEST_F(CollectorTest, HasRoomAgainWhenThoseWhoFilledItAreSilent) {
  take(ipfix(0, {plain_template_set()}));
  for (size_t i = 0; i <= ExporterTable::kMax; ++i) {
    const ExportPeer from =
        peer(static_cast<uint8_t>(2 + i / 200), static_cast<uint16_t>(1000 + i % 200));
    take(ipfix(0, {plain_template_set(), set_of(kPlain, plain_record())}), from, kNow + kSecond);
  }
  EXPECT_GT(collector_.exporters().refused(), 0U);
  const ExportPeer late = peer(250);
  EXPECT_EQ(take(ipfix(0, {plain_template_set()}), late, kNow + 2 * kSecond), ExportError::kNoRoom);
  collector_.pass_second(kNow + 3700 * kSecond);
  EXPECT_EQ(take(ipfix(0, {plain_template_set()}), late, kNow + 3700 * kSecond),
            ExportError::kNone);
}

}  // namespace
}  // namespace weir
