// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/first_start.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "app/option_file.h"
#include "base/test_folder.h"

namespace weir {
namespace {

Prefix network(const char* text) {
  return *Prefix::parse(text);
}

// A machine at home: a wire with a global IPv6 network, a wireless that is down.
Machine machine_at_home() {
  const auto address = [](const char* interface, const char* text, const char* in) {
    return InterfaceAddress{interface, *IpAddress::parse(text), network(in)};
  };
  return {
      {{"lo", true, true}, {"eth0", false, true}, {"wlan0", false, false}},
      {address("lo", "127.0.0.1", "127.0.0.0/8"), address("eth0", "192.168.1.5", "192.168.1.0/24"),
       address("eth0", "2001:db8:1::5", "2001:db8:1::/64"),
       address("eth0", "2001:db8:1::6", "2001:db8:1::/64")},
      [](const std::string& name) { return name == "eth0" ? uint64_t{123} : uint64_t{0}; }};
}

class FirstStartTest : public ::testing::Test {
 protected:
  FirstStartTest() {
    setting_.questions.file = file_;
    setting_.watched = {"eth0"};
    setting_.local_networks = default_local_networks();
    setting_.machine = machine_at_home;
    open();
  }
  void open() { start_ = std::make_unique<FirstStart>(setting_); }
  // As after weir began with what the file says.
  void begin_with(const StartAnswers& answers) {
    setting_.questions.is_answered = true;
    setting_.questions.kept = setting_.questions.answers = answers;
    if (!answers.interfaces.empty()) setting_.watched = answers.interfaces;
    if (!answers.local_networks.empty()) setting_.local_networks = answers.local_networks;
    open();
  }
  // The parameter that is wrong, " " for another reason, "" for none.
  std::string refused(const SetupChange& change) {
    const Answer answer = start_->change(change);
    if (answer) return "";
    return answer.error().parameter.empty() ? " " : answer.error().parameter;
  }
  bool restarts(const SetupChange& change) {
    const Answer answer = start_->change(change);
    EXPECT_TRUE(answer) << answer.error().message;
    return answer && (*answer)["restarts"] == Value(true);
  }
  [[nodiscard]] std::string kept() const {
    std::ifstream file(file_);
    std::string line;
    std::string text;
    while (std::getline(file, line)) {
      if (!line.starts_with('#')) text += line + "\n";
    }
    return text;
  }

  test::TestFolder folder_;
  const std::string file_ = (folder_.path() / "not there yet/start.toml").string();
  FirstStart::Setting setting_;
  std::unique_ptr<FirstStart> start_;
};

TEST_F(FirstStartTest, AsksUntilItIsAnswered) {
  EXPECT_EQ(start_->state()["asks"], Value(true));
  EXPECT_FALSE(restarts({})) << "what is used already";
  EXPECT_EQ(start_->state()["asks"], Value(false));
  EXPECT_EQ(kept(), "resolve = \"local\"\n");
  EXPECT_FALSE(start_->asks_for_restart());
}

TEST_F(FirstStartTest, AsksNobodyWhoSaidWhatToWatch) {
  setting_.questions.decided = {{"interface", "--interface"}};
  open();
  EXPECT_EQ(start_->state()["asks"], Value(false));
  EXPECT_EQ(start_->state()["may_change"], Value(true));
  EXPECT_EQ(start_->state()["decided"]["interfaces"], Value("--interface"));
  setting_.questions.decided = {{"local", "WEIR_LOCAL"}};
  open();
  EXPECT_EQ(start_->state()["asks"], Value(true));
}

TEST_F(FirstStartTest, ShowsTheMachineAndWhatSuitsIt) {
  const Value state = start_->state();
  EXPECT_EQ(to_json(state["answers"]), R"({"interfaces":[],"local":[],"resolve":"local"})");
  EXPECT_EQ(to_json(state["interfaces"]),
            R"([{"name":"lo","is_up":true,"is_loopback":true,"is_watched":false,)"
            R"("addresses":["127.0.0.1"],"networks":["127.0.0.0/8"],"bytes":0},)"
            R"({"name":"eth0","is_up":true,"is_loopback":false,"is_watched":true,)"
            R"("addresses":["192.168.1.5","2001:db8:1::5","2001:db8:1::6"],)"
            R"("networks":["192.168.1.0/24","2001:db8:1::/64"],"bytes":123},)"
            R"({"name":"wlan0","is_up":false,"is_loopback":false,"is_watched":false,)"
            R"("addresses":[],"networks":[],"bytes":0}])");
  const auto* suggested = state["suggested"]["local"].as<Value::Array>();
  ASSERT_NE(suggested, nullptr);
  ASSERT_EQ(suggested->size(), default_local_networks().size() + 1);
  EXPECT_EQ(suggested->back(), Value("2001:db8:1::/64")) << "once, and not what is private";
}

TEST_F(FirstStartTest, SuggestsNoNetworksWherePrivateOnesHoldAll) {
  setting_.machine = [] {
    Machine machine = machine_at_home();
    machine.addresses.erase(machine.addresses.begin() + 2, machine.addresses.end());
    return machine;
  };
  open();
  EXPECT_EQ(to_json(start_->state()["suggested"]["local"]), "[]");
}

TEST_F(FirstStartTest, KeepsAnswersAndStartsAgainForThem) {
  EXPECT_TRUE(restarts({{{"lo", "eth0", "lo"}}, {{"2001:db8:1::/64", "10.1.2.3/8"}}, "off"}));
  EXPECT_EQ(kept(),
            "interface = [\"lo\", \"eth0\"]\nlocal = \"2001:db8:1::/64,10.0.0.0/8\"\n"
            "resolve = \"off\"\n");
  const auto earlier = start_->asks_for_restart();
  ASSERT_TRUE(earlier);
  EXPECT_FALSE(earlier->text);
  EXPECT_EQ(to_json(start_->state()["answers"]["interfaces"]), "[]") << "what is used until then";
  EXPECT_EQ(refused({{}, {}, "all"}), " ") << "one at a time";
  ASSERT_TRUE(put_back(file_, *earlier));
  EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(FirstStartTest, PutsBackWhatTheFileSaid) {
  begin_with({{}, {}, ResolvedHosts::kAll});
  folder_.write("not there yet/start.toml", "# by hand\nresolve = \"all\"\n");
  EXPECT_TRUE(restarts({{}, {}, "off"}));
  EXPECT_EQ(kept(), "resolve = \"off\"\n");
  ASSERT_TRUE(put_back(file_, *start_->asks_for_restart()));
  std::ifstream file(file_);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}),
            "# by hand\nresolve = \"all\"\n");
}

TEST_F(FirstStartTest, StartsAgainOnlyForWhatIsNotInUse) {
  EXPECT_FALSE(restarts({{{"eth0"}}, {}, {}})) << "the only one that is up";
  EXPECT_EQ(to_json(start_->state()["answers"]["interfaces"]), "[\"eth0\"]");
  EXPECT_TRUE(restarts({{}, {{"2001:db8:1::/64"}}, {}}));
  begin_with({{"eth0"}, {network("2001:db8:1::/64")}, ResolvedHosts::kLocal});
  EXPECT_FALSE(restarts({{}, {}, "local"}));
  begin_with({{"eth0"}, {network("10.0.0.0/8"), network("fd00::/8")}, ResolvedHosts::kLocal});
  EXPECT_FALSE(restarts({{}, {{"fd00::/8", "10.0.0.0/8"}}, {}})) << "in another order";
  begin_with({{"eth0"}, {network("2001:db8:1::/64")}, ResolvedHosts::kLocal});
  EXPECT_TRUE(restarts({{}, {std::vector<std::string>()}, {}})) << "the private ranges again";
  EXPECT_EQ(kept(), "interface = [\"eth0\"]\nresolve = \"local\"\n");
}

TEST_F(FirstStartTest, RefusesWhatIsNoAnswer) {
  EXPECT_EQ(refused({{{"eth9"}}, {}, {}}), "interfaces");
  EXPECT_EQ(refused({{{"wlan0"}}, {}, {}}), "interfaces") << "it is down";
  EXPECT_EQ(refused({{{"pcap:/etc/passwd"}}, {}, {}}), "interfaces");
  EXPECT_EQ(refused({{{""}}, {}, {}}), "interfaces");
  EXPECT_EQ(refused({{}, {{"10.0.0.0/8", "10.0.0.300/8"}}, {}}), "local");
  EXPECT_EQ(refused({{}, {{"10.0.0.0/8\"\nhttp = \"0.0.0.0:1"}}, {}}), "local");
  EXPECT_EQ(refused({{}, {std::vector<std::string>(1001, "10.0.0.0/8")}, {}}), "local");
  EXPECT_EQ(refused({std::vector<std::string>(65, "eth0"), {}, {}}), "interfaces");
  EXPECT_EQ(refused({{}, {}, "ALL"}), "resolve");
  EXPECT_FALSE(std::filesystem::exists(file_));
  EXPECT_EQ(start_->state()["asks"], Value(true));
}

TEST_F(FirstStartTest, RefusesNamesThatItsFileCannotHave) {
  setting_.machine = [] {
    Machine machine = machine_at_home();
    machine.interfaces.push_back({"[z]", false, true});
    return machine;
  };
  open();
  EXPECT_EQ(refused({{{"[z]"}}, {}, {}}), "interfaces");
}

TEST_F(FirstStartTest, WritesWhatIsReadAgain) {
  StartAnswers answers;
  answers.interfaces = {"b\\n", "#c", "\"q\"", "'y'", "B\xC3\xBC", "%41"};
  const auto read = parse_option_file(to_toml(answers), "f");
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->size(), 2U);
  EXPECT_EQ(read->front().values, answers.interfaces);
}

TEST_F(FirstStartTest, LeavesWhatOthersDecide) {
  setting_.questions.decided = {{"interface", "--interface"}, {"local", "WEIR_LOCAL"}};
  setting_.questions.kept.interfaces = {"eth7"};
  setting_.questions.answers.interfaces = setting_.watched = {"mix.pcap"};
  open();
  EXPECT_EQ(refused({{{"eth0"}}, {}, {}}), "interfaces");
  EXPECT_EQ(refused({{}, {{"10.0.0.0/8"}}, {}}), "local");
  EXPECT_TRUE(restarts({{}, {}, "all"}));
  EXPECT_EQ(kept(), "interface = [\"eth7\"]\nresolve = \"all\"\n")
      << "for when they do not any more";
}

TEST_F(FirstStartTest, SaysWhyTheFileCannotBeWritten) {
  folder_.write("not there yet", "a file in its place");
  EXPECT_EQ(refused({{}, {}, "all"}), " ");
  EXPECT_EQ(start_->state()["asks"], Value(true));
  EXPECT_FALSE(start_->asks_for_restart());
}

TEST_F(FirstStartTest, TellsAProblemUntilItIsAnsweredAgain) {
  setting_.questions.problem = "eth0: gone";
  open();
  EXPECT_EQ(start_->state()["problem"], Value("eth0: gone"));
  EXPECT_FALSE(restarts({}));
  EXPECT_TRUE(start_->state()["problem"].is_null());
}

TEST(WhyAnswersStay, NamesTheReason) {
  StartQuestions questions;
  questions.file = "/root/start.toml";
  const std::vector<SourceSpec> wire{{SourceSpec::Kind::kLive, "eth0", "eth0"}};
  const std::vector<SourceSpec> pipe{{SourceSpec::Kind::kFile, "-", "stdin"}};
  const auto why = [&](const MonitorOptions& options, const std::vector<SourceSpec>& specs) {
    return why_answers_stay(options, specs);
  };
  MonitorOptions options;
  EXPECT_NE(why(options, wire).find("--data"), std::string::npos);
  options.start.file = questions.file;
  EXPECT_EQ(why(options, wire), "");
  EXPECT_NE(why(options, pipe).find("pipe"), std::string::npos);
  MonitorOptions piped = options;
  piped.start.config = "/dev/null";  // as little a file as a pipe is
  EXPECT_NE(why(piped, wire).find("pipe"), std::string::npos);
  MonitorOptions proxied = options;
  proxied.allowed_hosts = {"weir.example.org"};
  EXPECT_NE(why(proxied, wire).find("--allow-host"), std::string::npos);
  MonitorOptions open = options;
  open.http_address = "0.0.0.0";
  EXPECT_NE(why(open, wire).find("loopback"), std::string::npos);

  FirstStart::Setting setting;
  setting.questions = questions;
  setting.why_not = "a reason";
  setting.machine = machine_at_home;
  FirstStart start(setting);
  EXPECT_EQ(start.state()["may_change"], Value(false));
  EXPECT_EQ(start.state()["asks"], Value(false));
  EXPECT_EQ(start.state()["why_not"], Value("a reason"));
  EXPECT_EQ(to_json(start.state()["interfaces"]), "[]") << "nobody's business then";
  EXPECT_TRUE(start.state()["file"].is_null());
  EXPECT_FALSE(start.change({}));
}

}  // namespace
}  // namespace weir
