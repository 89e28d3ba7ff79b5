// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/rtsp_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"

namespace weir {
namespace {

TEST(RtspDissector, ReadsTheFirstExchangeWhereverItIsSplit) {
  auto talk = Conversation(RtspDissector::create);
  talk.client("DESCRIBE rtsp://Cam.local:554/live RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: VLC\r\n\r\n")
      .server("RTSP/1.0 200 OK\r\nServer: Cam/1\r\n\r\n");
  for (size_t part = 1; part < 90; ++part) {
    talk.hear(part);
    EXPECT_EQ(talk.progress, Progress::kDone) << part;
    EXPECT_EQ(talk.findings.protocol, "RTSP") << part;
    EXPECT_EQ(talk.all(MetadataField::kHttpUrl), "Cam.local:554/live") << part;
    EXPECT_EQ(talk.all(MetadataField::kServerName), "cam.local") << part;
    EXPECT_EQ(talk.all(MetadataField::kUserAgent), "VLC") << part;
    EXPECT_EQ(talk.all(MetadataField::kSoftware), "Cam/1") << part;
  }
}

TEST(RtspDissector, GivesUpWhatIsNotRtsp) {
  const auto may_begin = [](std::string_view bytes) {
    return RtspDissector::may_begin(Conversation(RtspDissector::create).client(bytes).payload(0));
  };
  EXPECT_TRUE(may_begin("OPTIONS * RTSP/1.0\r\n"));
  EXPECT_TRUE(may_begin("RTSP/1.0 200 OK\r\n"));
  EXPECT_FALSE(may_begin("OPTIONS * HTTP/1.1\r\n"));
  auto talk = Conversation(RtspDissector::create);
  talk.client("OPTIONS * HTTP/1.1\r\n");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kNotMine);
}

}  // namespace
}  // namespace weir
