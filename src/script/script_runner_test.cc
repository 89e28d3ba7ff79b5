// SPDX-License-Identifier: GPL-3.0-or-later
#include "script/script_runner.h"

#include <chrono>
#include <fstream>
#include <iterator>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cache/sqlite_cache.h"
#include "script/fake_questions.h"
#include "script/test_script_folder.h"

namespace weir {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class ScriptRunnerTest : public ::testing::Test {
 protected:
  ScriptRunnerTest() { open({}); }

  void open(ScriptOptions options) {
    options.folder = folder_.path();
    options.on_error = [this](const std::string& line) {
      const std::lock_guard lock(mutex_);
      errors_.push_back(line);
    };
    runner_ = *ScriptRunner::open(std::move(options), questions_);
  }
  ScriptResponse run(const std::string& text, Parameters parameters = {},
                     const std::string& path = "") {
    folder_.write("rest/test.lua", text);
    return runner_->run({"test", path, std::move(parameters)});
  }
  // The body of a script that must not fail.
  std::string body(const std::string& text, Parameters parameters = {}) {
    ScriptResponse response = run(text, std::move(parameters));
    EXPECT_THAT(errors_, IsEmpty());
    EXPECT_EQ(response.status, 200);
    return response.body;
  }

  static std::string bundled(const std::string& name) {
    std::ifstream file(WEIR_SOURCE_DIR "/scripts/" + name);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  FakeQuestions questions_;
  ScriptFolder folder_;
  std::mutex mutex_;
  std::vector<std::string> errors_;
  std::unique_ptr<ScriptRunner> runner_;
};

TEST_F(ScriptRunnerTest, SendsWhatIsPrintedWithTypeAndStatus) {
  const ScriptResponse response = run("sendHTTPHeader('text/plain', 404) print('a', 1) print('b')");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.content_type, "text/plain");
  EXPECT_EQ(response.body, "a1b");
}

TEST_F(ScriptRunnerTest, GivesParametersAndPath) {
  EXPECT_EQ(
      run("print(_GET.a, _GET['b c'], tostring(_GET.d), _PATH)", {{"a", "1"}, {"b c", "ü"}}, "x/y")
          .body,
      "1ünilx/y");
}

TEST_F(ScriptRunnerTest, ForgetsGlobalsAndParametersOfTheRunBefore) {
  EXPECT_EQ(body("leak = 1 print('first')", {{"a", "1"}}), "first");
  EXPECT_EQ(body("print(tostring(leak), tostring(_GET.a))"), "nilnil");
}

TEST_F(ScriptRunnerTest, UsesAChangedScriptAndAChangedModuleAtTheNextRun) {
  folder_.write("lib/m.lua", "return { word = 'old' }");
  EXPECT_EQ(body("print(require('m').word)"), "old");
  folder_.write("lib/m.lua", "return { word = 'new' }");
  EXPECT_EQ(runner_->run({"test", "", {}}).body, "new");
  folder_.write("lib/m.lua", "return {");
  EXPECT_EQ(runner_->run({"test", "", {}}).body, "new");
  EXPECT_THAT(errors_, ElementsAre(HasSubstr("lib/m.lua:1:")));
  EXPECT_EQ(runner_->statistics().load_errors, 1U);
}

TEST_F(ScriptRunnerTest, RunsAModuleOncePerVersion) {
  folder_.write("lib/m.lua", "local n = 0 return { next = function() n = n + 1 return n end }");
  EXPECT_EQ(body("print(require('m').next(), require('m').next())"), "12");
}

TEST_F(ScriptRunnerTest, RequiresOnlyFromTheLibraryFolder) {
  for (const char* name : {"../rest/test", "os", "io", "ffi", "absent", ""}) {
    errors_.clear();
    EXPECT_EQ(run("require('" + std::string(name) + "')").status, 500) << name;
    EXPECT_THAT(errors_, ElementsAre(HasSubstr("no such script"))) << name;
  }
  folder_.write("lib/m.lua", "return require('m')");
  EXPECT_EQ(run("require('m')").status, 500);
  EXPECT_THAT(errors_.back(), HasSubstr("needs itself"));
}

TEST_F(ScriptRunnerTest, AnswersAnErrorWithoutInternalsAndLogsScriptAndLine) {
  const ScriptResponse response = run("local x = {}\nlocal y = x.secret.field");
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_THAT(response.body, HasSubstr(R"("title":"Internal Server Error","status":500)"));
  EXPECT_THAT(response.body, Not(HasSubstr("secret")));
  EXPECT_THAT(errors_, ElementsAre(HasSubstr("rest/test.lua:2: attempt to index field 'secret'")));
  EXPECT_EQ(run("error({})").status, 500);
  EXPECT_THAT(errors_.back(), HasSubstr("an error that is no text"));
  EXPECT_EQ(runner_->statistics().errors, 2U);
  EXPECT_EQ(run("print('fine')").body, "fine");
}

TEST_F(ScriptRunnerTest, AnswersAnUnknownResourceWithNotFound) {
  for (const char* name : {"absent", "../lib/rest", "", "TEST"}) {
    const ScriptResponse response = runner_->run({name, "", {}});
    EXPECT_EQ(response.status, 404) << name;
    EXPECT_THAT(response.body, HasSubstr("Not Found"));
  }
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(ScriptRunnerTest, HasNothingThatLeavesTheSandbox) {
  for (const char* name : {"os",
                           "io",
                           "ffi",
                           "debug",
                           "package.loaded",
                           "package.loaders",
                           "package.loadlib",
                           "package.preload",
                           "jit",
                           "load",
                           "loadstring",
                           "loadfile",
                           "dofile",
                           "getfenv",
                           "setfenv",
                           "module",
                           "newproxy",
                           "collectgarbage",
                           "gcinfo",
                           "coroutine",
                           "_G",
                           "string.dump"}) {
    EXPECT_EQ(body("print(tostring(" + std::string(name) + "))"), "nil") << name;
  }
  EXPECT_EQ(body("print(tostring(getmetatable('')))"), "false");
}

TEST_F(ScriptRunnerTest, RunsTheScriptOfThePaper) {
  folder_.write("lib/lua_utils.lua", bundled("lib/lua_utils.lua"));
  const ScriptResponse response = run(R"(dirs = ntop.getDirs()
package.path = dirs.installdir .. "/scripts/lua/modules/?.lua;" .. package.path
require "lua_utils"
sendHTTPHeader('text/html')
print('<html><head><title>ntop</title></head><body>Hello</body></html>'))");
  EXPECT_THAT(errors_, IsEmpty());
  EXPECT_EQ(response.content_type, "text/html");
  EXPECT_EQ(response.body, "<html><head><title>ntop</title></head><body>Hello</body></html>");
  EXPECT_EQ(body("print(package.path)"), "") << "of each run its own";
}

TEST_F(ScriptRunnerTest, WritesNumbersForPeople) {
  folder_.write("lib/lua_utils.lua", bundled("lib/lua_utils.lua"));
  EXPECT_EQ(body("local utils = require('lua_utils')"
                 " print(utils.bytesToSize(0), ' ', utils.bytesToSize(1536), ' ',"
                 " utils.bytesToSize(2^70), ' ', utils.bitsToSize(1500000), ' ',"
                 " utils.secondsToTime(93784), ' ', utils.secondsToTime(59.9))"),
            "0 Bytes 1.50 KB 1048576.00 PB 1.50 Mbit/s 1 day, 2:03:04 0:00:59");
}

TEST_F(ScriptRunnerTest, EndsALoopAtTheLimitOfCpuTime) {
  open({.folder = {}, .cpu_limit = std::chrono::milliseconds(20), .on_error = {}});
  for (const char* loop :
       {"while true do end", "while true do pcall(function() while true do end end) end",
        "local s = 0 for i = 1, 1e15 do s = s + i % 7 end",
        "local function f() return f() end f()"}) {
    errors_.clear();
    const ScriptResponse response = run(loop);
    EXPECT_EQ(response.status, 500) << loop;
    EXPECT_THAT(response.body, HasSubstr("took too long")) << loop;
    EXPECT_THAT(errors_, ElementsAre(HasSubstr("rest/test.lua:1: over its limit of time"))) << loop;
  }
  EXPECT_EQ(run("print('still here')").body, "still here");
}

TEST_F(ScriptRunnerTest, EndsWhatDoesMuchInOneCallAtTheLimitOfTime) {
  open({.folder = {}, .cpu_limit = std::chrono::milliseconds(20), .on_error = {}});
  for (const char* bomb :
       {"local s = ('a'):rep(30000) s:find('.-.-.-b')",
        "local s = ('a'):rep(30000) pcall(s.find, s, '.-.-.-b') while true do end",
        "local s = ('a'):rep(200) s:match(('a?'):rep(150) .. ('a'):rep(150))",
        "local s = ('a'):rep(30000) for _ in s:gmatch('(.-)(.-)(.-)b') do end",
        "local s = ('('):rep(1e6) s:gsub('%b()', '')",
        "local t = {} for i = 1, 1e6 do t[i] = i end while true do table.insert(t, 1, 0) end",
        "local s = ('x'):rep(1e6) while true do s:upper() end"}) {
    errors_.clear();
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(run(bomb).status, 500) << bomb;
    EXPECT_THAT(errors_, ElementsAre(HasSubstr("over its limit of time"))) << bomb;
    // Far above what it takes, far below what the library's own functions would.
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20)) << bomb;
  }
}

TEST_F(ScriptRunnerTest, EndsAScriptThatTakesTooLongByTheClockOnTheWall) {
  open({.folder = {}, .wall_limit = std::chrono::milliseconds(0), .on_error = {}});
  EXPECT_EQ(run("for i = 1, 1e6 do end").status, 500);
  EXPECT_THAT(errors_, ElementsAre(HasSubstr("over its limit of time")));
}

TEST_F(ScriptRunnerTest, EndsAScriptThatWantsTooMuchMemory) {
  open({.folder = {}, .memory_limit_bytes = size_t{1} << 20, .on_error = {}});
  for (const char* hog :
       {"local t = {} for i = 1, 1e9 do t[i] = {} end", "local s = string.rep('x', 1e8)",
        "local s = 'x' while true do s = s .. s end"}) {
    const ScriptResponse response = run(hog);
    EXPECT_EQ(response.status, 500) << hog;
    EXPECT_THAT(response.body, HasSubstr("memory")) << hog;
  }
  EXPECT_EQ(run("for i = 1, 1e7 do print('0123456789') end").status, 500);
  EXPECT_EQ(run("print('still here')").body, "still here");
}

TEST_F(ScriptRunnerTest, EndsEndlessRecursion) {
  EXPECT_EQ(run("local function f() return 1 + f() end f()").status, 500);
  EXPECT_THAT(errors_, ElementsAre(HasSubstr("stack overflow")));
}

TEST_F(ScriptRunnerTest, RefusesAHeaderThatWouldSplitTheAnswer) {
  EXPECT_EQ(run("sendHTTPHeader('text/plain\\r\\nSet-Cookie: a=b')").status, 500);
  EXPECT_EQ(run("sendHTTPHeader('text/plain', 99)").status, 500);
  EXPECT_EQ(run("sendHTTPHeader('text/\xC3\xA4')").status, 500) << "whether char has a sign or not";
}

TEST_F(ScriptRunnerTest, EncodesJsonWithSortedMembersAndMarkedArrays) {
  EXPECT_EQ(body("print(json.encode({b = 1, a = {1, 2.5, 'x\"'}, c = {}, d = json.array({}), e = "
                 "true, f = json.null}))"),
            R"({"a":[1,2.5,"x\""],"b":1,"c":{},"d":[],"e":true,"f":null})");
  EXPECT_EQ(body("print(json.encode(9007199254740992), ' ', json.encode(-0.1), ' ', "
                 "json.encode(1/0), ' ', json.encode(nil))"),
            "9007199254740992 -0.1 null null");
}

TEST_F(ScriptRunnerTest, WritesCsvThatIsNoFormulaAndNoSecondCell) {
  folder_.write("lib/csv.lua", bundled("lib/csv.lua"));
  EXPECT_EQ(body("print(require('csv').encode({{a = '=1+1', b = 'x,\"y\"'}, {a = -1.5, b = '-1', "
                 "c = {1}}, {a = json.null, b = 'two\\nlines', c = true}}))"),
            "a,b,c\r\n'=1+1,\"x,\"\"y\"\"\",\r\n-1.5,'-1,[1]\r\n,\"two\nlines\",true\r\n");
  EXPECT_EQ(body("print(require('csv').encode({}, {'a', 'b'}))"), "a,b\r\n");
}

TEST_F(ScriptRunnerTest, DecodesJson) {
  EXPECT_EQ(body("local v = json.decode('{\"a\":[1,2.5,null,\"x\"],\"b\":{\"c\":true}}')"
                 " print(#v.a, v.a[2], tostring(v.a[3] == json.null), v.a[4], tostring(v.b.c))"),
            "42.5truextrue");
  EXPECT_EQ(body("local v, wrong = json.decode('{') print(tostring(v), type(wrong))"), "nilstring");
  EXPECT_EQ(body("print(json.encode(json.decode('[]')), json.encode(json.decode('{}')))"), "[]{}");
  EXPECT_EQ(run("json.decode({})").status, 500);
}

TEST_F(ScriptRunnerTest, RemembersInTheCache) {
  const auto cache = *SqliteCache::open({.file = "", .commit_after = {}, .now = {}});
  open({.folder = {}, .on_error = {}, .cache = cache.get()});
  EXPECT_EQ(body("print(tostring(ntop.getCache('a'))) ntop.setCache('a', 'x\\0y', 60)"), "nil");
  EXPECT_EQ(
      body("print(ntop.getCache('a')) ntop.delCache('a') print(tostring(ntop.getCache('a')))"),
      std::string("x\0ynil", 6));
  EXPECT_EQ(body("for i = 1, 5 do ntop.lpushCache('l', tostring(i), 3) end"
                 " print(json.encode(ntop.lrangeCache('l')), json.encode(ntop.lrangeCache('l', 1)),"
                 " ntop.lpopCache('l'), tostring(ntop.lpopCache('absent')))"),
            R"(["5","4","3"]["5"]3nil)");
  EXPECT_EQ(body("print(tostring(ntop.getPref('theme'))) ntop.setPref('theme', 'dark')"
                 " print(ntop.getPref('theme'))"),
            "nildark");
  for (const char* mistake :
       {"ntop.getCache()", "ntop.setCache('a')", "ntop.setCache('a', 'b', -1)",
        "ntop.lrangeCache('a', -1)", "ntop.setPref('a', ('x'):rep(2^21))"}) {
    EXPECT_EQ(run(mistake).status, 500) << mistake;
  }
}

TEST_F(ScriptRunnerTest, TellsOfScriptsThatItEnded) {
  const auto cache = *SqliteCache::open({.file = "", .commit_after = {}, .now = {}});
  open({.folder = {},
        .memory_limit_bytes = size_t{1} << 20,
        .cpu_limit = std::chrono::milliseconds(20),
        .on_error = {},
        .cache = cache.get()});
  (void)cache->messages("events", 0, 0);
  (void)run("local a = 1\nwhile true do end");
  (void)run("local t = {} for i = 1, 1e9 do t[i] = {} end");
  (void)run("error('of its own')");
  const auto told = cache->messages("events", 0, 10);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_THAT(told[0].text, HasSubstr(R"("event":"script_ended")"));
  EXPECT_THAT(
      told[0].text,
      HasSubstr(R"("script":"rest/test","text":"rest/test.lua:2: over its limit of time")"));
  EXPECT_THAT(told[1].text, HasSubstr("memory"));
}

TEST_F(ScriptRunnerTest, TellsAndHears) {
  const auto cache = *SqliteCache::open({.file = "", .commit_after = {}, .now = {}});
  open({.folder = {}, .on_error = {}, .cache = cache.get()});
  const auto mailbox = cache->subscribe("events", {});
  EXPECT_EQ(body("print(#ntop.messagesCache('events')) for i = 1, 3 do"
                 " ntop.publishCache('events', 'm\\0' .. i) end"
                 " print(json.encode(ntop.messagesCache('events', 1, 1)))"),
            R"(0[{"number":2,"text":"m\u00002"}])");
  EXPECT_EQ(mailbox->messages(0, 10).size(), 3U);
  for (const char* mistake : {"ntop.publishCache('a')", "ntop.messagesCache()",
                              "ntop.messagesCache('a', -1)", "ntop.messagesCache('a', 0, -1)"})
    EXPECT_EQ(run(mistake).status, 500) << mistake;
}

TEST_F(ScriptRunnerTest, SaysThatThereIsNoCache) {
  EXPECT_EQ(run("ntop.getCache('a')").status, 500);
  EXPECT_THAT(errors_, ElementsAre(HasSubstr("there is no cache here")));
}

TEST_F(ScriptRunnerTest, RefusesWhatJsonCannotSay) {
  EXPECT_EQ(run("json.encode(print)").status, 500);
  EXPECT_EQ(run("local t = {} t.t = t json.encode(t)").status, 500);
  EXPECT_THAT(errors_.back(), HasSubstr("deeper than"));
  EXPECT_EQ(run("json.encode({[2.5] = 1})").status, 500);
  EXPECT_EQ(run("json.encode()").status, 500);
}

TEST_F(ScriptRunnerTest, GivesAnswersAsPlainTables) {
  EXPECT_EQ(body("local a = interface.hosts({}) a.rows[1].key = 'changed' print(#a.rows, a.total, "
                 "a.rows[2].key)"),
            "3310.0.0.1");
  EXPECT_EQ(
      body("print(json.encode(interface.hosts({limit = 1, offset = 1})))"),
      R"({"offset":1,"rows":[{"bits_per_second":0.5,"bytes":1000,"is_local":false,"key":"10.0.0.1","vlan":[]}],)"
      R"("time":1000,"total":3})");
  EXPECT_EQ(body("print(json.encode(interface.hosts({offset = 9})))"),
            R"({"offset":9,"rows":[],"time":1000,"total":3})");
  EXPECT_EQ(
      body("print(json.encode(interface.series({seconds = 3})))"),
      R"({"series":[{"bytes":[null,1500,1500],"name":"TCP"}],"start":700,"step":1,"time":1000})");
}

TEST_F(ScriptRunnerTest, PassesEveryOptionOfAList) {
  body(
      "interface.flows({interface='eth0', filter='port = 80', where='vlan = 2', sort='bytes', "
      "order='asc', limit=7, "
      "offset=2,"
      " columns={'a', 'b'}, column_names=true})");
  const ListRequest asked = questions_.last_list();
  EXPECT_EQ(asked.interface, "eth0");
  EXPECT_EQ(asked.filter, "port = 80");
  EXPECT_EQ(asked.where, "vlan = 2");
  EXPECT_EQ(asked.sort, "bytes");
  EXPECT_FALSE(asked.descending);
  EXPECT_EQ(asked.limit, 7U);
  EXPECT_EQ(asked.offset, 2U);
  EXPECT_THAT(asked.columns, ElementsAre("a", "b"));
  EXPECT_TRUE(asked.has_column_names);
  EXPECT_EQ(questions_.asked("flows"), 1U);
}

TEST_F(ScriptRunnerTest, AsksEachQuestionByItsName) {
  body(
      "interface.list({}) interface.hosts({}) interface.flows({}) interface.applications({})"
      " interface.get('known') interface.host('known') interface.flow('known') "
      "interface.series({}) ntop.health()");
  for (const char* question : {"interfaces", "hosts", "flows", "applications", "interface", "host",
                               "flow", "series", "health"}) {
    EXPECT_EQ(questions_.asked(question), 1U) << question;
  }
}

TEST_F(ScriptRunnerTest, ReturnsNilAndWhyWhenAQuestionIsRefused) {
  EXPECT_EQ(
      body("local a, e = interface.hosts({filter = 'bad'})"
           " print(tostring(a), ' ', e.kind, ' ', e.parameter, ' ', e.message, ' ', e.column)"),
      "nil bad_parameter filter there is no field bad 1");
  EXPECT_EQ(
      body("local a, e = interface.flow('x') print(tostring(a), ' ', e.kind, tostring(e.column))"),
      "nil not_foundnil");
}

TEST_F(ScriptRunnerTest, RaisesAMistakenOptionAsAnErrorOfTheScript) {
  for (const char* options : {"{wrong = 1}", "{limit = 'x'}", "{limit = -1}", "{limit = 1.5}",
                              "{limit = 0/0}", "{filter = 1}", "{columns = 'a'}", "{columns = {1}}",
                              "{order = 'up'}", "{column_names = 1}", "{[1] = 1}", "5", ""}) {
    EXPECT_EQ(run("interface.hosts(" + std::string(options) + ")").status, 500) << options;
  }
}

TEST_F(ScriptRunnerTest, RunsPagesFromTheirOwnFolder) {
  folder_.write("pages/test.lua", "sendHTTPHeader('text/html') print('page ', _PATH, _GET.a)");
  folder_.write("rest/test.lua", "print('resource')");
  const ScriptResponse page = runner_->run({"test", "x/y", {{"a", "1"}}, "pages"});
  EXPECT_EQ(page.content_type, "text/html");
  EXPECT_EQ(page.body, "page x/y1");
  EXPECT_EQ(runner_->run({"test", "", {}}).body, "resource");
  EXPECT_EQ(runner_->run({"absent", "", {}, "pages"}).status, 404);
  folder_.write("pages/test.lua", "error('broken')");
  EXPECT_EQ(runner_->run({"test", "", {}, "pages"}).status, 500);
  EXPECT_THAT(errors_, ElementsAre(HasSubstr("script pages/test: pages/test.lua:1: broken")));
}

TEST_F(ScriptRunnerTest, ListsTheScriptsOfAFolder) {
  folder_.write("pages/b.lua", "");
  folder_.write("pages/a.lua", "");
  folder_.write("pages/Not a name.lua", "");
  EXPECT_EQ(body("print(json.encode(ntop.scripts('pages')), json.encode(ntop.scripts('absent')))"),
            R"(["a","b"][])");
  EXPECT_EQ(run("ntop.scripts('../..')").status, 500);
  EXPECT_EQ(run("ntop.scripts()").status, 500);
}

TEST_F(ScriptRunnerTest, AddsTheHealthOfOtherParts) {
  runner_->set_health_part("http", [] { return Value(Value::Object{{"clients", Value(2)}}); });
  EXPECT_EQ(body("print(json.encode(ntop.health()))"),
            R"({"http":{"clients":2},"interfaces":[],"version":"0.0.0"})");
  runner_->set_health_part("http", {});
  EXPECT_EQ(body("print(json.encode(ntop.health()))"), R"({"interfaces":[],"version":"0.0.0"})");
}

TEST_F(ScriptRunnerTest, RunsOnSeveralThreadsAtOnce) {
  folder_.write("lib/m.lua", "return { double = function(n) return n * 2 end }");
  folder_.write("rest/test.lua",
                "print(require('m').double(tonumber(_GET.n)), #interface.hosts({}).rows)");
  std::atomic<int> wrong{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 50; ++i) {
          const int n = t * 1000 + i;
          if (runner_->run({"test", "", {{"n", std::to_string(n)}}}).body !=
              std::to_string(2 * n) + "3")
            ++wrong;
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(runner_->statistics().runs, 200U);
}

TEST_F(ScriptRunnerTest, SaysWhenTheFolderIsNotThere) {
  const auto opened = ScriptRunner::open({.folder = "/nonexistent", .on_error = {}}, questions_);
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(opened.error().message, HasSubstr("/nonexistent/rest"));
}

}  // namespace
}  // namespace weir
