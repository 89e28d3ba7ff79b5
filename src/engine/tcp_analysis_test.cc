// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tcp_analysis.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

using std::chrono::milliseconds;

constexpr uint8_t kAck = kTcpAck;
constexpr uint8_t kSyn = kTcpSyn;
constexpr unsigned kClient = 0;
constexpr unsigned kServer = 1;
constexpr uint32_t kClientIsn = 1000;
constexpr uint32_t kServerIsn = 5'000'000;

struct Sent {
  uint32_t sequence = 0;
  uint32_t acknowledgement = 0;
  uint32_t length = 0;
  uint8_t flags = kAck;
  uint16_t window = 1000;
};

// A flow to which packets are given; its clock stands unless wait() moves it.
class Talk {
 public:
  uint8_t say(unsigned sender, const Sent& sent) {
    const TcpSegment segment{sent.sequence, sent.acknowledgement, sent.length, sent.window,
                             sent.flags};
    return analyse(analysis, sender, segment, Timestamp::from_nanoseconds(now_.count()));
  }
  void wait(std::chrono::nanoseconds time) { now_ += time; }

  // SYN, 30 ms to the server and back, SYN+ACK, 10 ms to the client and back, ACK.
  void shake_hands() {
    EXPECT_EQ(say(kClient, {.sequence = kClientIsn, .flags = kSyn}), 0);
    wait(milliseconds(30));
    EXPECT_EQ(say(kServer, {kServerIsn, kClientIsn + 1, 0, kSyn | kAck}), 0);
    wait(milliseconds(10));
    EXPECT_EQ(say(kClient, {kClientIsn + 1, kServerIsn + 1}), 0);
  }
  // Numbers relative to what follows the handshake.
  uint8_t client(uint32_t sequence, uint32_t length, uint32_t acknowledgement = 0) {
    return say(kClient, {kClientIsn + 1 + sequence, kServerIsn + 1 + acknowledgement, length});
  }
  uint8_t server(uint32_t sequence, uint32_t length, uint32_t acknowledgement = 0) {
    return say(kServer, {kServerIsn + 1 + sequence, kClientIsn + 1 + acknowledgement, length});
  }

  TcpAnalysis analysis{};

 private:
  std::chrono::nanoseconds now_{std::chrono::seconds(1'700'000'000)};
};

void expect_near(std::chrono::nanoseconds got, std::chrono::nanoseconds expected) {
  EXPECT_NEAR(static_cast<double>(got.count()), static_cast<double>(expected.count()), 1100);
}

TEST(TcpAnalysis, FindsNothingInDataThatIsInOrder) {
  Talk talk;
  talk.shake_hands();
  EXPECT_EQ(talk.client(0, 100), 0);
  EXPECT_EQ(talk.server(0, 0, 100), 0);
  EXPECT_EQ(talk.server(0, 1400, 100), 0);
  EXPECT_EQ(talk.server(1400, 1400, 100), 0);
  EXPECT_EQ(talk.client(100, 0, 2800), 0);
  EXPECT_EQ(talk.client(100, 1, 2800), 0);  // a single byte is not yet a probe
  EXPECT_EQ(talk.say(kClient, {kClientIsn + 102, kServerIsn + 2801, 0, kTcpFin | kAck}), 0);
  EXPECT_EQ(talk.say(kServer, {kServerIsn + 2801, kClientIsn + 103, 0, kTcpFin | kAck}), 0);
  EXPECT_EQ(talk.say(kClient, {kClientIsn + 103, kServerIsn + 2802}), 0);
}

TEST(TcpAnalysis, MeasuresTheHandshakeOnBothSides) {
  Talk talk;
  talk.say(kClient, {.sequence = kClientIsn, .flags = kSyn});
  EXPECT_EQ(round_trips(talk.analysis), TcpRoundTrips{});
  talk.wait(milliseconds(30));
  talk.say(kServer, {kServerIsn, kClientIsn + 1, 0, kSyn | kAck});
  expect_near(round_trips(talk.analysis).server, milliseconds(30));
  EXPECT_EQ(round_trips(talk.analysis).initial.count(), 0);
  talk.wait(milliseconds(10));
  talk.say(kClient, {kClientIsn + 1, kServerIsn + 1});
  talk.wait(milliseconds(500));
  talk.client(0, 100);
  expect_near(round_trips(talk.analysis).server, milliseconds(30));
  expect_near(round_trips(talk.analysis).client, milliseconds(10));
  expect_near(round_trips(talk.analysis).initial, milliseconds(40));
}

TEST(TcpAnalysis, MeasuresFromTheSynThatWasAnswered) {
  Talk talk;
  talk.say(kClient, {.sequence = kClientIsn, .flags = kSyn});
  talk.wait(std::chrono::seconds(1));
  EXPECT_EQ(talk.say(kClient, {.sequence = kClientIsn, .flags = kSyn}), kTcpRetransmission);
  talk.wait(milliseconds(20));
  talk.say(kServer, {kServerIsn, kClientIsn + 1, 0, kSyn | kAck});
  expect_near(round_trips(talk.analysis).server, milliseconds(20));
}

TEST(TcpAnalysis, MeasuresTheWholeHandshakeOfAnAsymmetricCapture) {
  Talk talk;
  talk.say(kClient, {.sequence = kClientIsn, .flags = kSyn});
  talk.wait(milliseconds(40));
  talk.say(kClient, {kClientIsn + 1, kServerIsn + 1});
  expect_near(round_trips(talk.analysis).initial, milliseconds(40));
  EXPECT_EQ(round_trips(talk.analysis).server.count(), 0);
  EXPECT_EQ(round_trips(talk.analysis).client.count(), 0);
}

TEST(TcpAnalysis, MeasuresOnlyTheServerWhenItRefuses) {
  Talk talk;
  talk.say(kClient, {.sequence = kClientIsn, .flags = kSyn});
  talk.wait(milliseconds(7));
  EXPECT_EQ(talk.say(kServer, {0, kClientIsn + 1, 0, kTcpRst | kAck, 0}), kTcpReset);
  expect_near(round_trips(talk.analysis).server, milliseconds(7));
  EXPECT_EQ(round_trips(talk.analysis).client.count(), 0);
}

TEST(TcpAnalysis, MeasuresNothingWhenTheClientGivesUp) {
  Talk talk;
  talk.say(kClient, {.sequence = kClientIsn, .flags = kSyn});
  talk.wait(milliseconds(7));
  EXPECT_EQ(talk.say(kClient, {kClientIsn + 1, 0, 0, kTcpRst | kAck}), kTcpReset);
  EXPECT_EQ(round_trips(talk.analysis), TcpRoundTrips{});
}

TEST(TcpAnalysis, MeasuresAHandshakeAcrossTheWrapOfItsTicks) {
  Talk talk;
  const auto wrap = std::chrono::nanoseconds(uint64_t{1} << 42);  // 2^32 ticks
  const auto since = std::chrono::nanoseconds(std::chrono::seconds(1'700'000'000)) % wrap;
  talk.wait(wrap - since - milliseconds(5));
  talk.shake_hands();
  expect_near(round_trips(talk.analysis).initial, milliseconds(40));
}

TEST(TcpAnalysis, CallsOldDataRetransmitted) {
  Talk talk;
  talk.shake_hands();
  talk.client(0, 100);
  talk.client(100, 100);
  talk.wait(milliseconds(300));
  EXPECT_EQ(talk.client(0, 100), kTcpRetransmission);
  EXPECT_EQ(talk.client(200, 100), 0);
}

TEST(TcpAnalysis, CallsTheLastSegmentAgainRetransmittedHoweverSoon) {
  Talk talk;
  talk.shake_hands();
  talk.client(0, 100);
  EXPECT_EQ(talk.client(0, 100), kTcpRetransmission);
}

TEST(TcpAnalysis, CallsOldDataThatComesWithinARoundTripOutOfOrder) {
  Talk talk;
  talk.shake_hands();
  talk.client(0, 100);
  EXPECT_EQ(talk.client(200, 100), kTcpLostSegment);
  talk.wait(milliseconds(39));
  EXPECT_EQ(talk.client(100, 100), kTcpOutOfOrder);
  EXPECT_EQ(talk.client(400, 100), kTcpLostSegment);
  talk.wait(milliseconds(41));
  EXPECT_EQ(talk.client(300, 100), kTcpRetransmission);
}

TEST(TcpAnalysis, AllowsThreeMillisecondsForReorderingWithoutAHandshake) {
  for (const auto& [after, found] :
       {std::pair(2, kTcpOutOfOrder), std::pair(4, kTcpRetransmission)}) {
    Talk talk;
    talk.client(0, 100);
    talk.client(200, 100);
    talk.wait(milliseconds(after));
    EXPECT_EQ(talk.client(100, 100), found) << after;
  }
}

TEST(TcpAnalysis, CallsDataThatWasAskedForTwiceRetransmittedHoweverSoon) {
  Talk talk;
  talk.shake_hands();
  talk.client(0, 100);
  EXPECT_EQ(talk.client(200, 100), kTcpLostSegment);
  EXPECT_EQ(talk.server(0, 0, 100), 0);
  EXPECT_EQ(talk.server(0, 0, 100), kTcpDuplicateAck);
  EXPECT_EQ(talk.server(0, 0, 100), kTcpDuplicateAck);
  talk.wait(milliseconds(10));
  EXPECT_EQ(talk.client(100, 100), kTcpRetransmission);
}

TEST(TcpAnalysis, CallsAcknowledgedDataRetransmitted) {
  Talk talk;
  talk.shake_hands();
  talk.client(0, 100);
  talk.client(100, 100);
  talk.server(0, 0, 200);
  EXPECT_EQ(talk.client(0, 100), kTcpRetransmission);
  // Nor is it new when the capture missed it: the other end has it already.
  talk.server(0, 0, 400);
  EXPECT_EQ(talk.client(200, 200), kTcpRetransmission);
}

TEST(TcpAnalysis, CountsAGapOnceAndGoesOnBehindIt) {
  Talk talk;
  talk.shake_hands();
  EXPECT_EQ(talk.server(5000, 100), kTcpLostSegment);
  EXPECT_EQ(talk.server(5100, 100), 0);
  // A reset beyond what was seen is no gap.
  EXPECT_EQ(talk.say(kServer, {kServerIsn + 90'000, 0, 0, kTcpRst, 0}), kTcpReset);
}

TEST(TcpAnalysis, CallsAnAckDuplicateOnlyWhenNothingInItChanged) {
  Talk talk;
  talk.shake_hands();
  talk.client(0, 100);
  const Sent ack{kServerIsn + 1, kClientIsn + 101};
  EXPECT_EQ(talk.say(kServer, ack), 0);
  EXPECT_EQ(talk.say(kServer, ack), kTcpDuplicateAck);
  Sent wider = ack;
  wider.window = 2000;
  EXPECT_EQ(talk.say(kServer, wider), 0);
  Sent data = wider;
  data.length = 10;
  EXPECT_EQ(talk.say(kServer, data), 0);
}

TEST(TcpAnalysis, KnowsKeepAlivesAndTheirAnswers) {
  Talk talk;
  talk.shake_hands();
  talk.client(0, 100);
  talk.server(0, 0, 100);
  talk.wait(std::chrono::seconds(60));
  EXPECT_EQ(talk.client(99, 0), kTcpKeepAlive);
  EXPECT_EQ(talk.server(0, 0, 100), 0);  // the answer is no duplicate
  EXPECT_EQ(talk.client(99, 1), kTcpKeepAlive);
  EXPECT_EQ(talk.server(0, 0, 100), 0);
  EXPECT_EQ(talk.client(100, 50), 0);
}

TEST(TcpAnalysis, KnowsZeroWindowsAndTheirProbes) {
  Talk talk;
  talk.shake_hands();
  talk.client(0, 100);
  Sent full{kServerIsn + 1, kClientIsn + 101};
  full.window = 0;
  EXPECT_EQ(talk.say(kServer, full), kTcpZeroWindow);
  EXPECT_EQ(talk.client(100, 1), 0);  // a probe: neither data nor a retransmission of it
  EXPECT_EQ(talk.say(kServer, full), kTcpZeroWindow);
  EXPECT_EQ(talk.client(100, 1), 0);
  full.acknowledgement += 1;  // it took the byte
  EXPECT_EQ(talk.say(kServer, full), kTcpZeroWindow);
  full.window = 500;
  EXPECT_EQ(talk.say(kServer, full), 0);
  EXPECT_EQ(talk.client(101, 200), 0);
}

TEST(TcpAnalysis, CallsNoWindowZeroThatEndsAConnection) {
  Talk talk;
  talk.shake_hands();
  EXPECT_EQ(talk.say(kServer, {kServerIsn + 1, kClientIsn + 1, 0, kTcpFin | kAck, 0}), 0);
  EXPECT_EQ(talk.say(kServer, {kServerIsn + 2, kClientIsn + 1, 0, kTcpRst | kAck, 0}), kTcpReset);
}

TEST(TcpAnalysis, CountsSynAndFinAsOne) {
  Talk talk;
  talk.say(kClient, {.sequence = kClientIsn, .length = 50, .flags = kSyn});  // RFC 7413
  EXPECT_EQ(talk.say(kClient, {kClientIsn + 51, kServerIsn + 1, 10}), 0);
  EXPECT_EQ(talk.say(kClient, {kClientIsn + 61, kServerIsn + 1, 9, kTcpFin | kAck}), 0);
  EXPECT_EQ(talk.say(kClient, {kClientIsn + 71, kServerIsn + 2}), 0);
}

TEST(TcpAnalysis, CallsSynAndFinAgainRetransmitted) {
  Talk talk;
  talk.say(kClient, {.sequence = kClientIsn, .flags = kSyn});
  talk.wait(milliseconds(1));
  EXPECT_EQ(talk.say(kClient, {.sequence = kClientIsn, .flags = kSyn}), kTcpRetransmission);
  Talk other;
  other.shake_hands();
  const Sent fin{kClientIsn + 1, kServerIsn + 1, 0, kTcpFin | kAck};
  EXPECT_EQ(other.say(kClient, fin), 0);
  other.wait(milliseconds(200));
  EXPECT_EQ(other.say(kClient, fin), kTcpRetransmission);
}

TEST(TcpAnalysis, FollowsNumbersAcrossTheirWrap) {
  Talk talk;
  constexpr uint32_t kNearEnd = UINT32_MAX - 99;
  EXPECT_EQ(talk.say(kClient, {kNearEnd, 1, 150}), 0);
  EXPECT_EQ(talk.say(kServer, {1, 50}), 0);
  EXPECT_EQ(talk.say(kClient, {50, 1, 100}), 0);
  EXPECT_EQ(talk.say(kClient, {400, 1, 100}), kTcpLostSegment);
  talk.wait(milliseconds(100));
  EXPECT_EQ(talk.say(kClient, {kNearEnd, 1, 150}), kTcpRetransmission);
}

TEST(TcpAnalysis, BeginsInTheMiddleOfAConnection) {
  Talk talk;
  EXPECT_EQ(talk.server(700, 1400, 300), 0);
  EXPECT_EQ(talk.client(300, 0, 2100), 0);
  EXPECT_EQ(talk.server(2100, 1400, 300), 0);
  EXPECT_EQ(round_trips(talk.analysis), TcpRoundTrips{});
}

// Numbers in the upper half: what the silent end acknowledged is not 0, it is not known.
TEST(TcpAnalysis, TakesOneDirectionAlone) {
  Talk talk;
  constexpr uint32_t kHigh = 0xc0000000;
  EXPECT_EQ(talk.say(kClient, {kHigh, 7, 100}), 0);
  EXPECT_EQ(talk.say(kClient, {kHigh + 100, 7, 100}), 0);
  EXPECT_EQ(talk.say(kClient, {kHigh + 300, 7, 100}), kTcpLostSegment);
}

TEST(TcpAnalysis, DoesNotBelieveTheAcknowledgementOfAResetWithoutAck) {
  Talk talk;
  constexpr uint32_t kHigh = 0xc0000000;
  talk.say(kServer, {kHigh, 7, 100});
  talk.say(kClient, {7, 0, 0, kTcpRst, 0});
  EXPECT_EQ(talk.say(kServer, {kHigh + 100, 7, 100}), 0);
}

TEST(TcpAnalysis, BeginsAnewWithASynOfAnotherNumber) {
  Talk talk;
  talk.shake_hands();
  talk.client(0, 5000);
  talk.wait(std::chrono::seconds(1));
  EXPECT_EQ(talk.say(kClient, {.sequence = 77, .flags = kSyn}), 0);
  EXPECT_EQ(round_trips(talk.analysis), TcpRoundTrips{});
  talk.wait(milliseconds(15));
  EXPECT_EQ(talk.say(kServer, {99, 78, 0, kSyn | kAck}), 0);
  EXPECT_EQ(talk.say(kClient, {78, 100}), 0);
  EXPECT_EQ(talk.say(kClient, {78, 100, 10}), 0);
  expect_near(round_trips(talk.analysis).server, milliseconds(15));
}

TEST(TcpAnalysis, IsNotAskedAboutWhatCouldNotBeReadToItsEnd) {
  DecodedPacket packet;
  packet.protocol = kProtocolTcp;
  EXPECT_TRUE(has_tcp_segment(packet));
  packet.error = DecodeError::kTruncated;
  EXPECT_FALSE(has_tcp_segment(packet));
  packet.error = DecodeError::kNone;
  packet.is_later_fragment = true;
  EXPECT_FALSE(has_tcp_segment(packet));
}

// The flow table relies on it: clear() and zeroed memory are the same flow without packets.
TEST(TcpAnalysis, IsFreshAfterClear) {
  Talk talk;
  talk.shake_hands();
  talk.client(0, 100);
  talk.analysis.clear();
  EXPECT_EQ(round_trips(talk.analysis), TcpRoundTrips{});
  EXPECT_EQ(talk.say(kClient, {42, 4711, 100}), 0);
  EXPECT_EQ(talk.say(kServer, {4711, 142}), 0);
}

TEST(TcpCounts, CountsEachEventForItsSender) {
  TcpCounts counts{};
  counts.add(1, kTcpRetransmission | kTcpZeroWindow);
  counts.add(1, kTcpRetransmission);
  counts.add(1, kTcpOutOfOrder);
  counts.add(1, kTcpLostSegment | kTcpKeepAlive);
  counts.add(1, kTcpDuplicateAck);
  counts.add(1, kTcpReset);
  counts.add(1, 0);
  EXPECT_EQ(counts.read(1), (TcpQuality{2, 1, 1, 1, 1, 1, 1}));
  EXPECT_EQ(counts.read(0), TcpQuality{});
  counts.clear();
  EXPECT_EQ(counts.read(1), TcpQuality{});
}

TEST(TcpCounts, StopAtTheirLargestNumber) {
  TcpCounts counts{};
  counts.events[0][0].set(UINT32_MAX);
  counts.add(0, kTcpRetransmission);
  EXPECT_EQ(counts.read(0).retransmissions, UINT32_MAX);
}

}  // namespace
}  // namespace weir
