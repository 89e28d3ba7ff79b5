// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/flow_times.h"

#include <gtest/gtest.h>

#include "collect/test_messages.h"

namespace weir {
namespace {

using test_messages::kNow;
using test_messages::kSecond;

constexpr int64_t kMs = 1'000'000;

DataRecord record_of(std::initializer_list<std::pair<Element, uint64_t>> numbers) {
  DataRecord record{};
  for (const auto& [element, value] : numbers) {
    record.numbers[static_cast<size_t>(element)] = value;
    record.present.add(element);
  }
  return record;
}

// First and last of a record, in milliseconds before `kNow`.
std::pair<int64_t, int64_t> before_now(const DataRecord& record, const ExportTime& time) {
  const FlowSpan span = flow_span(record, time);
  return {(kNow - span.first.as_nanoseconds()) / kMs, (kNow - span.last.as_nanoseconds()) / kMs};
}
using Before = std::pair<int64_t, int64_t>;

TEST(FlowTimes, CountBackFromTheUptime) {
  const ExportTime time{kNow, kNow, 100'000, std::nullopt};
  EXPECT_EQ(before_now(record_of({{Element::kFirstUptime, 90'000}, {Element::kLastUptime, 99'000}}),
                       time),
            Before(10'000, 1'000));
}

TEST(FlowTimes, KnowThatUptimeWrapsAfter49Days) {
  const ExportTime time{kNow, kNow, 1'000, std::nullopt};
  EXPECT_EQ(before_now(record_of({{Element::kFirstUptime, 0xffffffff - 4'000 + 1},
                                  {Element::kLastUptime, 500}}),
                       time),
            Before(5'000, 500));
}

TEST(FlowTimes, TakeAnEndAfterTheExportForALittleAhead) {
  const ExportTime time{kNow, kNow, 1'000, std::nullopt};
  EXPECT_EQ(
      before_now(record_of({{Element::kFirstUptime, 900}, {Element::kLastUptime, 1'200}}), time),
      Before(100, -200));
}

TEST(FlowTimes, TakeTheSystemsStartFromOptions) {
  const ExportTime time{kNow, kNow, std::nullopt, kNow - 50'000 * kMs};
  EXPECT_EQ(before_now(record_of({{Element::kFirstUptime, 10'000}, {Element::kLastUptime, 49'000}}),
                       time),
            Before(40'000, 1'000));
}

TEST(FlowTimes, KeepTheDurationWhenNobodySaysWhenTheSystemStarted) {
  const ExportTime time{kNow, kNow, std::nullopt, std::nullopt};
  EXPECT_EQ(before_now(record_of({{Element::kFirstUptime, 10'000}, {Element::kLastUptime, 13'000}}),
                       time),
            Before(3'000, 0));
}

TEST(FlowTimes, ReadSecondsMillisecondsAndDifferences) {
  const ExportTime time{kNow, kNow, std::nullopt, std::nullopt};
  const auto seconds = static_cast<uint64_t>(kNow / kSecond);
  EXPECT_EQ(before_now(record_of({{Element::kFirstSeconds, seconds - 9},
                                  {Element::kLastSeconds, seconds - 2}}),
                       time),
            Before(9'000, 2'000));
  EXPECT_EQ(before_now(record_of({{Element::kFirstMilliseconds, seconds * 1000 - 1500},
                                  {Element::kLastMilliseconds, seconds * 1000 - 250}}),
                       time),
            Before(1'500, 250));
  EXPECT_EQ(
      before_now(record_of({{Element::kFirstBefore, 2'000'000}, {Element::kLastBefore, 5'000}}),
                 time),
      Before(2'000, 5));
  EXPECT_EQ(before_now(record_of({{Element::kLastMilliseconds, seconds * 1000 - 250},
                                  {Element::kDuration, 750}}),
                       time),
            Before(1'000, 250));
}

TEST(FlowTimes, ReadNtpAndWhatIsSentInItsPlace) {
  const ExportTime time{kNow, kNow, std::nullopt, std::nullopt};
  const auto ntp = [](int64_t nanoseconds) {
    const auto seconds = static_cast<uint64_t>(nanoseconds / kSecond) + 2'208'988'800;
    const auto fraction = static_cast<uint64_t>(nanoseconds % kSecond);
    return seconds << 32 | ((fraction << 32) / static_cast<uint64_t>(kSecond));
  };
  EXPECT_EQ(before_now(record_of({{Element::kFirstNanoseconds, ntp(kNow - 3'500 * kMs)},
                                  {Element::kLastNanoseconds, ntp(kNow - 500 * kMs)}}),
                       time),
            Before(3'500, 500));
  EXPECT_EQ(ntp_nanoseconds(static_cast<uint64_t>(kNow / 1000), kNow), kNow);
  EXPECT_EQ(ntp_nanoseconds(static_cast<uint64_t>(kNow), kNow), kNow);
}

TEST(FlowTimes, MoveByTheSkewOfAClockThatIsWrong) {
  const int64_t wrong = kNow - 5 * 365 * 86'400 * kSecond;
  const ExportTime time{wrong, kNow, 100'000, std::nullopt};
  EXPECT_EQ(before_now(record_of({{Element::kFirstUptime, 90'000}, {Element::kLastUptime, 99'000}}),
                       time),
            Before(10'000, 1'000));
  // Within a minute the exporter's own times stand.
  const ExportTime near{kNow - 20 * kSecond, kNow, 100'000, std::nullopt};
  EXPECT_EQ(before_now(record_of({{Element::kFirstUptime, 90'000}, {Element::kLastUptime, 99'000}}),
                       near),
            Before(30'000, 21'000));
}

TEST(FlowTimes, StayInOrderAndBelieveNoFuture) {
  const ExportTime time{kNow, kNow, std::nullopt, std::nullopt};
  const auto seconds = static_cast<uint64_t>(kNow / kSecond);
  const FlowSpan span = flow_span(record_of({{Element::kFirstSeconds, seconds + 9'000},
                                             {Element::kLastSeconds, seconds + 8'000}}),
                                  time);
  EXPECT_LE(span.first, span.last);
  EXPECT_LE(span.last.as_nanoseconds(), kNow + kMostSkew);
  const FlowSpan most = flow_span(
      record_of({{Element::kFirstMilliseconds, UINT64_MAX}, {Element::kLastSeconds, UINT64_MAX}}),
      time);
  EXPECT_LE(most.first, most.last);
}

TEST(FlowTimes, KnowThatUptimeWrapsAlsoBesideTheSystemsStart) {
  constexpr int64_t kSixtyDays = int64_t{60} * 86'400'000;
  const ExportTime time{kNow, kNow, std::nullopt, kNow - kSixtyDays * kMs};
  const auto now_ms = static_cast<uint32_t>(kSixtyDays);
  EXPECT_EQ(before_now(record_of({{Element::kFirstUptime, now_ms - 5'000},
                                  {Element::kLastUptime, now_ms - 1'000}}),
                       time),
            Before(5'000, 1'000));
}

TEST(FlowTimes, StayWithinAYearWhateverIsSaid) {
  for (const int64_t exported : {int64_t{0}, kNow, int64_t{UINT32_MAX} * kSecond}) {
    for (const Element last :
         {Element::kLastMilliseconds, Element::kLastSeconds, Element::kLastNanoseconds,
          Element::kLastMicroseconds, Element::kLastBefore, Element::kDuration}) {
      for (const uint64_t value : {uint64_t{1}, UINT64_MAX >> 1, UINT64_MAX}) {
        const FlowSpan span = flow_span(record_of({{Element::kFirstSeconds, value}, {last, value}}),
                                        {exported, kNow, {}, {}});
        EXPECT_LE(span.first.as_nanoseconds(), span.last.as_nanoseconds());
        EXPECT_LE(span.last.as_nanoseconds(), kNow + kMostSkew);
        EXPECT_GE(span.first.as_nanoseconds(), kNow - kMostPast);
      }
    }
  }
}

}  // namespace
}  // namespace weir
