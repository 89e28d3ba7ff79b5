// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/read_outputs.h"

#include <sys/stat.h>

#include <filesystem>

#include <gtest/gtest.h>

#include "base/test_folder.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

// A folder with a capture in it.
class Outputs : public ::testing::Test {
 protected:
  void SetUp() override { folder_.write("x.pcap", "packets"); }

  std::string in_folder(const std::string& name) const { return (folder_.path() / name).string(); }
  ReadOptions writing(const std::string& flows, const std::string& hosts = "") const {
    ReadOptions options;
    options.files = {in_folder("x.pcap")};
    options.flows_file = flows;
    options.hosts_file = hosts;
    return options;
  }
  static std::string refusal(const ReadOptions& options) {
    const auto checked = check_outputs(options);
    return checked ? "" : checked.error().message;
  }

  test::TestFolder folder_;
};

TEST_F(Outputs, AreNotWhatIsRead) {
  const std::string capture = in_folder("x.pcap");
  EXPECT_EQ(refusal(writing(capture)), "--flows " + capture + " would write over " + capture +
                                           ", which is read: name another file");
  EXPECT_NE(refusal(writing("", capture)).find("--hosts"), std::string::npos);
  fs::create_symlink("x.pcap", in_folder("link"));
  fs::create_hard_link(capture, in_folder("twin"));
  EXPECT_NE(refusal(writing(in_folder("link"))), "");
  EXPECT_NE(refusal(writing(in_folder("twin"))), "");
  EXPECT_NE(refusal(writing(in_folder("./x.pcap"))), "");
  EXPECT_EQ(fs::file_size(capture), 7U) << "the check changes nothing";

  folder_.write("rules.toml", "");
  ReadOptions with_rules = writing(in_folder("rules.toml"));
  with_rules.tables.protocols_file = in_folder("rules.toml");
  EXPECT_NE(refusal(with_rules), "");
}

TEST_F(Outputs, AreTwoFiles) {
  const std::string file = in_folder("new");
  EXPECT_EQ(refusal(writing(file, file)),
            "--flows " + file + " and --hosts " + file + " are one file: give each its own");
  EXPECT_NE(refusal(writing(file, in_folder("none/../new"))), "") << "neither is there yet";
  EXPECT_EQ(refusal(writing(file, in_folder("other"))), "");
  folder_.write("new", "");
  fs::create_symlink("new", in_folder("link"));
  EXPECT_NE(refusal(writing(file, in_folder("link"))), "");
  EXPECT_FALSE(fs::exists(in_folder("other")));
}

TEST_F(Outputs, MayBeDevicesAndStandardOutput) {
  EXPECT_EQ(refusal(writing("/dev/null", "/dev/null")), "");
  EXPECT_EQ(refusal(writing("-", "-")), "");
  EXPECT_EQ(refusal(writing("-", in_folder("hosts"))), "");
  EXPECT_EQ(refusal(writing("")), "");
}

TEST_F(Outputs, AreOpenedBeforeAnythingIsRead) {
  const auto opened = open_outputs(writing(in_folder("flows"), ""));
  ASSERT_TRUE(opened);
  EXPECT_NE(opened->flows, nullptr);
  EXPECT_EQ(opened->hosts, nullptr) << "they are not wanted";
  const auto missing = open_outputs(writing("", in_folder("none/hosts")));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message,
            "write " + in_folder("none/hosts") + ": No such file or directory");
}

TEST_F(Outputs, WaitForNobodyToReadAPipe) {
  ASSERT_EQ(::mkfifo(in_folder("pipe").c_str(), 0600), 0);
  const auto opened = open_outputs(writing(in_folder("pipe")));
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->flows, nullptr);
}

}  // namespace
}  // namespace weir
