// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/tls_messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "dpi/test_tls.h"
#include "dpi/tls_record_cutter.h"

namespace weir {
namespace {

using namespace test_tls;
using testing::ElementsAre;

using Seen = std::vector<std::pair<int, std::string>>;

// All messages of the bytes, which come in parts of `step`.
Seen messages_of(std::string_view bytes, size_t step, size_t allowance = 16 * 1024) {
  Seen seen;
  TlsMessages messages;
  for (size_t at = 0; at < bytes.size(); at += step) {
    const std::string part(bytes.substr(at, step));
    ByteReader input = reader(part);
    for (TlsMessage message; messages.next(input, allowance, message);) {
      const auto body = message.body.rest();
      seen.emplace_back(message.type, std::string(body.begin(), body.end()));
      EXPECT_LE(messages.allocated(), allowance);
    }
    EXPECT_TRUE(input.empty());
  }
  return seen;
}

TEST(TlsMessages, GivesTheSameWhereverTheBytesAreCut) {
  const std::string bytes = message(1, "hello") + message(12, "skipped") + message(14, "") +
                            message(11, std::string(5000, 'c')) + message(2, "");
  const Seen expected{{1, "hello"}, {12, ""}, {14, ""}, {11, std::string(5000, 'c')}, {2, ""}};
  for (const size_t step : {1, 2, 3, 4, 5, 7, 100, 4096, 6000}) {
    EXPECT_EQ(messages_of(bytes, step), expected) << step;
  }
}

TEST(TlsMessages, HandsOverTheFrontOfWhatIsTooLong) {
  const std::string bytes =
      message(1, std::string(TlsMessages::kMaxBody + 1, 'h')) + message(2, "next");
  const Seen expected{{1, std::string(TlsMessages::kMaxBody, 'h')}, {2, "next"}};
  for (const size_t step : {1, 1000, 20000}) EXPECT_EQ(messages_of(bytes, step), expected) << step;
}

TEST(TlsMessages, KeepsNoMoreThanItsAllowance) {
  const std::string bytes = message(1, std::string(6000, 'h')) + message(2, "next");
  const Seen expected{{1, std::string(100, 'h')}, {2, "next"}};
  for (const size_t step : {1, 1000, 20000}) {
    EXPECT_EQ(messages_of(bytes, step, 100), expected) << step;
  }
}

TEST(TlsMessages, GivesUpWithWhatItHas) {
  TlsMessages messages;
  TlsMessage out;
  EXPECT_FALSE(messages.give_up(out));
  const std::string bytes = message(1, "hello, world").substr(0, 9);
  ByteReader input = reader(bytes);
  ASSERT_FALSE(messages.next(input, 16384, out));
  EXPECT_GT(messages.allocated(), 0U);
  ASSERT_TRUE(messages.give_up(out));
  EXPECT_EQ(out.type, 1);
  EXPECT_EQ(out.body.remaining(), 5U);
  const std::string other = message(2, "x");
  input = reader(other);
  ASSERT_TRUE(messages.next(input, 16384, out));
  EXPECT_EQ(out.type, 2);
  EXPECT_EQ(messages.allocated(), 0U);
}

TEST(TlsMessages, AllocatesNothingForWholeMessages) {
  TlsMessages messages;
  const std::string bytes = message(1, "hello") + message(4, "ticket");
  ByteReader input = reader(bytes);
  for (TlsMessage out; messages.next(input, 16384, out);) EXPECT_EQ(messages.allocated(), 0U);
}

// ---- TlsRecordCutter ----

struct SeenRecord {
  int type;
  std::string content;
  bool operator==(const SeenRecord&) const = default;
};

std::vector<SeenRecord> records_of(std::string_view bytes, size_t step, bool& is_broken) {
  std::vector<SeenRecord> seen;
  TlsRecordCutter cutter;
  is_broken = false;
  for (size_t at = 0; at < bytes.size(); at += step) {
    const std::string copy(bytes.substr(at, step));
    ByteReader input = reader(copy);
    TlsRecordPart part;
    auto status = cutter.next(input, part);
    for (; status == TlsRecordCutter::Status::kPart; status = cutter.next(input, part)) {
      if (part.is_first) seen.push_back({part.type, ""});
      seen.back().content.append(part.bytes.rest().begin(), part.bytes.rest().end());
      EXPECT_LE(seen.back().content.size(), part.length);
    }
    is_broken = is_broken || status == TlsRecordCutter::Status::kBroken;
    if (is_broken) break;
    EXPECT_TRUE(input.empty());
  }
  return seen;
}

TEST(TlsRecordCutter, GivesTheSameWhereverTheBytesAreCut) {
  const std::string bytes =
      record(22, "hello") + record(23, "") + record(21, "ab") + record(20, "\x01");
  for (size_t step = 1; step <= bytes.size(); ++step) {
    bool is_broken = false;
    EXPECT_EQ(records_of(bytes, step, is_broken),
              (std::vector<SeenRecord>{{22, "hello"}, {23, ""}, {21, "ab"}, {20, "\x01"}}));
    EXPECT_FALSE(is_broken);
  }
}

TEST(TlsRecordCutter, StopsWhereNoRecordBegins) {
  bool is_broken = false;
  EXPECT_EQ(records_of(record(22, "x") + "GET /", 3, is_broken).size(), 1U);
  EXPECT_TRUE(is_broken);
}

bool may_be(std::string_view bytes) {
  return may_be_tls_record(reader(bytes));
}

TEST(MayBeTlsRecord, LooksAtTypeVersionAndLength) {
  EXPECT_TRUE(may_be(from_hex("16")));
  EXPECT_TRUE(may_be(from_hex("1603")));
  EXPECT_TRUE(may_be(from_hex("1603010200")));
  EXPECT_TRUE(may_be(from_hex("1803040001")));
  EXPECT_TRUE(may_be(from_hex("1703034800")));
  EXPECT_FALSE(may_be(from_hex("1703034801")));  // longer than 2^14 + 2048
  EXPECT_FALSE(may_be(from_hex("1303010200")));
  EXPECT_FALSE(may_be(from_hex("1903010200")));
  EXPECT_FALSE(may_be(from_hex("16020102")));
  EXPECT_FALSE(may_be(from_hex("160305")));
  EXPECT_FALSE(may_be(from_hex("1603030000")));  // only data may be empty
  EXPECT_TRUE(may_be(from_hex("1703030000")));
  EXPECT_TRUE(may_be(from_hex("1403030001")));
  EXPECT_FALSE(may_be(from_hex("1403030002")));
  EXPECT_FALSE(may_be(from_hex("14030348ff")));
  EXPECT_TRUE(may_be(from_hex("1503030002")));
  EXPECT_FALSE(may_be(from_hex("1503030003")));
}

}  // namespace
}  // namespace weir
