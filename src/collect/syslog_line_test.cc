// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/syslog_line.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(SyslogLine, ReadsRfc5424) {
  const SyslogLine line = read_syslog_line(
      "<165>1 2026-11-30T01:02:03.123Z probe.example.org sshd 42 ID47 "
      "[one@32473 a=\"x \\] y\"][two b=\"\"] \xef\xbb\xbf"
      "Accepted key\n");
  EXPECT_EQ(line.facility, 20);
  EXPECT_EQ(line.severity, 5);
  EXPECT_EQ(line.host, "probe.example.org");
  EXPECT_EQ(line.program, "sshd");
  EXPECT_EQ(line.message_id, "ID47");
  EXPECT_EQ(line.text, "Accepted key");
  const SyslogLine bare = read_syslog_line("<0>1 - - - - - -");
  EXPECT_EQ(bare.severity, 0);
  EXPECT_EQ(bare.host, "");
  EXPECT_EQ(bare.text, "");
}

TEST(SyslogLine, ReadsRfc3164AndWhatProgramsMakeOfIt) {
  const SyslogLine line = read_syslog_line("<34>Nov  3 22:14:15 mymachine su[12]: failed for x");
  EXPECT_EQ(line.facility, 4);
  EXPECT_EQ(line.severity, 2);
  EXPECT_EQ(line.host, "mymachine");
  EXPECT_EQ(line.program, "su");
  EXPECT_EQ(line.text, "failed for x");
  const SyslogLine short_one = read_syslog_line("<6>kernel: [12.3] IN=eth0");
  EXPECT_EQ(short_one.program, "kernel");
  EXPECT_EQ(short_one.text, "[12.3] IN=eth0");
  EXPECT_EQ(short_one.host, "");
}

TEST(SyslogLine, TakesWhatHasNoHeaderForText) {
  for (const std::string_view text :
       {"hello", "<999>hello", "<>hello", "<1", "http://example.org/ is down", "1 2 3", ""}) {
    const SyslogLine line = read_syslog_line(text);
    EXPECT_EQ(line.text, text);
    EXPECT_EQ(line.severity, 5) << text;
    EXPECT_EQ(line.program, "") << text;
  }
}

TEST(DateTime, IsReadAsRfc3339AndSuricataWriteIt) {
  constexpr int64_t kSecond = 1'000'000'000;
  EXPECT_EQ(read_date_time("1970-01-01T00:00:01Z"), kSecond);
  EXPECT_EQ(read_date_time("2026-11-30T01:02:03.000000123Z"), 1'796'000'523 * kSecond + 123);
  EXPECT_EQ(read_date_time("2026-11-30T02:02:03+01:00"), 1'796'000'523 * kSecond);
  EXPECT_EQ(read_date_time("2026-11-29T20:32:03.5-0430"), 1'796'000'523 * kSecond + kSecond / 2);
  for (const std::string_view text :
       {"", "2026-11-30", "2026-11-30T01:02:03", "2026-13-30T01:02:03Z", "2026-02-30T01:02:03Z",
        "2026-11-30T24:02:03Z", "2026-11-30T01:02:03Zx", "2026-11-30T01:02:03+1",
        "-026-11-30T01:02:03Z", "1969-12-31T23:59:59Z", "3807-11-14T22:13:00Z"}) {
    EXPECT_FALSE(read_date_time(text)) << text;
  }
}

}  // namespace
}  // namespace weir
