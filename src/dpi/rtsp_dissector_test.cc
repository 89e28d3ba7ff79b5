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
    EXPECT_EQ(talk.progress, Progress::kMore) << part;
    EXPECT_EQ(talk.findings.protocol, "RTSP") << part;
    EXPECT_EQ(talk.all(MetadataField::kHttpUrl), "Cam.local:554/live") << part;
    EXPECT_EQ(talk.all(MetadataField::kServerName), "cam.local") << part;
    EXPECT_EQ(talk.all(MetadataField::kUserAgent), "VLC") << part;
    EXPECT_EQ(talk.all(MetadataField::kSoftware), "Cam/1") << part;
  }
}

TEST(RtspDissector, AnnouncesTheMediaAndEndsWhenTheyStart) {
  auto talk = Conversation(RtspDissector::create);
  talk.client(
          "SETUP rtsp://cam/live RTSP/1.0\r\nTransport: "
          "RTP/AVP;unicast;client_port=4588-4589\r\n\r\n")
      .server(
          "RTSP/1.0 200 OK\r\nTransport: RTP/AVP;unicast; client_port=4588-4589;"
          "server_port=6256-6257;ssrc=1\r\n\r\n")
      .client("PLAY rtsp://cam/live RTSP/1.0\r\n\r\n")
      .server("RTSP/1.0 200 OK\r\n\r\n");
  for (size_t part = 1; part < 90; ++part) {
    talk.hear(part);
    EXPECT_EQ(talk.progress, Progress::kDone) << part;
    ASSERT_EQ(talk.findings.announced.size(), 2U) << part;
    EXPECT_EQ(talk.findings.announced[0].port, 4588);
    EXPECT_EQ(talk.findings.announced[0].at, AnnouncedFlow::At::kClient);
    EXPECT_EQ(talk.findings.announced[1].port, 6256);
    EXPECT_EQ(talk.findings.announced[1].at, AnnouncedFlow::At::kServer);
    EXPECT_EQ(talk.findings.announced[1].name, "RTP");
  }
}

TEST(RtspDissector, EndsWithMediaInsideTheConnection) {
  auto talk = Conversation(RtspDissector::create);
  talk.client("OPTIONS rtsp://cam RTSP/1.0\r\n\r\n")
      .server("RTSP/1.0 200 OK\r\nTransport: RTP/AVP/TCP;interleaved=0-1\r\n\r\n")
      .server("$\1\2\3 binary\n");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_TRUE(talk.findings.announced.empty());
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
