// SPDX-License-Identifier: GPL-3.0-or-later
// Questions about one host.
#include <map>
#include <utility>

#include <gtest/gtest.h>

#include "query/test_traffic.h"
#include "record/host_json.h"

namespace weir {
namespace {

using test_traffic::a_second_of_traffic;
using test_traffic::questions_about;
using test_traffic::Sent;
using test_traffic::setting_about;
using test_traffic::watch;

std::string rows(const Answer& answer) {
  return answer ? to_json((*answer)["rows"]) : answer.error().message;
}

TEST(LiveHost, IsFoundByAddressAndVlan) {
  const auto eth0 = watch("eth0", {{.source = "10.9.9.9", .length = 100},
                                   {.source = "10.9.9.9", .length = 300, .vlan = {100, 20}},
                                   {.source = "10.9.9.9", .length = 200, .vlan = {30}}});
  const LiveQuestions questions = questions_about({eth0.get()});
  const auto bytes = [&](std::string_view key) {
    const Answer answer = questions.host({key});
    return answer ? to_json((*answer)["bytes"]) : answer.error().message;
  };
  EXPECT_EQ(bytes("10.9.9.9"), "300") << "the busiest";
  EXPECT_EQ(bytes("10.9.9.9@100.20"), "300");
  EXPECT_EQ(bytes("10.9.9.9@30"), "200");
  EXPECT_EQ(bytes("10.9.9.9@100"), "no host 10.9.9.9@100 is known");
  EXPECT_EQ(bytes("10.9.9.8"), "no host 10.9.9.8 is known");
  EXPECT_EQ(questions.host({"10.9.9.8"}).error().kind, QueryError::Kind::kNotFound);
  EXPECT_EQ((*questions.host({"10.9.9.9@100.20"}))["key"], Value("10.9.9.9@100.20"));
}

TEST(LiveHost, HasTheNameThatANameServerTold) {
  for (const uint32_t shards : {1U, 2U}) {
    const auto eth0 = watch("eth0", a_second_of_traffic(), shards);
    LiveQuestions::Setting setting = setting_about({eth0.get()});
    setting.reverse_name = [](const IpAddress& address) {
      return address == *IpAddress::parse("10.0.0.3") ? "printer.example" : "";
    };
    const LiveQuestions questions(std::move(setting));
    const std::string sources =
        R"("name_sources":[{"name":"printer.example","source":"dns_reverse"}])";
    EXPECT_EQ(rows(questions.hosts({.filter = "names ~ printer",
                                    .columns = {"key", "name", "names", "name_sources"}})),
              R"([{"key":"10.0.0.3","name":"printer.example","names":"printer.example",)" +
                  sources + "}]");
    EXPECT_EQ(rows(questions.hosts({.filter = "address = 10.0.0.3", .columns = {"name"}})),
              R"([{"name":"printer.example"}])");
    EXPECT_EQ(rows(questions.hosts({.filter = "printer", .columns = {"key"}})),
              R"([{"key":"10.0.0.3"}])");
    const Answer printer = questions.host({"10.0.0.3"});
    ASSERT_TRUE(printer);
    EXPECT_EQ((*printer)["name"], Value("printer.example"));
    EXPECT_NE(to_json(*printer).find(sources), std::string::npos);
    EXPECT_TRUE((*questions.host({"10.0.0.1"}))["name"].is_null());
  }
}

TEST(LiveHost, RefusesWhatIsNoKey) {
  const LiveQuestions questions = questions_about({});
  for (const char* key : {"", "x", "10.0.0.1@", "10.0.0.1@x", "10.0.0.1@1.", "10.0.0.1@4096",
                          "10.0.0.1@1.2.3.4.5", "10.0.0.1@1,2", "@5"}) {
    const Answer answer = questions.host({key});
    ASSERT_FALSE(answer) << key;
    EXPECT_EQ(answer.error().kind, QueryError::Kind::kBadParameter) << key;
    EXPECT_EQ(answer.error().parameter, "key");
  }
}

// Questions that know one host of eth0 of which something was kept.
LiveQuestions questions_with_archive(const Interface& interface) {
  HostRecord kept;
  kept.key.address = *IpAddress::parse("10.7.7.7");
  kept.sent[0] = {5, 500};
  kept.received[1] = {1, 100};
  kept.first_seen = {900, 0};
  kept.last_seen = {950, 0};
  kept.flows_ever = {2, 1};
  kept.profile.complete(3, kept.total_sent(), kept.total_received());
  LiveQuestions::Setting setting;
  setting.interfaces = {&interface};
  setting.now = [] { return 2000.0; };
  setting.estimator = "made up";
  setting.archived = [kept](const std::string& id,
                            const HostKey& key) -> std::optional<HostRecord> {
    if (id == "eth0" && key == kept.key) return kept;
    return std::nullopt;
  };
  return LiveQuestions(std::move(setting));
}

TEST(ArchivedHost, IsAnsweredWithItsTotals) {
  const auto interface = watch("eth0", a_second_of_traffic());
  const LiveQuestions questions = questions_with_archive(*interface);
  const Answer answer = questions.archived_host({"10.7.7.7"});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ((*answer)["key"], Value("10.7.7.7"));
  EXPECT_EQ((*answer)["interface"], Value("eth0"));
  EXPECT_EQ((*answer)["bytes_sent"], Value(uint64_t{500}));
  EXPECT_EQ((*answer)["packets"], Value(uint64_t{6}));
  EXPECT_EQ((*answer)["tcp_bytes"], Value(uint64_t{500}));
  EXPECT_EQ((*answer)["first_seen"], Value(900.0));
  EXPECT_EQ((*answer)["flows_total"], Value(uint64_t{3}));
  EXPECT_EQ((*answer)["flows"], Value(uint64_t{0}));
  EXPECT_EQ((*answer)["inactive"], Value(true));
  EXPECT_FALSE(questions.archived_host({"10.7.7.8"}).ok());
  EXPECT_FALSE(questions.archived_host({"10.7.7.7@5"}).ok());
  EXPECT_EQ(questions.archived_host({"10.7.7"}).error().kind, QueryError::Kind::kBadParameter);
}

TEST(ArchivedHost, IsTheLiveOneWhereThereIsOne) {
  const auto interface = watch("eth0", a_second_of_traffic());
  const LiveQuestions questions = questions_with_archive(*interface);
  const Answer answer = questions.archived_host({"10.0.0.2"});
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(*answer, *questions.host({"10.0.0.2"}));
  EXPECT_TRUE((*answer)["inactive"].is_null());
}

TEST(ArchivedHost, IsHintedAtWhenALiveOneIsAskedFor) {
  const auto interface = watch("eth0", a_second_of_traffic());
  EXPECT_EQ(questions_with_archive(*interface).host({"10.7.7.7"}).error().message,
            "no host 10.7.7.7 is known; inactive=1 asks for what was kept of it");
  EXPECT_EQ(questions_about({interface.get()}).archived_host({"10.7.7.7"}).error().message,
            "no host 10.7.7.7 is known, and nothing was kept of it");
}

TEST(HostRecord, OfALiveOrArchivedHostIsReadBack) {
  const auto interface = watch("eth0", a_second_of_traffic());
  const LiveQuestions questions = questions_with_archive(*interface);
  for (const auto& [key, bytes] :
       std::map<std::string, uint64_t>{{"10.0.0.2", 1240}, {"10.7.7.7", 600}}) {
    const Answer answer = questions.host_record({key});
    ASSERT_TRUE(answer.ok()) << key;
    const auto host = host_from_value(*answer, "made up");
    ASSERT_TRUE(host.ok()) << key;
    EXPECT_EQ((host->total_sent() + host->total_received()).bytes, bytes) << key;
    EXPECT_EQ(to_json(host_to_value(*host, "made up")), to_json(*answer)) << key;
  }
  EXPECT_EQ(questions.host_record({"192.0.2.77"}).error().kind, QueryError::Kind::kNotFound);
  EXPECT_EQ(questions.host_record({"x"}).error().kind, QueryError::Kind::kBadParameter);
}

}  // namespace
}  // namespace weir
