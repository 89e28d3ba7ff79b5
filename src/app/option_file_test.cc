// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/option_file.h"

#include <string>

#include <gtest/gtest.h>

#include "base/test_folder.h"

namespace weir {
namespace {

// "name: value, value" of each option, in lines.
std::string read(std::string_view text) {
  const auto options = parse_option_file(text, "f");
  if (!options) return "error " + options.error().message;
  std::string all;
  for (const FileOption& option : *options) {
    all += option.name + ":";
    for (const std::string& value : option.values) all += " <" + value + ">";
    all += "\n";
  }
  return all;
}

TEST(OptionFile, HasTextNumbersTruthsAndLists) {
  EXPECT_EQ(read("http = 8080\ninsecure = true\nmemory = \"64M\"\nno-dpi=false # not so\n"),
            "http: <8080>\ninsecure: <true>\nmemory: <64M>\nno-dpi: <false>\n");
  EXPECT_EQ(read("interface = [\"eth0\", 'eth1']\n\"network\" = []\n"),
            "interface: <eth0> <eth1>\n");
  EXPECT_EQ(read(""), "");
  EXPECT_EQ(read("data = \"\""), "data: <>\n");
}

TEST(OptionFile, KeepsSignsOfCommentsAndListsInText) {
  EXPECT_EQ(read("instance = \"rack #1\"\n"), "instance: <rack #1>\n");
  EXPECT_EQ(read("cache = \"redis://:s#cret@127.0.0.1\" # a comment\n"),
            "cache: <redis://:s#cret@127.0.0.1>\n");
  EXPECT_EQ(read("allow-host = [\"a#1\", \"b,c\"]\nhttp = \"1\"\n"),
            "allow-host: <a#1> <b,c>\nhttp: <1>\n");
}

TEST(OptionFile, IsAllOfToml) {
  EXPECT_EQ(read("interface = [\n  \"eth0\", # the uplink\n  \"eth1\",\n]\nshards = 2\n"),
            "interface: <eth0> <eth1>\nshards: <2>\n");
  EXPECT_EQ(read("\xEF\xBB\xBFshards = 2\r\n"), "shards: <2>\n") << "a byte order mark";
  EXPECT_EQ(read("bpf = \"\"\"port 22 \\\n  or port 80\"\"\"\n"), "bpf: <port 22 or port 80>\n");
  EXPECT_EQ(read("instance = \"B\\u00fcro \\\"1\\\"\"\n"), "instance: <B\xC3\xBCro \"1\">\n");
  EXPECT_EQ(read("instance = 'a\\b'\n"), "instance: <a\\b>\n");
}

TEST(OptionFile, TakesWordsWithoutQuotesAsTextAsItDidOnce) {
  EXPECT_EQ(
      read("memory = 64M # all\nshards = 2\nresolve=off\ninstance = \"a b\"\nhttp = 127.0.0.1:0"),
      "http: <127.0.0.1:0>\ninstance: <a b>\nmemory: <64M>\nresolve: <off>\nshards: <2>\n");
  EXPECT_EQ(read("memory = 64M\r\nshards = 2\r\n"), "memory: <64M>\nshards: <2>\n");
  EXPECT_EQ(read("memory = 64M\nbogus\n").find("error f:"), 0U);
  EXPECT_EQ(read("instance = two words\n").find("error f:1: "), 0U);
}

TEST(OptionFile, TakesLettersBeyondAsciiAsTheyAre) {
  EXPECT_EQ(read("# B\xC3\xBCro\ninstance = \"\xC3\xBC 100% %41\"\n"),
            "instance: <\xC3\xBC 100% %41>\n");
  EXPECT_EQ(read("instance = \"\"\"a\\\n \xC3\xBC\"\"\"\n"), "instance: <a\xC3\xBC>\n");
}

TEST(OptionFile, SaysInWhichLineItIsWrong) {
  EXPECT_EQ(read("shards = 2\n\nbogus\n").find("error f:3: "), 0U) << read("shards = 2\n\nbogus\n");
  EXPECT_EQ(read("shards = 2\nshards = 3\n").find("error f:2: "), 0U);
  EXPECT_EQ(read("a = 1\nidle-timeout = 1.5\n"),
            "error f:2: idle-timeout: text, a whole number, true or false is expected");
  EXPECT_EQ(read("network = [\"a\",\n [\"b\"]]\n").find("error f:2: "), 0U);
  EXPECT_EQ(read("a = 1\n[monitor]\n"),
            "error f:2: options stand in no table: leave out what is in brackets");
  EXPECT_EQ(read("monitor.http = 1\n").find("error f:1: monitor: "), 0U);
  for (const char* broken : {"a = [,]", "a = \"", "a = '''", "\xC3\xBC = 1", "a = \xC3", "= 1", "a",
                             "a = \"\\", "a = \"%", "a.", "\"", "a = {", "a = 0x", "[", "[["})
    EXPECT_EQ(read(broken).find("error f:1: "), 0U) << broken << ": " << read(broken);
}

TEST(OptionFile, MustBeThere) {
  const test::TestFolder folder;
  const std::string missing = (folder.path() / "missing").string();
  EXPECT_EQ(read_option_file(missing).error().message, missing + ": No such file or directory");
  EXPECT_FALSE(read_option_file(folder.path().string())) << "a folder";
  EXPECT_FALSE(read_option_file("/dev/zero")) << "without an end";
  folder.write("options", "shards = 2\n");
  const auto options = read_option_file((folder.path() / "options").string());
  ASSERT_TRUE(options);
  ASSERT_EQ(options->size(), 1U);
  EXPECT_EQ(options->front().line, 1U);
}

}  // namespace
}  // namespace weir
