// SPDX-License-Identifier: GPL-3.0-or-later
// scripts/checks and lib/checks.lua, which asks them.
#include <fstream>
#include <iterator>
#include <mutex>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "script/fake_questions.h"
#include "script/test_scripts.h"

namespace weir {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// Rows that a test makes, the same for every list.
class MadeRows final : public FakeQuestions {
 public:
  Value::Array rows;

  [[nodiscard]] Answer hosts(const ListRequest& request) const override { return made(request); }
  [[nodiscard]] Answer flows(const ListRequest& request) const override { return made(request); }
  [[nodiscard]] Answer interfaces(const ListRequest& request) const override {
    return made(request);
  }
  [[nodiscard]] ListRequest asked() const { return asked_; }

 private:
  Answer made(const ListRequest& request) const {
    asked_ = request;
    if (request.filter == "bad")
      return QueryError{QueryError::Kind::kBadParameter, "filter", "there is no field bad", 1};
    return Value(Value::Object{
        {"time", time.load()}, {"total", rows.size()}, {"offset", 0}, {"rows", rows}});
  }
  mutable ListRequest asked_;
};

class CheckScripts : public WrittenScripts<MadeRows> {
 protected:
  CheckScripts() {
    for (const char* name :
         {"lib/alerts.lua", "lib/checks.lua", "lib/rest.lua", "lib/csv.lua", "rest/alerts.lua",
          "checks/interface/loss.lua", "checks/host/port_scan.lua"})
      folder_.bring(name);
  }
  // Runs a check in the next second.
  void run(const std::string& entity, const std::string& name) {
    questions_.time = questions_.time + 1;
    (void)runner_->run({name,
                        "",
                        {{"time", std::to_string(static_cast<int>(questions_.time))}},
                        "checks/" + entity});
  }
  std::string active(const std::string& check) {
    return runner_->run({"alerts", "", {{"check", check}, {"state", "active"}}}).body;
  }
  // Of a check of hosts with that text: what is told of it when it has run once.
  std::string error_of(const std::string& text) {
    folder_.write("checks/host/wrong.lua", text);
    errors_.clear();
    run("host", "wrong");
    return errors_.empty() ? "" : errors_.back();
  }
  // One host with so many bytes.
  static Value::Array host(uint64_t bytes) {
    return {Value::Object{{"key", "10.0.0.1"}, {"interface", "eth0"}, {"bytes", bytes}}};
  }
};

TEST_F(CheckScripts, AskForWhatTheirFileSaysAndAlert) {
  folder_.write("checks/host/busy.lua", R"(
filter = "bytes > 10"
columns = { "bytes" }
sort, order, limit, severity = "bytes", "asc", 7, "error"
function check(host)
  if host.bytes > 100 then return host.bytes .. " bytes" end
  if host.bytes > 50 then return true, "info" end
end)");
  questions_.rows = host(101);
  run("host", "busy");
  EXPECT_THAT(errors_, IsEmpty());
  const ListRequest asked = questions_.asked();
  EXPECT_EQ(asked.filter, "bytes > 10");
  EXPECT_EQ(asked.sort, "bytes");
  EXPECT_EQ(asked.limit, 7U);
  EXPECT_THAT(asked.columns, ElementsAre("key", "interface", "bytes"));
  EXPECT_THAT(active("host/busy"),
              HasSubstr(R"({"check":"host/busy","entity":"10.0.0.1","severity":"error",)"
                        R"("since":1001,"state":"active","text":"101 bytes"})"));
  questions_.rows = host(60);
  run("host", "busy");
  EXPECT_THAT(active("host/busy"), HasSubstr(R"("severity":"info","since":1001,)"));
  questions_.rows = host(50);
  run("host", "busy");
  EXPECT_THAT(active("host/busy"), HasSubstr(R"("total":0})"));
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(CheckScripts, OfFlowsAndInterfacesGoByTheirIds) {
  questions_.rows = {Value::Object{{"id", "7"}}};
  for (const char* entity : {"flow", "interface"}) {
    folder_.write(std::string("checks/") + entity + "/any.lua", "function check() return true end");
    run(entity, "any");
    EXPECT_THAT(active(std::string(entity) + "/any"), HasSubstr(R"("entity":"7")"));
  }
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(CheckScripts, MayRememberWhatTheySawTheLastTime) {
  folder_.write("checks/host/more.lua", R"(
columns, remember = { "bytes" }, true
function check(host, before, seconds)
  return before and ("%d more in %d s"):format(host.bytes - before.bytes, seconds)
end)");
  questions_.rows = host(100);
  run("host", "more");
  EXPECT_THAT(active("host/more"), HasSubstr(R"("total":0})"));
  questions_.time = questions_.time + 2;
  questions_.rows = host(150);
  run("host", "more");
  EXPECT_THAT(active("host/more"), HasSubstr("50 more in 3 s"));
  Value elsewhere = host(150)[0];
  elsewhere.set("interface", "eth1");
  questions_.rows = {elsewhere};
  run("host", "more");
  EXPECT_THAT(active("host/more"), HasSubstr(R"("total":0})"));
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(CheckScripts, RunAsOftenAsTheySay) {
  folder_.write("checks/host/slow.lua", "every = 10 function check() return true end");
  questions_.time = 1000;
  for (int i = 0; i < 9; ++i) run("host", "slow");
  EXPECT_EQ(questions_.asked().limit, ListRequest{}.limit);  // nothing was asked
  EXPECT_THAT(active("host/slow"), HasSubstr(R"("total":0})"));
  questions_.rows = host(1);
  run("host", "slow");
  EXPECT_THAT(active("host/slow"), HasSubstr(R"("since":1010)"));
}

TEST_F(CheckScripts, SayWhatIsWrongWithTheirFile) {
  const std::string check = "function check() return true end ";
  EXPECT_EQ(error_of(check), "");
  EXPECT_THAT(error_of(""), HasSubstr("checks/host/wrong: a check has a function check(host)"));
  EXPECT_THAT(error_of("check = 1"), HasSubstr("has a function check(host)"));
  EXPECT_THAT(error_of(check + "filter = 1"), HasSubstr("filter is to be a string"));
  EXPECT_THAT(error_of(check + "filter = 'bad'"), HasSubstr("filter: there is no field bad"));
  EXPECT_THAT(error_of(check + "limit = 0"), HasSubstr("limit is to be in 1 to 100000"));
  EXPECT_THAT(error_of(check + "limit = 0/0"), HasSubstr("limit is to be in 1 to 100000"));
  EXPECT_THAT(error_of(check + "every = 61"), HasSubstr("every is to be in 1 to 60"));
  EXPECT_THAT(error_of(check + "remember = true"), HasSubstr("names its columns"));
  questions_.rows = host(1);
  EXPECT_THAT(error_of(check + "severity = 'loud'"), HasSubstr("a severity is info"));
  EXPECT_THAT(error_of("function check(host)\nreturn host.gone.more end"),
              HasSubstr("checks/host/wrong.lua:2:"));
}

TEST_F(CheckScripts, OfTheTutorialWork) {
  std::ifstream file(WEIR_SOURCE_DIR "/docs/scripts.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  const size_t begin = page.find("-- scripts/checks/flow/losing.lua");
  ASSERT_NE(begin, std::string::npos);
  folder_.write("checks/flow/losing.lua", page.substr(begin, page.find("```", begin) - begin));
  const auto ask = [&](uint64_t again, uint64_t packets) {
    questions_.rows = {Value::Object{{"id", "7"},
                                     {"interface", "eth0"},
                                     {"retransmissions_to_client", again},
                                     {"packets_to_client", packets}}};
    questions_.time = questions_.time + 4;
    run("flow", "losing");
    return active("flow/losing");
  };
  EXPECT_THAT(ask(20, 100), HasSubstr(R"("total":0})"));
  EXPECT_THAT(ask(25, 200), HasSubstr(R"("total":0})"));
  EXPECT_THAT(ask(31, 300), HasSubstr("6 of 100 packets were sent again"));
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(CheckScripts, TellOfLossOnAnInterface) {
  const auto row = [](uint64_t packets, uint64_t drops) {
    return Value::Array{
        Value::Object{{"id", "eth0"}, {"packets", packets}, {"kernel_drops", drops}}};
  };
  const std::vector<std::pair<uint64_t, uint64_t>> seconds{
      {1000, 5000}, {2000, 5000}, {3000, 5010}};
  for (const auto& [packets, drops] : seconds) {
    questions_.rows = row(packets, drops);
    run("interface", "loss");
    EXPECT_THAT(active("interface/loss"), HasSubstr(R"("total":0})")) << packets;
  }
  questions_.rows = row(4000, 5025);
  run("interface", "loss");
  EXPECT_THAT(active("interface/loss"), HasSubstr("15 of 1015 packets were lost"));
  questions_.rows = row(10, 0);  // weir has been started again
  run("interface", "loss");
  EXPECT_THAT(active("interface/loss"), HasSubstr(R"("total":0})"));
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(CheckScripts, TellOfPortScans) {
  const auto ask = [&](uint64_t ports, int age) {
    questions_.rows = {Value::Object{{"key", "10.0.0.1"},
                                     {"interface", "eth0"},
                                     {"ports_contacted", ports},
                                     {"first_seen", 1000 - age},
                                     {"last_seen", 1000}}};
    questions_.time = questions_.time + 9;
    run("host", "port_scan");
    return active("host/port_scan");
  };
  EXPECT_THAT(ask(800, 60), HasSubstr(R"("total":0})")) << "nobody knows since when";
  EXPECT_THAT(ask(890, 60), HasSubstr(R"("total":0})"));
  EXPECT_THAT(ask(1000, 60), HasSubstr(R"("total":0})")) << "what the estimate varies by";
  EXPECT_THAT(ask(1500, 60), HasSubstr("tried 500 ports in 10 seconds"));
  EXPECT_THAT(ask(1500, 60), HasSubstr(R"("total":0})"));
  EXPECT_THAT(ask(300, 5), HasSubstr("tried 300 ports in 10 seconds")) << "a host that is new";
  EXPECT_THAT(errors_, IsEmpty());
}

}  // namespace
}  // namespace weir
