// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/start_checks.h"

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/test_folder.h"

namespace weir {
namespace {

// What is refused of a command line; "" when nothing is.
std::string refused(const std::vector<std::string>& arguments) {
  const auto command = parse_command_line(arguments);
  if (!command) return command.error().message;
  const auto checked = check_start(std::get<MonitorOptions>(*command));
  return checked ? "" : checked.error().message;
}

TEST(StartChecks, FindNothingInWhatWouldStart) {
  EXPECT_EQ(refused({}), "");
  EXPECT_EQ(refused({"-i", "lo", "--memory", "64M", "--shards", "2", "--bpf", "not port 22"}), "");
  EXPECT_EQ(refused({"-i", "any"}), "");
  EXPECT_EQ(refused({"-i", "netflow:2055", "--memory", "16M", "--shards", "4"}), "");
  EXPECT_EQ(refused({"-i", "netflow:2055", "--bpf", "tcp prot"}), "") << "it is not used";
  EXPECT_EQ(refused({"-i", "netflow:2055", "--http", "0.0.0.0:80", "--insecure"}), "");
  EXPECT_EQ(refused({"-i", "nflog:5"}), "") << "only libpcap knows";
}

TEST(StartChecks, FindWhatMonitorRefuses) {
  EXPECT_NE(refused({"--http", "0.0.0.0:3000"}).find("--insecure"), std::string::npos);
  EXPECT_NE(refused({"-i", "lo", "--memory", "5"}).find("--memory"), std::string::npos);
  EXPECT_NE(refused({"-i", "lo", "--memory", "15M", "--shards", "2"}).find("--memory"),
            std::string::npos);
  EXPECT_NE(refused({"-i", "nope0"}).find("nope0"), std::string::npos);
  EXPECT_NE(refused({"-i", "afxdp:nope0"}).find("nope0"), std::string::npos);
  EXPECT_NE(refused({"-i", "syslog:"}).find("syslog:"), std::string::npos);
  EXPECT_NE(refused({"-i", "/nope.pcap"}).find("/nope.pcap"), std::string::npos);
  EXPECT_NE(refused({"-i", "-", "--shards", "2"}).find("--shards"), std::string::npos);
  EXPECT_NE(refused({"--bpf", "tcp prot"}).find("tcp prot"), std::string::npos);
  for (const char* option : {"--scripts", "--protocols", "--country-db", "--as-db", "--web-dir"})
    EXPECT_NE(refused({option, "/nope"}).find("/nope"), std::string::npos) << option;
  EXPECT_NE(refused({"-i", "zmq:tcp://127.0.0.1:5", "--zmq-keys", "/nope"}).find("/nope"),
            std::string::npos);
  EXPECT_NE(refused({"--export", "zmq:tcp://127.0.0.1:5", "--zmq-keys", "/nope"}).find("/nope"),
            std::string::npos);
}

TEST(StartChecks, ChangeNothing) {
  const test::TestFolder folder;
  EXPECT_EQ(refused({"--data", (folder.path() / "data").string()}), "");
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  folder.write("file", "");
  EXPECT_NE(refused({"--data", (folder.path() / "file").string()}), "");
}

}  // namespace
}  // namespace weir
