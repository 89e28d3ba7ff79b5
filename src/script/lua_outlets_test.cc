// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/lua_outlets.h"

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fetch/http_client.h"
#include "fetch/test_peer.h"
#include "script/fake_questions.h"
#include "script/script_runner.h"
#include "script/test_script_folder.h"

namespace weir {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

using Lines = std::vector<std::pair<LogLevel, std::string>>;

class LuaOutletsTest : public ::testing::Test {
 protected:
  LuaOutletsTest() { open({}); }

  void open(ScriptOptions options) {
    options.folder = folder_.path();
    options.on_error = [this](const std::string& line) { errors_.push_back(line); };
    options.outlets.log = keep(logged_);
    options.outlets.syslog = keep(syslogged_);
    runner_ = *ScriptRunner::open(std::move(options), questions_);
  }
  ScriptResponse run(const std::string& text, Parameters parameters = {}) {
    folder_.write("rest/test.lua", text);
    return runner_->run({"test", "", std::move(parameters)});
  }
  static std::function<void(LogLevel, const std::string&)> keep(Lines& lines) {
    return [&lines](LogLevel level, const std::string& line) { lines.emplace_back(level, line); };
  }

  FakeQuestions questions_;
  ScriptFolder folder_;
  Lines logged_;
  Lines syslogged_;
  std::vector<std::string> errors_;
  std::unique_ptr<ScriptRunner> runner_;
};

TEST_F(LuaOutletsTest, SaysLinesInTheLogAndToSyslog) {
  EXPECT_EQ(run("ntop.log('info', 'a%sb') ntop.log('error', 2) ntop.syslog('warning', 'c')").status,
            200);
  EXPECT_THAT(logged_, ElementsAre(Pair(LogLevel::kInfo, "a%sb"), Pair(LogLevel::kError, "2")));
  EXPECT_THAT(syslogged_, ElementsAre(Pair(LogLevel::kWarning, "c")));
  for (const char* mistake :
       {"ntop.log('loud', 'a')", "ntop.log('info')", "ntop.syslog('info', {})"})
    EXPECT_EQ(run(mistake).status, 500) << mistake;
}

TEST_F(LuaOutletsTest, SaysOnlySoMuchInARun) {
  EXPECT_EQ(run("for i = 1, 1000 do ntop.log('info', i) ntop.syslog('info', i) end").status, 200);
  EXPECT_THAT(syslogged_, SizeIs(50));
  ASSERT_THAT(logged_, SizeIs(51));
  EXPECT_THAT(logged_.back().second, HasSubstr("left out"));
  logged_.clear();
  EXPECT_EQ(run("ntop.log('info', ('x'):rep(5000))").status, 200);
  EXPECT_THAT(logged_, ElementsAre(Pair(LogLevel::kInfo, std::string(1024, 'x'))));
}

TEST_F(LuaOutletsTest, TellsItsFolders) {
  EXPECT_EQ(run("print(ntop.getDirs().scripts, tostring(ntop.getDirs().data))").body,
            folder_.path() + "nil");
  open({.folder = {}, .on_error = {}, .data_folder = "/var/lib/weir"});
  EXPECT_EQ(run("print(ntop.getDirs().data)").body, "/var/lib/weir");
}

TEST_F(LuaOutletsTest, AsksAServer) {
  const test::Peer peer([](const std::string&) {
    return std::vector{test::http_answer(R"({"a":[1]})", "201 Created", "application/json")};
  });
  HttpClientOptions client_options;
  client_options.allowed = *AllowedUrls::parse({peer.url()});
  HttpClient client(std::move(client_options));
  ScriptOptions options;
  options.outlets.client = &client;
  open(std::move(options));
  EXPECT_EQ(run("local got = ntop.httpRequest({url = _GET.url, body = 'x', type = 'text/x',"
                " headers = {['X-Key'] = 'k'}, timeout = 5})"
                " print(got.status, got.type, json.decode(got.body).a[1])",
                {{"url", peer.url() + "/p"}})
                .body,
            "201application/json1");
  EXPECT_THAT(errors_, IsEmpty());
  const std::string request = peer.requests().at(0);
  EXPECT_THAT(request, HasSubstr("POST /p HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("X-Key: k\r\n"));
  EXPECT_THAT(request, HasSubstr("Content-Type: text/x\r\n"));
  EXPECT_THAT(run("local got, why = ntop.httpRequest({url = 'http://127.0.0.1:1/'})"
                  " print(tostring(got), why)")
                  .body,
              HasSubstr("--allow-url"));
  for (const char* mistake :
       {"ntop.httpRequest('http://127.0.0.1/')", "ntop.httpRequest({uri = 'x'})",
        "ntop.httpRequest({url = 1})", "ntop.httpRequest({url = 'x', headers = {1}})",
        "ntop.httpRequest({url = 'x', headers = 'x'})",
        "ntop.httpRequest({url = 'x', timeout = 0})",
        "ntop.httpRequest({url = 'x', timeout = 0/0})"}) {
    EXPECT_EQ(run(mistake).status, 500) << mistake;
  }
}

TEST_F(LuaOutletsTest, AsksNobodyWhenNothingIsAllowed) {
  EXPECT_THAT(run("local got, why = ntop.httpRequest({url = 'http://127.0.0.1/'})"
                  " print(tostring(got), why)")
                  .body,
              HasSubstr("nilnothing is allowed"));
}

TEST_F(LuaOutletsTest, WaitsNoLongerThanItsRun) {
  const test::Peer peer([](const std::string&) {
    return std::vector<std::string>(2000, std::string("HTTP/1.1 100 Continue\r\n\r\n"));
  });
  HttpClientOptions client_options;
  client_options.allowed = *AllowedUrls::parse({peer.url()});
  HttpClient client(std::move(client_options));
  ScriptOptions options;
  options.outlets.client = &client;
  options.wall_limit = std::chrono::milliseconds(200);
  open(std::move(options));
  const auto begin = std::chrono::steady_clock::now();
  (void)run("while true do ntop.httpRequest({url = _GET.url}) end", {{"url", peer.url()}});
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(8));
  EXPECT_THAT(errors_, ElementsAre(HasSubstr("over its limit of time")));
}

}  // namespace
}  // namespace weir
