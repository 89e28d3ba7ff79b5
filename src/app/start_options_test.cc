// SPDX-License-Identifier: GPL-3.0-or-later
// Options of `monitor` that the file of first start's answers has.
#include <sys/stat.h>

#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "app/options.h"
#include "base/test_folder.h"

namespace weir {
namespace {

using Arguments = std::vector<std::string>;

// The folder of a user who answered first start's questions.
class AnsweredQuestions : public ::testing::Test {
 protected:
  void answer(const std::string& text) { folder_.write("start.toml", text); }
  // The options of `monitor` with the answers; those of nothing after an error.
  MonitorOptions options(const Arguments& arguments, const Environment& environment = {}) {
    const auto command = parse_command_line(arguments, environment, folder_.path());
    EXPECT_TRUE(command) << command.error().message;
    return command ? std::get<MonitorOptions>(*command) : MonitorOptions();
  }
  std::string error() {
    const auto command = parse_command_line({}, {}, folder_.path());
    return command ? "no error" : command.error().message;
  }

  test::TestFolder folder_;
  const std::string file_ = (folder_.path() / "start.toml").string();
};

TEST_F(AnsweredQuestions, AreNoneWithoutAFile) {
  const StartQuestions start = options({}).start;
  EXPECT_EQ(start.file, file_);
  EXPECT_FALSE(start.is_answered);
  EXPECT_TRUE(start.decided.empty());
  EXPECT_EQ(start.answers, StartAnswers());
  EXPECT_EQ(std::get<MonitorOptions>(*parse_command_line({})).start.file, "")
      << "nowhere to keep them";
}

TEST_F(AnsweredQuestions, CountWhereNothingElseDecides) {
  answer("interface = [\"eth0\", \"eth1\"]\nlocal = \"10.0.0.0/8,fd00::/8\"\nresolve = \"all\"\n");
  const MonitorOptions answered = options({});
  EXPECT_TRUE(answered.start.is_answered);
  EXPECT_EQ(answered.sources, (Arguments{"eth0", "eth1"}));
  EXPECT_EQ(answered.tables.local_networks.size(), 2U);
  EXPECT_EQ(answered.resolved, ResolvedHosts::kAll);
  EXPECT_EQ(answered.start.answers, answered.start.kept);

  folder_.write("weir.toml", "resolve = \"off\"\n");
  const std::string toml = (folder_.path() / "weir.toml").string();
  const MonitorOptions decided =
      options({"-i", "lo", "--config", toml}, {{"WEIR_LOCAL", "192.168.0.0/16"}});
  EXPECT_EQ(decided.sources, (Arguments{"lo"}));
  EXPECT_EQ(decided.tables.local_networks.size(), 1U);
  EXPECT_EQ(decided.resolved, ResolvedHosts::kNone);
  EXPECT_EQ(decided.start.decided,
            (std::map<std::string, std::string>{
                {"interface", "--interface"}, {"local", "WEIR_LOCAL"}, {"resolve", toml}}));
  EXPECT_EQ(decided.start.kept, answered.start.kept) << "what the file says is known all the same";
  EXPECT_EQ(decided.start.answers.interfaces, decided.sources);
}

TEST_F(AnsweredQuestions, LieInTheDataFolderWhereThereIsOne) {
  answer("resolve = \"all\"\n");
  const test::TestFolder data;
  EXPECT_EQ(options({"--data", data.path().string()}).resolved, ResolvedHosts::kLocal);
  EXPECT_EQ(options({"--data", data.path().string()}).start.file, data.path() / "start.toml");
  data.write("start.toml", "resolve = \"off\"\n");
  EXPECT_EQ(options({"--data", data.path().string()}).resolved, ResolvedHosts::kNone);
  EXPECT_EQ(options({}, {{"WEIR_DATA", data.path().string()}}).resolved, ResolvedHosts::kNone);
}

// A pipe can be read once.
TEST_F(AnsweredQuestions, LetTheFileOfTheConfigBeAPipe) {
  answer("resolve = \"all\"\n");
  const std::string pipe = (folder_.path() / "pipe").string();
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::thread writer([&] { std::ofstream(pipe) << "interface = [\"lo\"]\nmemory = \"64M\"\n"; });
  const MonitorOptions piped = options({"--config", pipe});
  writer.join();
  EXPECT_EQ(piped.sources, (Arguments{"lo"}));
  EXPECT_EQ(piped.tables.memory_bytes, size_t{64} << 20);
  EXPECT_EQ(piped.resolved, ResolvedHosts::kAll);
  EXPECT_EQ(piped.start.config, pipe);
}

TEST_F(AnsweredQuestions, SayWhatIsWrongWithTheirFile) {
  answer("local = \"nowhere\"\n");
  EXPECT_EQ(error().find(file_ + ":1: "), 0U) << error();
  EXPECT_NE(error().find("nowhere"), std::string::npos);
  answer("http = \"0.0.0.0:80\"\n");
  EXPECT_EQ(error(), file_ + ": has only interface, local and resolve, not http");
  answer("resolve\n[[");
  EXPECT_EQ(error().find(file_), 0U) << error();
  EXPECT_TRUE(parse_command_line({"read", "a.pcap"}, {}, folder_.path())) << "only monitor looks";
}

}  // namespace
}  // namespace weir
