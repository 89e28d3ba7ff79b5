// SPDX-License-Identifier: GPL-3.0-or-later
// The bundled scripts under scripts/rest with made-up data.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "script/fake_questions.h"
#include "script/script_runner.h"

namespace weir {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RestScripts : public ::testing::Test {
 protected:
  ScriptResponse get(const std::string& resource, Parameters parameters = {},
                     const std::string& path = "") {
    ScriptResponse response = runner_->run({resource, path, std::move(parameters)});
    EXPECT_THAT(errors_, IsEmpty());
    return response;
  }
  // Expects a problem about `parameter`.
  void expect_bad(const std::string& resource, const std::string& parameter,
                  const std::string& value) {
    const ScriptResponse response = get(resource, {{parameter, value}});
    EXPECT_EQ(response.status, 400) << parameter << "=" << value;
    EXPECT_EQ(response.content_type, "application/problem+json");
    EXPECT_THAT(response.body, HasSubstr("\"parameter\":\"" + parameter + "\"")) << value;
  }

  FakeQuestions questions_;
  std::vector<std::string> errors_;
  std::unique_ptr<ScriptRunner> runner_ = *ScriptRunner::open(
      {.folder = WEIR_SOURCE_DIR "/scripts",
       .on_error = [this](const std::string& line) { errors_.push_back(line); }},
      questions_);
};

TEST_F(RestScripts, AreTheResourcesOfTheInterface) {
  EXPECT_THAT(runner_->scripts("rest"),
              ElementsAre("alerts", "applications", "asns", "categories", "complete", "countries",
                          "days", "distributions", "event_counts", "events", "exporters",
                          "federation", "flows", "health", "hosts", "hours", "interfaces", "macs",
                          "networks", "peers", "ports", "preferences", "scripts", "series", "setup",
                          "tops", "transactions", "vlans", "watched"));
}

TEST_F(RestScripts, AnswerListsWithRows) {
  for (const char* resource :
       {"interfaces", "hosts", "flows", "applications", "transactions", "countries", "asns",
        "networks", "macs", "vlans", "categories", "exporters"}) {
    const ScriptResponse response = get(resource, {{"limit", "1"}});
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.content_type, "application/json");
    EXPECT_THAT(response.body, HasSubstr(R"("offset":0,"rows":[{)"));
    EXPECT_EQ(questions_.asked(resource), 1U);
  }
  EXPECT_THAT(get("hosts", {{"offset", "99"}}).body, HasSubstr(R"("rows":[])"));
}

TEST_F(RestScripts, PassParametersOn) {
  EXPECT_EQ(get("hosts", {{"filter", "bytes > 1M"},
                          {"sort", "bytes"},
                          {"order", "asc"},
                          {"limit", "20"},
                          {"offset", "2"},
                          {"columns", "key,bytes"},
                          {"group_by", "vlan,is_local"},
                          {"interface", "eth0"}})
                .status,
            200);
  const ListRequest asked = questions_.last_list();
  EXPECT_EQ(asked.filter, "bytes > 1M");
  EXPECT_EQ(asked.sort, "bytes");
  EXPECT_FALSE(asked.descending);
  EXPECT_EQ(asked.limit, 20U);
  EXPECT_EQ(asked.offset, 2U);
  EXPECT_EQ(asked.interface, "eth0");
  EXPECT_THAT(asked.columns, ElementsAre("key", "bytes"));
  EXPECT_THAT(asked.group_by, ElementsAre("vlan", "is_local"));
}

TEST_F(RestScripts, TakeTheOrderFromASignBeforeTheField) {
  EXPECT_EQ(get("hosts", {{"sort", "-throughput"}}).status, 200);
  EXPECT_EQ(questions_.last_list().sort, "bits_per_second");
  EXPECT_TRUE(questions_.last_list().descending);
  for (const char* ascending : {"+bytes", " bytes"}) {
    EXPECT_EQ(get("hosts", {{"sort", ascending}}).status, 200);
    EXPECT_EQ(questions_.last_list().sort, "bytes");
    EXPECT_FALSE(questions_.last_list().descending);
  }
  EXPECT_EQ(get("hosts", {{"sort", "-bytes"}, {"order", "asc"}}).status, 200);
  EXPECT_FALSE(questions_.last_list().descending);
}

TEST_F(RestScripts, TakeAnEmptyParameterAsNotGiven) {
  EXPECT_EQ(get("hosts", {{"filter", ""}, {"limit", ""}, {"columns", ""}, {"order", ""}}).status,
            200);
  EXPECT_EQ(questions_.last_list().limit, 100U);
  EXPECT_TRUE(questions_.last_list().descending);
  EXPECT_THAT(questions_.last_list().columns, IsEmpty());
}

TEST_F(RestScripts, NameTheParameterThatIsWrong) {
  for (const char* number :
       {"-1", "1.5", "x", "1e3", "0x10", " 1", "100001", "99999999999999999999", "nan"}) {
    expect_bad("hosts", "limit", number);
  }
  expect_bad("hosts", "offset", "-1");
  expect_bad("hosts", "order", "up");
  expect_bad("hosts", "columns", "a,,b");
  expect_bad("hosts", "columns", "a;b");
  expect_bad("hosts", "group_by", "a,");
  expect_bad("applications", "group_by", "category");
  expect_bad("hosts", "colour", "red");
  expect_bad("hosts", "seconds", "5");
  expect_bad("series", "seconds", "0");
  expect_bad("series", "seconds", "3601");
  expect_bad("series", "limit", "5");
  expect_bad("series", "by", "colour");
  expect_bad("health", "limit", "5");
}

TEST_F(RestScripts, AnswerListsAsCsv) {
  const ScriptResponse all = get("hosts", {{"format", "csv"}, {"limit", "1"}});
  EXPECT_EQ(all.content_type, "text/csv; charset=utf-8; header=present");
  EXPECT_EQ(all.body, "bits_per_second,bytes,is_local,key,vlan\r\n0.5,0,true,10.0.0.0,[]\r\n");
  EXPECT_EQ(get("hosts", {{"format", "csv"}, {"limit", "1"}, {"columns", "key,absent,bytes"}}).body,
            "key,absent,bytes\r\n10.0.0.0,,0\r\n");
  EXPECT_EQ(get("hosts", {{"format", "json"}}).content_type, "application/json");
  expect_bad("hosts", "format", "xml");
  expect_bad("health", "format", "csv");
  EXPECT_EQ(get("hosts", {{"format", "csv"}, {"filter", "bad"}}).content_type,
            "application/problem+json");
}

TEST_F(RestScripts, SayWhereAFilterIsWrong) {
  const ScriptResponse response = get("flows", {{"filter", "bad"}});
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(
      response.body,
      R"({"column":1,"detail":"there is no field bad","parameter":"filter","status":400,"title":"Bad Request",)"
      R"("type":"about:blank"})");
}

TEST_F(RestScripts, AnswerItems) {
  for (const char* resource : {"interfaces", "hosts", "flows"}) {
    EXPECT_EQ(get(resource, {}, "known").body, R"({"key":"known"})");
    const ScriptResponse unknown = get(resource, {}, "x/../y");
    EXPECT_EQ(unknown.status, 404);
    EXPECT_EQ(unknown.content_type, "application/problem+json");
    EXPECT_EQ(get(resource, {{"limit", "1"}}, "known").status, 400);
  }
  for (const char* resource : {"applications", "series", "health"})
    EXPECT_EQ(get(resource, {}, "known").status, 404);
}

TEST_F(RestScripts, AnswerHostsThatAreNotLive) {
  EXPECT_EQ(get("hosts", {{"inactive", "0"}}, "known").status, 200);
  EXPECT_EQ(questions_.asked("archived_host"), 0U);
  EXPECT_EQ(get("hosts", {{"inactive", "1"}}, "known").body, R"({"key":"known"})");
  EXPECT_EQ(questions_.asked("archived_host"), 1U);
  EXPECT_EQ(get("hosts", {{"record", "1"}}, "known").status, 200);
  EXPECT_EQ(questions_.asked("host_record"), 1U);
  EXPECT_EQ(get("hosts", {{"inactive", "1"}}, "other").status, 404);
  EXPECT_EQ(get("hosts", {{"interface", "eth1"}}, "known").status, 200);
  EXPECT_EQ(questions_.last_list().interface, "eth1");
  for (const char* wrong : {"yes", "2", "-1"}) {
    const ScriptResponse response = get("hosts", {{"inactive", wrong}}, "known");
    EXPECT_EQ(response.status, 400);
    EXPECT_THAT(response.body, HasSubstr(R"("parameter":"inactive")"));
  }
  expect_bad("hosts", "inactive", "1");
}

TEST_F(RestScripts, AnswerSeriesWithGaps) {
  EXPECT_THAT(get("series", {{"seconds", "2"}}).body, HasSubstr(R"("bytes":[null,1500])"));
  EXPECT_THAT(get("series", {{"by", "class"}}).body, HasSubstr(R"("name":"TCP")"));
  EXPECT_THAT(get("series", {{"by", "direction"}}).body, HasSubstr(R"("name":"in")"));
  EXPECT_EQ(get("series", {{"interface", "gone"}}).status, 404);
}

TEST_F(RestScripts, AnswerHealth) {
  EXPECT_EQ(get("health").body, R"({"interfaces":[],"version":"0.0.0"})");
}

}  // namespace
}  // namespace weir
