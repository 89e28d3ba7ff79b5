// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/rtp_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"

namespace weir {
namespace {

std::string rtp(uint16_t sequence, std::string_view source = "\x37\x96\xcb\x71", char type = 8) {
  std::string bytes{'\x80', type, static_cast<char>(sequence >> 8), static_cast<char>(sequence)};
  bytes += std::string("\0\0\1\0", 4);
  bytes += source;
  return bytes + std::string(160, 'a');
}

Conversation media() {
  return Conversation(RtpDissector::create, false);
}

TEST(RtpDissector, IsSureAfterAFewPacketsOfASource) {
  auto talk = media();
  talk.client(rtp(0xffff)).client(rtp(0)).server(rtp(7, "abcd")).client(rtp(2));
  talk.hear();
  EXPECT_EQ(talk.findings.protocol, "RTP");
  EXPECT_EQ(talk.progress, Progress::kMore);
  EXPECT_EQ(talk.all(MetadataField::kRtpPayloadType), "8");
  EXPECT_EQ(talk.all(MetadataField::kRtpSsrc), "0x3796cb71");
  talk.server(rtp(8, "abcd")).server("\1\2").server(rtp(9, "abcd"));
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.all(MetadataField::kRtpSsrc), "0x3796cb71 0x61626364");
}

TEST(RtpDissector, IsNotSureOfTwoPacketsOrOfJumpsOrOfManySources) {
  auto two = media();
  two.client(rtp(1)).client(rtp(2)).server(rtp(1)).server(rtp(2));
  two.hear();
  EXPECT_EQ(two.findings.protocol, "");
  auto jumps = media();
  jumps.client(rtp(1)).client(rtp(2)).client(rtp(2)).client(rtp(1)).client(rtp(100));
  jumps.hear();
  EXPECT_EQ(jumps.findings.protocol, "");
  auto sources = media();
  for (int i = 0; i < RtpDissector::kMaxPackets; ++i)
    sources.client(rtp(static_cast<uint16_t>(i), std::string(4, static_cast<char>('a' + i))));
  sources.hear();
  EXPECT_EQ(sources.progress, Progress::kNotMine);
}

TEST(RtpDissector, GivesUpAtWhatIsNoRtp) {
  auto talk = media();
  talk.client(rtp(1)).client("hello");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kNotMine);
}

TEST(RtpDissector, KnowsReportsWhoseLengthsAddUp) {
  const std::string report(
      "\x80\xc8\0\6\x37\x96\xcb\x71"
      "aaaaaaaaaaaaaaaaaaaa",
      28);
  const std::string source("\x81\xca\0\2\x37\x96\xcb\x71\1\1a\0", 12);
  auto talk = media();
  talk.client(report + source);
  talk.hear();
  EXPECT_EQ(talk.findings.protocol, "RTCP");
  EXPECT_EQ(talk.first(MetadataField::kRtpSsrc), "0x3796cb71");
  EXPECT_FALSE(RtpDissector::may_begin(media().client(report + source + "x").payload(0)));
  EXPECT_FALSE(RtpDissector::may_begin(media().client(report.substr(0, 27)).payload(0)));
}

TEST(RtpDissector, BeginsWithAPlausibleHeader) {
  const auto may_begin = [](const std::string& bytes) {
    return RtpDissector::may_begin(media().client(bytes).payload(0));
  };
  EXPECT_TRUE(may_begin(rtp(1)));
  EXPECT_TRUE(may_begin(rtp(1, "abcd", '\xe0')));  // marker, dynamic type 96
  EXPECT_FALSE(may_begin(rtp(1, "abcd", 72)));
  EXPECT_FALSE(may_begin(rtp(1).substr(0, 11)));
  std::string extended = rtp(1);
  extended[0] = '\x90';  // an extension of 0x6161 words
  EXPECT_FALSE(may_begin(extended));
  std::string padded = rtp(1);
  padded[0] = '\xa0';
  padded.back() = '\0';
  EXPECT_FALSE(may_begin(padded));
}

}  // namespace
}  // namespace weir
