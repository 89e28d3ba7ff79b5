// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/sip_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"

namespace weir {
namespace {

constexpr std::string_view kInvite =
    "INVITE sip:bob@x.org SIP/2.0\r\nVia: SIP/2.0/UDP h\r\n"
    "From: \"Alice\" <sip:alice@x.org>;tag=1\r\nt: sip:bob@x.org;x=y\r\nCall-ID: 7@h\r\n"
    "User-Agent: Phone/1\r\nContent-Length: 22\r\n\r\nv=0\r\nfrom: nobody\r\ns=x\r\n";
constexpr std::string_view kRinging =
    "SIP/2.0 180 Ringing\r\nf: <sip:alice@x.org>\r\nTo: <sip:bob@x.org>\r\ni: 7@h\r\n"
    "Server: Asterisk\r\n\r\n";

void expect_call(const Conversation& talk) {
  EXPECT_EQ(talk.findings.protocol, "SIP");
  EXPECT_EQ(talk.progress, Progress::kMore);
  EXPECT_EQ(talk.all(MetadataField::kSipMethod), "INVITE BYE");
  EXPECT_EQ(talk.all(MetadataField::kSipFrom), "sip:alice@x.org");
  EXPECT_EQ(talk.all(MetadataField::kSipTo), "sip:bob@x.org");
  EXPECT_EQ(talk.all(MetadataField::kSipCallId), "7@h");
  EXPECT_EQ(talk.all(MetadataField::kUserAgent), "Phone/1");
  EXPECT_EQ(talk.all(MetadataField::kSoftware), "Asterisk");
}

TEST(SipDissector, ReadsACallOverTcpWhereverItIsSplit) {
  auto talk = Conversation(SipDissector::create);
  talk.client(kInvite).server(kRinging).client("BYE sip:bob@x.org SIP/2.0\r\n\r\n");
  for (size_t part = 1; part < 260; ++part) {
    talk.hear(part);
    expect_call(talk);
  }
}

TEST(SipDissector, ReadsACallOverUdp) {
  auto talk = Conversation(SipDissector::create, false);
  talk.client(kInvite).client("\r\n\r\n").server(kRinging).client("BYE sip:bob@x.org SIP/2.0");
  talk.hear();
  expect_call(talk);
}

TEST(SipDissector, ForgetsAHeadThatWasCutOff) {
  auto talk = Conversation(SipDissector::create, false);
  talk.client("OPTIONS sip:a SIP/2.0\r\nFrom: <sip:a@").client("INFO sip:a SIP/2.0\r\n\r\n");
  talk.hear();
  EXPECT_EQ(talk.all(MetadataField::kSipMethod), "OPTIONS INFO");
  EXPECT_EQ(talk.all(MetadataField::kSipFrom), "sip:a@");
}

TEST(SipDissector, AnnouncesTheMediaOfBothSides) {
  auto talk = Conversation(SipDissector::create);
  talk.client(
          "INVITE sip:bob@x.org SIP/2.0\r\nCall-ID: 7@h\r\n\r\n"
          "v=0\r\nc=IN IP4 192.0.2.1\r\nm=audio 4000 RTP/AVP 0 8\r\nm=video 0 RTP/AVP 31\r\n"
          "m=application 4002 udp wb\r\n")
      .server(
          "SIP/2.0 200 OK\r\nCall-ID: 7@h\r\n\r\n"
          "v=0\r\nm=audio 5000/2 UDP/TLS/RTP/SAVPF 0\r\nc=IN IP6 2001:db8::1/127\r\n"
          "c=IN IP4 host.example\r\nm=audio 70000 RTP/AVP 0\r\n");
  for (size_t part = 1; part < 200; ++part) {
    talk.hear(part);
    ASSERT_EQ(talk.findings.announced.size(), 2U) << part;
    EXPECT_EQ(talk.findings.announced[0].address, IpAddress::parse("192.0.2.1"));
    EXPECT_EQ(talk.findings.announced[0].port, 4000);
    EXPECT_EQ(talk.findings.announced[0].name, "RTP");
    EXPECT_EQ(talk.findings.announced[1].address, IpAddress::parse("2001:db8::1"));
    EXPECT_EQ(talk.findings.announced[1].port, 5000);
  }
}

TEST(SipDissector, EndsAfterManyMessages) {
  auto talk = Conversation(SipDissector::create, false);
  for (int i = 0; i < SipDissector::kMaxMessages; ++i) {
    talk.client("OPTIONS sip:a SIP/2.0\r\nCall-ID: " + std::to_string(i) + "\r\n\r\n");
  }
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.findings.metadata.entries().size(), 1U + SipDissector::kMaxCalls);
}

TEST(SipDissector, GivesUpWhatIsNotSip) {
  const auto may_begin = [](std::string_view bytes) {
    return SipDissector::may_begin(Conversation(SipDissector::create).client(bytes).payload(0));
  };
  EXPECT_TRUE(may_begin("REGISTER sip:x SIP/2.0\r\n"));
  EXPECT_TRUE(may_begin("SIP/2.0 200 OK\r\n"));
  EXPECT_FALSE(may_begin("OPTIONS * RTSP/1.0\r\n"));
  EXPECT_FALSE(may_begin("GET sip:x SIP/2.0\r\n"));
  auto talk = Conversation(SipDissector::create);
  talk.client("INVITE sip:x HTTP/1.1\r\n");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kNotMine);
}

}  // namespace
}  // namespace weir
