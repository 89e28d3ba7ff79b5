// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/stream_order.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>

namespace weir {
namespace {

// What comes out: pieces as text, "~" before one after a gap, "^" before the start of a stream.
class Stream {
 public:
  explicit Stream(uint32_t first = 1000) : first_(first) {}

  Stream& syn() {
    order_.see_syn(first_ - 1);
    return *this;
  }
  // What nobody wants to see; false, and nothing done, where that cannot be.
  bool passes(uint32_t offset, uint32_t bytes) {
    if (!order_.is_next(first_ + offset)) return false;
    order_.pass(bytes);
    return true;
  }
  Stream& segment(uint32_t offset, std::string_view text, size_t cut = 0) {
    const auto* data = reinterpret_cast<const uint8_t*>(text.data());
    const std::string before = out_;
    const bool is_known = knows(offset, text.size());
    order_.push({first_ + offset, std::span(data, text.size() - cut),
                 static_cast<uint32_t>(text.size()), Timestamp{offset, 0}},
                [this](const StreamPiece& piece) { add(piece); });
    if (is_known) {
      EXPECT_EQ(out_, before);
    }
    return *this;
  }
  [[nodiscard]] bool knows(uint32_t offset, size_t bytes) const {
    return order_.is_known(first_ + offset, static_cast<uint32_t>(bytes));
  }
  Stream& end(uint32_t offset) {
    order_.see_end(first_ + offset);
    return *this;
  }
  [[nodiscard]] bool is_complete() const { return order_.is_complete(); }
  std::string flushed() {
    order_.flush([this](const StreamPiece& piece) { add(piece); });
    return out_;
  }
  [[nodiscard]] const std::string& out() const { return out_; }
  [[nodiscard]] uint64_t missing() const { return missing_; }

 private:
  void add(const StreamPiece& piece) {
    EXPECT_FALSE(piece.bytes.empty());
    if (piece.is_start) out_ += '^';
    EXPECT_EQ(piece.has_gap, piece.missing != 0);
    if (piece.has_gap) out_ += '~';
    missing_ += piece.missing;
    out_.append(piece.bytes.begin(), piece.bytes.end());
    out_ += '|';
  }

  uint32_t first_;
  StreamOrder order_;
  std::string out_;
  uint64_t missing_ = 0;
};

TEST(StreamOrder, GivesSegmentsInOrderAsTheyCome) {
  EXPECT_EQ(Stream().syn().segment(0, "abc").segment(3, "def").out(), "^abc|def|");
}

TEST(StreamOrder, StartsInTheMiddleWithoutClaimingAStart) {
  EXPECT_EQ(Stream().segment(500, "abc").segment(503, "d").out(), "abc|d|");
}

TEST(StreamOrder, IsToldOfWhatNobodyWants) {
  Stream stream;
  EXPECT_FALSE(stream.passes(0, 3)) << "nothing was seen yet";
  stream.syn();
  EXPECT_FALSE(stream.passes(0, 3)) << "the start is always of use";
  stream.segment(0, "abc");
  EXPECT_FALSE(stream.passes(4, 3)) << "something is missing before it";
  EXPECT_FALSE(stream.passes(2, 3)) << "it was there already";
  EXPECT_TRUE(stream.passes(3, 3));
  EXPECT_EQ(stream.segment(3, "defg").out(), "^abc|g|");
  stream.segment(8, "i");
  EXPECT_FALSE(stream.passes(7, 1)) << "something waits for it";
  EXPECT_EQ(stream.segment(7, "h").out(), "^abc|g|h|i|");
}

TEST(StreamOrder, LeavesOutWhatWasSentAgain) {
  EXPECT_EQ(Stream().syn().segment(0, "abc").segment(0, "abc").segment(1, "bcd").out(), "^abc|d|");
}

TEST(StreamOrder, KnowsWhatWasDelivered) {
  Stream stream(0xfffffffe);
  EXPECT_FALSE(stream.knows(0, 1)) << "nothing came yet";
  stream.syn().segment(0, "abcdef");
  EXPECT_TRUE(stream.knows(0, 6));
  EXPECT_TRUE(stream.knows(4, 2));
  EXPECT_FALSE(stream.knows(4, 3));
  EXPECT_FALSE(stream.knows(6, 1));
  stream.segment(8, "late");
  EXPECT_FALSE(stream.knows(8, 4)) << "it waits";
}

TEST(StreamOrder, LetsWhatIsEarlyWait) {
  EXPECT_EQ(Stream().syn().segment(3, "def").segment(6, "ghi").segment(0, "abc").out(),
            "^abc|def|ghi|");
  EXPECT_EQ(Stream().syn().segment(6, "ghi").segment(3, "def").segment(3, "def").out(), "");
}

TEST(StreamOrder, GoesOnAcrossTheWrapOfSequenceNumbers) {
  EXPECT_EQ(Stream(UINT32_MAX - 1).syn().segment(2, "cd").segment(0, "ab").segment(4, "e").out(),
            "^ab|cd|e|");
}

TEST(StreamOrder, TakesHalfTheNumbersAheadForBehind) {
  EXPECT_EQ(Stream().syn().segment(0, "ab").segment(0x80000002, "xy").segment(2, "c").out(),
            "^ab|c|");
}

TEST(StreamOrder, IsCompleteWithTheByteBeforeItsEnd) {
  EXPECT_FALSE(Stream().syn().segment(0, "abc").is_complete()) << "no end was seen";
  EXPECT_TRUE(Stream().syn().segment(0, "abc").end(3).is_complete());
  EXPECT_TRUE(Stream().syn().end(0).is_complete()) << "nothing was sent";
  EXPECT_TRUE(Stream().end(7).is_complete()) << "nothing was seen of it";
  Stream torn;
  torn.syn().segment(0, "abc").end(6);
  EXPECT_FALSE(torn.is_complete());
  EXPECT_TRUE(torn.segment(3, "def").is_complete());
  EXPECT_FALSE(Stream().syn().segment(3, "def").end(6).is_complete()) << "one segment waits";
}

TEST(StreamOrder, SaysWhereTheCaptureCutAPacket) {
  EXPECT_EQ(Stream().syn().segment(0, "abcdef", 3).segment(6, "ghi").out(), "^abc|~ghi|");
  EXPECT_EQ(Stream().syn().segment(0, "abc", 3).segment(3, "def").out(), "~def|");
}

TEST(StreamOrder, GivesUpWhatIsMissingWhenTooMuchWaits) {
  Stream stream;
  stream.syn().segment(0, "a");
  for (uint32_t i = 0; i < StreamOrder::kMostSegments; ++i) stream.segment(2 + 2 * i, "xy");
  EXPECT_EQ(stream.out(), "^a|");
  stream.segment(2 + 2 * StreamOrder::kMostSegments, "xy");
  EXPECT_EQ(stream.out(), "^a|~xy|xy|xy|xy|xy|xy|xy|xy|xy|");
}

TEST(StreamOrder, GivesUpWhatIsMissingWhenTooManyBytesWait) {
  const std::string large(StreamOrder::kMostBytes + 100, 'x');
  Stream stream;
  stream.syn().segment(1, large);
  EXPECT_EQ(stream.out(), "");
  stream.segment(1 + static_cast<uint32_t>(large.size()), "y");
  // Of the large one only so much was kept, so what comes next is behind a gap, too.
  EXPECT_EQ(stream.out(), "~" + large.substr(0, StreamOrder::kMostBytes) + "|~y|");
}

TEST(StreamOrder, SaysHowMuchIsMissing) {
  Stream stream;
  stream.syn().segment(0, "abcdef", 2).segment(6, "ghi", 3).segment(9, "j");
  EXPECT_EQ(stream.out(), "^abcd|~j|");
  EXPECT_EQ(stream.missing(), 5U) << "two of the first, three of the second";
  stream.segment(20, "x").flushed();
  EXPECT_EQ(stream.missing(), 15U);
}

TEST(StreamOrder, FlushesWhatWaits) {
  EXPECT_EQ(Stream().syn().segment(0, "a").segment(5, "f").segment(9, "j").flushed(), "^a|~f|~j|");
}

// Whatever the order, what comes out is the stream: every byte once.
TEST(StreamOrder, MakesTheStreamWholeFromAnyOrder) {
  std::mt19937 random(3);
  std::string text;
  for (int i = 0; i < 400; ++i) text += static_cast<char>('a' + random() % 26);
  for (int round = 0; round < 500; ++round) {
    Stream stream;
    stream.syn();
    for (uint32_t at = 0; at < text.size(); at += 50) {
      // Swapped pairs, some sent twice, some overlapping.
      const uint32_t first = random() % 2 * 25;
      stream.segment(at + first, std::string_view(text).substr(at + first, 25));
      if (random() % 3 == 0) stream.segment(at, std::string_view(text).substr(at, 30));
      stream.segment(at + 25 - first, std::string_view(text).substr(at + 25 - first, 25));
    }
    std::string joined;
    for (const char c : stream.out())
      if (c != '|' && c != '^') joined += c;
    ASSERT_EQ(joined, text);
  }
}

}  // namespace
}  // namespace weir
