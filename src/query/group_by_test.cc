// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/group_by.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "query/test_traffic.h"

namespace weir {
namespace {

using test_traffic::a_second_of_traffic;
using test_traffic::Sent;
using test_traffic::watch;
using ::testing::IsEmpty;

std::string rows(const Answer& answer) {
  return answer ? to_json((*answer)["rows"])
                : answer.error().parameter + ": " + answer.error().message;
}

// Flows of some clients to some servers, in VLANs and outside.
std::vector<Sent> much_traffic() {
  std::vector<Sent> packets;
  for (uint32_t i = 0; i < 3000; ++i) {
    Sent sent;
    sent.source = "10.0.0." + std::to_string(i % 23);
    sent.destination = "192.0.2." + std::to_string(i % 11);
    sent.source_port = static_cast<uint16_t>(1024 + i % 977);
    sent.destination_port = i % 3 == 0 ? 53 : 443;
    sent.protocol = i % 3 == 0 ? kProtocolUdp : kProtocolTcp;
    sent.length = 60 + i % 1400;
    sent.when = {1000 + i / 1000, i};
    if (i % 5 == 0) sent.vlan = {static_cast<uint16_t>(i % 15)};
    packets.push_back(sent);
  }
  return packets;
}

uint64_t number(const Value& row, std::string_view field) {
  const auto* natural = row[field].as<uint64_t>();
  return natural == nullptr ? 0 : *natural;
}

struct Sums {
  uint64_t count = 0;
  uint64_t bytes = 0;
  uint64_t to_server = 0;
  bool operator==(const Sums&) const = default;
};
using Groups = std::map<std::string, Sums>;

// Of an answer with groups.
Groups groups_in(const Answer& answer, const std::vector<std::string>& keys) {
  Groups groups;
  for (const Value& row : *(*answer)["rows"].as<Value::Array>()) {
    std::string key;
    for (const std::string& name : keys) key += to_json(row[name]) + " ";
    groups[key] = {number(row, "count"), number(row, "bytes"), number(row, "bytes_to_server")};
  }
  return groups;
}
// The same from rows.
Groups groups_of_rows(const Answer& answer, const std::vector<std::string>& keys) {
  Groups groups;
  for (const Value& row : *(*answer)["rows"].as<Value::Array>()) {
    std::string key;
    for (const std::string& name : keys) key += to_json(row[name]) + " ";
    Sums& sums = groups[key];
    ++sums.count;
    sums.bytes += number(row, "bytes");
    sums.to_server += number(row, "bytes_to_server");
  }
  return groups;
}

TEST(GroupBy, SumsWhatTheRowsOfTheListHave) {
  const auto eth0 = watch("eth0", much_traffic(), 2);
  const LiveQuestions questions = test_traffic::questions_about({eth0.get()});
  const std::vector<std::vector<std::string>> keys{{"application"},
                                                   {"category"},
                                                   {"protocol_name", "server_port"},
                                                   {"client_ip"},
                                                   {"vlan"},
                                                   {"client_ip", "server_ip"},
                                                   {"client_is_local"},
                                                   {"interface"},
                                                   {"tunnel"},
                                                   {"application", "state"},
                                                   {"server_country"}};
  for (const auto& fields : keys) {
    for (const char* filter : {"", "app = DNS", "bytes > 1k and not vlan = 5"}) {
      const Answer plain = questions.flows({.filter = filter, .limit = 10'000});
      const Answer grouped =
          questions.flows({.filter = filter, .limit = 10'000, .group_by = fields});
      ASSERT_TRUE(grouped.ok()) << grouped.error().message;
      EXPECT_EQ(groups_in(grouped, fields), groups_of_rows(plain, fields)) << fields[0] << filter;
      EXPECT_TRUE((*grouped)["other"].is_null());
      EXPECT_EQ(number(*grouped, "total"), groups_of_rows(plain, fields).size());
    }
  }
}

TEST(GroupBy, SumsHostsToo) {
  const auto eth0 = watch("eth0", much_traffic());
  const LiveQuestions questions = test_traffic::questions_about({eth0.get()});
  for (const std::vector<std::string>& fields :
       {std::vector<std::string>{"is_local"}, {"vlan"}, {"mac", "is_local"}, {"os"}}) {
    EXPECT_EQ(groups_in(questions.hosts({.limit = 10'000, .group_by = fields}), fields),
              groups_of_rows(questions.hosts({.limit = 10'000}), fields));
  }
}

TEST(GroupBy, AnswersKeysCountAndCounters) {
  const auto eth0 = watch("eth0", a_second_of_traffic());
  const LiveQuestions questions = test_traffic::questions_about({eth0.get()});
  EXPECT_EQ(rows(questions.flows({.sort = "bytes",
                                  .columns = {"protocol_name", "count", "bytes", "first_seen",
                                              "last_seen", "bits_per_second"},
                                  .group_by = {"protocol_name"}})),
            R"([{"protocol_name":"UDP","count":2,"bytes":1330,"first_seen":1000,"last_seen":1001,)"
            R"("bits_per_second":2640},)"
            R"({"protocol_name":"TCP","count":1,"bytes":350,"first_seen":1000,"last_seen":1000,)"
            R"("bits_per_second":2800},)"
            R"({"protocol_name":"ICMP","count":1,"bytes":64,"first_seen":1000,"last_seen":1000,)"
            R"("bits_per_second":512}])");
  const Answer usual = questions.flows({.limit = 1, .group_by = {"application", "vlan"}});
  EXPECT_EQ(rows(usual).substr(0, 50), R"([{"application":"TLS","vlan":[],"count":1,"packets)");
}

TEST(GroupBy, IsSortedAndCut) {
  const auto eth0 = watch("eth0", a_second_of_traffic());
  const LiveQuestions questions = test_traffic::questions_about({eth0.get()});
  const auto names = [&](ListRequest request) {
    request.columns = {"protocol_name"};
    request.group_by = {"protocol_name"};
    return rows(questions.flows(request));
  };
  EXPECT_EQ(names({.sort = "count", .limit = 1}), R"([{"protocol_name":"UDP"}])");
  EXPECT_EQ(names({.sort = "protocol_name", .descending = false, .offset = 1}),
            R"([{"protocol_name":"TCP"},{"protocol_name":"UDP"}])");
  EXPECT_EQ(names({.filter = "port = 53", .sort = "packets"}), R"([{"protocol_name":"UDP"}])");
  EXPECT_EQ(names({.filter = "port = 9"}), "[]");
}

TEST(GroupBy, NamesTheParameterThatIsWrong) {
  const auto eth0 = watch("eth0", {});
  const LiveQuestions questions = test_traffic::questions_about({eth0.get()});
  const auto error = [&](ListRequest request) {
    if (request.group_by.empty()) request.group_by = {"application"};
    return rows(questions.flows(request));
  };
  EXPECT_EQ(error({.group_by = {"colour"}}), "group_by: there is no field \"colour\"");
  EXPECT_EQ(error({.group_by = {"bytes"}}), "group_by: \"bytes\" makes no groups");
  EXPECT_EQ(error({.group_by = {"first_seen"}}), "group_by: \"first_seen\" makes no groups");
  EXPECT_EQ(error({.group_by = {"id"}}), "group_by: \"id\" makes no groups");
  EXPECT_EQ(error({.group_by = {"vlan", "vlan"}}), "group_by: \"vlan\" is there twice");
  EXPECT_EQ(error({.group_by = {"vlan", "state", "tunnel", "category", "protocol"}}),
            "group_by: at most 4 fields");
  const std::string none = " there are the fields of group_by, \"count\" and counters";
  EXPECT_EQ(error({.columns = {"state"}}), "columns: groups have no \"state\":" + none);
  EXPECT_EQ(error({.sort = "duration_s"}), "sort: groups have no \"duration_s\":" + none);
  EXPECT_EQ(error({.filter = "bytes >"}), "filter: expected a value, but the filter ends");
  EXPECT_EQ(error({.limit = 100'001}), "limit: at most 100000 rows at a time");
  EXPECT_EQ(rows(questions.applications({.group_by = {"category"}})),
            "group_by: this list is not put in groups");
}

// More groups than have a place of their own: the others are together, and nothing is lost.
TEST(GroupBy, PutsTheRestInOther) {
  const ListRequest request{.sort = "bytes",
                            .columns = {"server_port", "count", "bytes", "last_seen"},
                            .group_by = {"server_port"}};
  const auto plan =
      plan_groups(request, Entity::kFlow, "bytes", 100'000, [](uint8_t) { return false; });
  ASSERT_TRUE(plan.ok());
  RowGroups groups(*plan, KeyedHash(KeyedHash::random_secret()), 3);
  for (uint64_t i = 0; i < 1000; ++i) {
    groups.add([&](uint8_t field) -> FieldValue {
      switch (static_cast<FlowField>(field)) {
        case FlowField::kServerPort:
          return i % 10;
        case FlowField::kBytes:
          return i;
        case FlowField::kLastSeen:
          return Timestamp{static_cast<uint32_t>(i), 0};
        default:
          return {};
      }
    });
  }
  const Value answer = groups.answer(7);
  EXPECT_EQ(to_json(answer), R"({"time":7,"total":3,"offset":0,"rows":[)"
                             R"({"server_port":2,"count":100,"bytes":49700,"last_seen":992},)"
                             R"({"server_port":1,"count":100,"bytes":49600,"last_seen":991},)"
                             R"({"server_port":0,"count":100,"bytes":49500,"last_seen":990}],)"
                             R"("other":{"count":700,"bytes":350700,"last_seen":999}})");
  EXPECT_EQ(49'700 + 49'600 + 49'500 + 350'700, 999 * 1000 / 2);
}

// What nobody knows of is a group of its own, apart from an empty text.
TEST(GroupBy, KeepsWhatIsNotKnownApart) {
  const ListRequest request{.columns = {"tunnel", "count"}, .group_by = {"tunnel"}};
  const auto plan =
      plan_groups(request, Entity::kFlow, "bytes", 100'000, [](uint8_t) { return false; });
  ASSERT_TRUE(plan.ok());
  RowGroups groups(*plan, KeyedHash(KeyedHash::random_secret()));
  const std::vector<FieldValue> values{{},
                                       std::string_view(""),
                                       std::string("a"),
                                       std::string_view("a"),
                                       std::string("aaaaaaaa"),
                                       std::string("aaaaaaaaa")};
  for (const FieldValue& value : values) {
    groups.add([&](uint8_t field) -> FieldValue {
      return static_cast<FlowField>(field) == FlowField::kTunnel ? value : FieldValue();
    });
  }
  EXPECT_EQ(to_json(groups.answer(0)["rows"]),
            R"([{"count":1},{"tunnel":"","count":1},{"tunnel":"a","count":2},)"
            R"({"tunnel":"aaaaaaaa","count":1},{"tunnel":"aaaaaaaaa","count":1}])");
}

}  // namespace
}  // namespace weir
