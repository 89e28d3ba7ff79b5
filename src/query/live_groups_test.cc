// SPDX-License-Identifier: GPL-3.0-or-later
// Lists of groups of a real engine.
#include <gtest/gtest.h>

#include "query/interface_sums.h"
#include "query/test_traffic.h"
#include "record/test_places.h"

namespace weir {
namespace {

using test_places::FakePlaces;
using test_traffic::a_second_of_traffic;
using test_traffic::Sent;
using test_traffic::watch;

constexpr GroupKind kKinds[] = {GroupKind::kCountry, GroupKind::kAs,   GroupKind::kNetwork,
                                GroupKind::kMac,     GroupKind::kVlan, GroupKind::kCategory};

std::shared_ptr<const FakePlaces> places() {
  return std::make_shared<FakePlaces>(std::vector<FakePlaces::Known>{
      {*Prefix::parse("10.0.0.0/8"), {0, country_code("DE"), 1}},
      {*Prefix::parse("192.0.2.0/24"), {64500, country_code("FR"), 0}}});
}

LiveQuestions questions_about(const Interface& interface,
                              std::shared_ptr<const Places> known = places()) {
  LiveQuestions::Setting setting;
  setting.interfaces = {&interface};
  setting.places = [known] { return known; };
  setting.now = [] { return 2000.0; };
  setting.uptime = [] { return 60.0; };
  return LiveQuestions(std::move(setting));
}

std::string rows(const Answer& answer) {
  return answer ? to_json((*answer)["rows"])
                : answer.error().parameter + ": " + answer.error().message;
}

std::unique_ptr<Interface> watch_places(const std::vector<Sent>& packets, uint32_t shards = 1) {
  return watch("eth0", packets, shards, 0, nullptr, places());
}

uint64_t sum_of(const Answer& answer, const char* field) {
  uint64_t sum = 0;
  for (const Value& row : *(*answer)["rows"].as<Value::Array>()) {
    if (const auto* number = row[field].as<uint64_t>()) sum += *number;
  }
  return sum;
}

TEST(LiveGroups, SumByTheCountriesOfBothEnds) {
  const auto eth0 = watch_places(a_second_of_traffic());
  const LiveQuestions questions = questions_about(*eth0);
  const ListRequest request{
      .sort = "bytes",
      .columns = {"key", "name", "hosts", "flows", "flows_total", "bytes_sent", "bytes_received",
                  "packets_sent", "bits_per_second", "first_seen", "last_seen"}};
  const std::string expected =
      R"([{"key":"DE","name":"Germany","hosts":3,"flows":3,"flows_total":3,"bytes_sent":1454,)"
      R"("bytes_received":1504,"packets_sent":6,"bits_per_second":7664,"first_seen":1000,)"
      R"("last_seen":1001},)"
      R"({"key":"FR","hosts":1,"flows":1,"flows_total":1,"bytes_sent":200,"bytes_received":150,)"
      R"("packets_sent":1,"bits_per_second":2800,"first_seen":1000,"last_seen":1000},)"
      R"({"key":"unknown","hosts":2,"flows":1,"flows_total":1,"bytes_sent":90,)"
      R"("bytes_received":90,"packets_sent":1,"bits_per_second":1440,"first_seen":1000,)"
      R"("last_seen":1000}])";
  EXPECT_EQ(rows(questions.groups(GroupKind::kCountry, request)), expected);
}

TEST(LiveGroups, KeepTheSumsOfFlowsThatEnded) {
  const auto eth0 = watch_places(a_second_of_traffic());
  const LiveQuestions questions = questions_about(*eth0);
  const ListRequest request{
      .columns = {"key", "flows_total", "packets", "bytes", "bytes_sent", "bytes_to_server"}};
  for (const GroupKind kind : kKinds) {
    const std::string live =
        rows(questions.groups(kind, {.sort = "key", .columns = request.columns}));
    const auto ended = watch_places(a_second_of_traffic());
    ended->shards().front()->finish();
    EXPECT_EQ(
        rows(questions_about(*ended).groups(kind, {.sort = "key", .columns = request.columns})),
        live);
  }
}

TEST(LiveGroups, HaveNamesOfTheirKind) {
  const auto eth0 = watch_places({
      {.source = "10.0.0.1", .destination = "192.0.2.1", .destination_port = 53},
      {.source = "10.0.0.2", .destination = "10.0.0.9", .vlan = {100, 20}},
  });
  const LiveQuestions questions = questions_about(*eth0);
  const auto names = [&](GroupKind kind) {
    return rows(
        questions.groups(kind, {.sort = "key", .descending = false, .columns = {"key", "name"}}));
  };
  EXPECT_EQ(names(GroupKind::kAs), R"([{"key":"64500","name":"Example Net"},{"key":"unknown"}])");
  EXPECT_EQ(names(GroupKind::kNetwork),
            R"([{"key":"10.1.0.0/16","name":"office"},{"key":"unknown"}])");
  EXPECT_EQ(names(GroupKind::kVlan), R"([{"key":"100.20"},{"key":"untagged"}])");
  EXPECT_EQ(names(GroupKind::kCategory), R"([{"key":"Network"},{"key":"Unknown"}])");
  EXPECT_EQ(names(GroupKind::kMac),
            R"([{"key":"04:00:01:00:00:01","name":"Maker"},{"key":"04:00:02:00:00:02"},)"
            R"({"key":"04:00:09:00:00:09"}])");
}

TEST(LiveGroups, CountAFlowOfAVlanOnce) {
  const auto eth0 = watch_places({{.length = 70, .vlan = {5}}, {.length = 80}});
  EXPECT_EQ(rows(questions_about(*eth0).groups(
                GroupKind::kVlan,
                {.filter = "vlan = 5",
                 .columns = {"packets", "bytes", "bytes_to_server", "bytes_sent", "hosts"}})),
            R"([{"packets":1,"bytes":70,"bytes_to_server":70,"hosts":2}])");
}

TEST(LiveGroups, AreFilteredSortedAndCut) {
  const auto eth0 = watch_places(a_second_of_traffic());
  const LiveQuestions questions = questions_about(*eth0);
  const auto keys = [&](ListRequest request) {
    request.columns = {"key"};
    return rows(questions.groups(GroupKind::kCountry, request));
  };
  EXPECT_EQ(keys({.filter = "country = DE"}), R"([{"key":"DE"}])");
  EXPECT_EQ(keys({.filter = "bytes > 200 and not key = DE"}), R"([{"key":"FR"}])");
  EXPECT_EQ(keys({.sort = "bytes", .descending = false, .offset = 1, .limit = 1}),
            R"([{"key":"FR"}])");
  EXPECT_EQ(keys({.sort = "colour"}), "sort: there is no field \"colour\"");
  EXPECT_EQ(keys({.interface = "eth9"}), "interface: there is no interface \"eth9\"");
}

TEST(LiveGroups, SayWhyNothingIsKnown) {
  const auto eth0 = watch_places(a_second_of_traffic());
  const LiveQuestions questions = questions_about(*eth0);
  EXPECT_EQ(to_json((*questions.groups(GroupKind::kAs, {}))["note"]), "\"no AS file\"");
  EXPECT_TRUE((*questions.groups(GroupKind::kCountry, {}))["note"].is_null());
}

// Hosts and ports all over, so that flows fall to every shard and some are in each other's way.
std::vector<Sent> much_traffic() {
  std::vector<Sent> packets;
  for (uint32_t i = 0; i < 5000; ++i) {
    Sent sent;
    sent.source = (i % 3 == 0 ? "10.0." : "192.0.") + std::to_string(2 + i % 5) + "." +
                  std::to_string(i % 200);
    sent.destination = "198.51.100." + std::to_string(i % 17);
    if (i % 4 == 0) sent.destination = "10.9.9." + std::to_string(i % 40);
    sent.source_port = static_cast<uint16_t>(i * 7);
    sent.destination_port = i % 2 == 0 ? 53 : 443;
    sent.length = 60 + i % 1400;
    sent.when = {1000 + i / 500, i};
    if (i % 6 == 0) sent.vlan = {static_cast<uint16_t>(i % 12)};
    packets.push_back(sent);
  }
  return packets;
}

TEST(LiveGroups, AreTheSameForAnyNumberOfShards) {
  const auto one = watch_places(much_traffic());
  const LiveQuestions about_one = questions_about(*one);
  for (const uint32_t shards : {2U, 4U}) {
    const auto several = watch_places(much_traffic(), shards);
    several->shards().front()->finish();  // whether they ended makes no difference to totals
    const LiveQuestions about_several = questions_about(*several);
    for (const GroupKind kind : kKinds) {
      const ListRequest request{
          .sort = "key",
          .limit = 10'000,
          .columns = {"key", "flows_total", "packets", "bytes", "packets_sent", "packets_received",
                      "bytes_sent", "bytes_received", "bytes_to_server", "first_seen"}};
      EXPECT_EQ(rows(about_several.groups(kind, request)), rows(about_one.groups(kind, request)));
    }
    const auto running = watch_places(much_traffic(), shards);
    const LiveQuestions about_running = questions_about(*running);
    for (const GroupKind kind : kKinds) {
      const ListRequest request{.sort = "key", .limit = 10'000};
      EXPECT_EQ(rows(about_running.groups(kind, request)), rows(about_one.groups(kind, request)));
    }
  }
}

TEST(LiveGroups, SumToAllTrafficWithIp) {
  const auto eth0 = watch_places(much_traffic(), 2);
  eth0->shards().back()->finish();
  const LiveQuestions questions = questions_about(*eth0);
  Traffic total;
  for (const Traffic& traffic : sum_interface(*eth0).by_protocol) total += traffic;
  for (const GroupKind kind : kKinds) {
    const Answer answer = questions.groups(kind, {.limit = 10'000});
    ASSERT_TRUE(answer.ok());
    if (is_by_end(kind)) {
      EXPECT_EQ(sum_of(answer, "bytes_sent"), total.bytes);
      EXPECT_EQ(sum_of(answer, "bytes_received"), total.bytes);
      EXPECT_EQ(sum_of(answer, "packets_sent"), total.packets);
    } else {
      EXPECT_EQ(sum_of(answer, "bytes"), total.bytes);
      EXPECT_EQ(sum_of(answer, "packets"), total.packets);
      EXPECT_EQ(sum_of(answer, "bytes_to_server") + sum_of(answer, "bytes_to_client"), total.bytes);
    }
  }
  const Answer applications = questions.applications({});
  EXPECT_EQ(sum_of(applications, "bytes"), total.bytes);
}

TEST(LiveGroups, SayWhatIsBeyondTheBudget) {
  // More flows at once than 16 MB hold: each is established, so none gives way.
  std::vector<Sent> packets;
  for (uint32_t i = 0; i < 40'000; ++i) {
    Sent up{.source = "10.0.0.1", .destination = "192.0.2.1"};
    up.source_port = static_cast<uint16_t>(i);
    up.destination_port = static_cast<uint16_t>(i >> 8 << 1);
    Sent down = up;
    std::swap(down.source, down.destination);
    std::swap(down.source_port, down.destination_port);
    packets.push_back(up);
    packets.push_back(down);
  }
  const auto eth0 = watch_places(packets);
  const uint64_t beyond = eth0->shards().front()->flows().other().bytes;
  ASSERT_GT(beyond, 0U);
  const LiveQuestions questions = questions_about(*eth0);
  const std::string bytes = std::to_string(beyond);
  EXPECT_EQ(rows(questions.groups(GroupKind::kCountry,
                                  {.filter = "key = other", .columns = {"name", "bytes_sent"}})),
            R"([{"name":"Beyond the memory budget","bytes_sent":)" + bytes + "}]");
  EXPECT_EQ(rows(questions.groups(GroupKind::kVlan, {.filter = "key = other",
                                                     .columns = {"bytes", "bytes_to_server"}})),
            R"([{"bytes":)" + bytes + "}]");
  EXPECT_EQ(sum_of(questions.groups(GroupKind::kCategory, {}), "bytes"), 8'000'000U);
  EXPECT_EQ(sum_of(questions.applications({}), "bytes"), 8'000'000U);
}

TEST(LiveApplications, TellTheirOpenFlowsHostsAndDirections) {
  const auto eth0 = watch_places(a_second_of_traffic());
  EXPECT_EQ(
      rows(questions_about(*eth0).applications(
          {.filter = "app = DNS",
           .columns = {"flows", "active_flows", "hosts", "packets_to_server", "packets_to_client",
                       "bytes_to_server", "bytes_to_client", "packets_per_second"}})),
      R"([{"flows":1,"active_flows":1,"hosts":2,"packets_to_server":2,)"
      R"("packets_to_client":1,"bytes_to_server":1080,"bytes_to_client":160,)"
      R"("packets_per_second":2}])");
}

}  // namespace
}  // namespace weir
