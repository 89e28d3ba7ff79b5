// SPDX-License-Identifier: GPL-3.0-or-later
// The bundled scripts under scripts/pages with made-up data.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cache/sqlite_cache.h"
#include "script/fake_questions.h"
#include "script/script_runner.h"
#include "script/test_script_folder.h"

namespace weir {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Hostile names, and more applications than have a series of their own.
class NamedQuestions final : public FakeQuestions {
 public:
  [[nodiscard]] Answer interfaces(const ListRequest& /*request*/) const override {
    Value row;
    row.set("id", "eth0\"\\\n");
    row.set("state", "running");
    row.set("bytes", uint64_t{9007199254740991});
    row.set("completeness", 0.9998);
    row.set("tcp", Value(Value::Object{{"retransmissions", Value(3)}}));
    return list_of({row});
  }
  [[nodiscard]] Answer applications(const ListRequest& request) const override {
    EXPECT_EQ(request.sort, "bytes");
    Value::Array rows;
    for (int i = 0; i < 30; ++i) {
      Value row;
      row.set("name", "App" + std::to_string(i));
      row.set("bytes", 1000 - i);
      row.set("packets", 1);
      rows.push_back(row);
    }
    return list_of(std::move(rows));
  }
  [[nodiscard]] Answer hosts(const ListRequest& /*request*/) const override {
    Value row;
    row.set("key", "<img src=x onerror='alert(1)'>&\"\x01\xE2\x80\xAE");
    row.set("bits_per_second", 12);
    return list_of({row});
  }

 private:
  static Answer list_of(Value::Array rows) {
    Value answer;
    answer.set("total", uint64_t{rows.size()});
    answer.set("rows", std::move(rows));
    return answer;
  }
};

class PageScripts : public ::testing::Test {
 protected:
  ScriptResponse get(const std::string& page, Parameters parameters = {},
                     const std::string& path = "") {
    ScriptResponse response = runner_->run({page, path, std::move(parameters), "pages"});
    EXPECT_THAT(errors_, IsEmpty());
    return response;
  }

  NamedQuestions questions_;
  std::vector<std::string> errors_;
  std::unique_ptr<ScriptRunner> runner_ = *ScriptRunner::open(
      {.folder = WEIR_SOURCE_DIR "/scripts",
       .on_error = [this](const std::string& line) { errors_.push_back(line); }},
      questions_);
};

TEST_F(PageScripts, AllAnswer) {
  for (const std::string& page : runner_->scripts("pages")) {
    EXPECT_EQ(get(page).status, 200) << page;
    EXPECT_THAT(get(page).body, Not(IsEmpty())) << page;
  }
}

TEST_F(PageScripts, AreListedByTheIndex) {
  EXPECT_THAT(get("index").body, HasSubstr(R"(<a href="/lua/top_talkers">top_talkers</a>)"));
  EXPECT_EQ(get("index", {}, "x").status, 404);
}

TEST_F(PageScripts, DescribeTheInterface) {
  const std::string page = get("api").body;
  for (const std::string& name : runner_->scripts("rest"))
    EXPECT_THAT(page, HasSubstr("<a href=\"/api/v1/" + name + "\">")) << name;
  EXPECT_THAT(page, HasSubstr("<td>GET, PUT, DELETE</td>"));
  EXPECT_THAT(page, HasSubstr("flows, flows/{id}: who talks to whom."));
  EXPECT_THAT(page, Not(HasSubstr("&amp;"))) << "nothing is escaped twice";
  EXPECT_EQ(get("api", {}, "x").status, 404);
}

TEST_F(PageScripts, EscapeWhatComesFromTheNetwork) {
  const ScriptResponse page = get("top_talkers");
  EXPECT_EQ(page.content_type, "text/html; charset=utf-8");
  EXPECT_THAT(page.body, HasSubstr("&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&amp;&quot;"
                                   "\\x01[bidi]</a>"));
  EXPECT_THAT(page.body, HasSubstr("href=\"/hosts/%3Cimg%20src%3Dx"));
  EXPECT_THAT(page.body, HasSubstr("<td class=\"number\">12</td>"));
  EXPECT_EQ(get("top_talkers", {{"count", "0"}}).status, 400);
}

// The scripts of docs/scripts.md, each in the file that its first line names.
TEST_F(PageScripts, OfTheTutorialWorkAsTheyStand) {
  std::ifstream file(WEIR_SOURCE_DIR "/docs/scripts.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  ScriptFolder folder;
  for (const std::string& name : runner_->scripts("lib")) folder.bring("lib/" + name + ".lua");
  const std::regex block("```lua\n-- scripts/([a-z_/.]+)\n([^`]+)```");
  std::map<std::string, long> lines;
  for (auto at = std::sregex_iterator(text.begin(), text.end(), block);
       at != std::sregex_iterator(); ++at) {
    folder.write((*at)[1], (*at)[2]);
    const std::string code = (*at)[2];
    lines[(*at)[1]] = std::count(code.begin(), code.end(), '\n');
  }
  EXPECT_LE(lines["rest/quiet_hosts.lua"] + lines["pages/quiet_hosts.lua"], 15);
  EXPECT_LE(lines["cron/minute/count_hosts.lua"] + lines["rest/host_counts.lua"], 6);
  EXPECT_LE(lines["checks/host/many_flows.lua"], 3);
  const FakeQuestions questions;
  const auto cache = *SqliteCache::open({.file = "", .commit_after = {}, .now = {}});
  const auto runner = *ScriptRunner::open(
      {.folder = folder.path(), .on_error = {}, .cache = cache.get()}, questions);
  const ScriptResponse resource = runner->run({"quiet_hosts", "", {{"below", "5000"}}});
  EXPECT_EQ(resource.status, 200);
  EXPECT_THAT(resource.body, HasSubstr("10.0.0.0"));
  EXPECT_EQ(questions.last_list().filter, "bytes < 5000");
  EXPECT_EQ(runner->run({"quiet_hosts", "", {{"below", "x"}}}).status, 400);
  const ScriptResponse page = runner->run({"quiet_hosts", "", {}, "pages"});
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("<h1>Quiet hosts</h1>"));
  EXPECT_THAT(page.body, HasSubstr("<a href=\"/hosts/10.0.0.0\">10.0.0.0</a>"));
  EXPECT_EQ(runner->run({"count_hosts", "", {}, "cron/minute"}).status, 200);
  EXPECT_EQ(runner->run({"host_counts", "", {}}).body, R"([{"hosts":3,"time":1000}])");
  EXPECT_EQ(runner->run({"tell_chat", "", {}, "cron/minute"}).status, 200);
}

TEST_F(PageScripts, MetricsAreTextForPrometheus) {
  const ScriptResponse metrics = get("metrics");
  EXPECT_EQ(metrics.content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_THAT(metrics.body, HasSubstr("# TYPE weir_interface_bytes_total counter\n"
                                      "weir_interface_bytes_total{interface=\"eth0\\\"\\\\\\n\"} "
                                      "9007199254740991\n"));
  EXPECT_THAT(metrics.body, HasSubstr("weir_interface_completeness"));
  EXPECT_THAT(metrics.body, HasSubstr("} 0.9998"));
  EXPECT_THAT(metrics.body, HasSubstr("event=\"retransmissions\""));
  EXPECT_THAT(metrics.body, HasSubstr("weir_build_info{version=\"0.0.0\"} 1\n"));
}

TEST_F(PageScripts, MetricsHaveABoundedNumberOfSeriesWhoseSumIsTheWhole) {
  const auto applications = [&](const ScriptResponse& metrics) {
    std::istringstream lines(metrics.body);
    std::set<std::string> names;
    uint64_t bytes = 0;
    for (std::string line; std::getline(lines, line);) {
      if (line.rfind("weir_application_bytes_total{", 0) != 0) continue;
      EXPECT_TRUE(names.insert(line.substr(0, line.find('}'))).second) << line;
      bytes += std::stoull(line.substr(line.rfind(' ') + 1));
    }
    EXPECT_EQ(bytes, 30 * 1000 - 29 * 30 / 2);
    return names.size();
  };
  EXPECT_EQ(applications(get("metrics")), 21U);
  EXPECT_EQ(applications(get("metrics", {{"top", "3"}})), 4U);
  EXPECT_EQ(applications(get("metrics", {{"top", "200"}})), 31U);
  EXPECT_EQ(get("metrics", {{"top", "201"}}).status, 400);
}

}  // namespace
}  // namespace weir
