// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exchange_clock.h"

#include <gtest/gtest.h>

#include "engine/tcp_analysis.h"

namespace weir {
namespace {

constexpr double kStart = 1000;
constexpr uint64_t kTolerance = 5'000;  // ticks are of 1,024 ns

Timestamp at(double milliseconds) {
  return Timestamp::from_nanoseconds(static_cast<int64_t>(kStart * 1e9 + milliseconds * 1e6));
}

// A connection as it is seen somewhere between its ends: the round trip to the client and that to
// the server from there, in milliseconds. Packets are written down at the times they pass.
class Connection {
 public:
  Connection(double client_trip, double server_trip) {
    segment(0, true, kTcpSyn, 0);
    segment(server_trip, false, kTcpSyn | kTcpAck, 0);
    segment(server_trip + client_trip, true, kTcpAck, 0);
  }

  void request(double when, uint32_t bytes = 100) { segment(when, true, kTcpAck, bytes); }
  void answer(double when, uint32_t bytes = 1000) { segment(when, false, kTcpAck, bytes); }
  void client_acks(double when) { segment(when, true, kTcpAck, 0); }
  void server_acks(double when) { segment(when, false, kTcpAck, 0); }
  void client_window(double when, uint16_t window) {
    window_ = window;
    segment(when, true, kTcpAck, 0);
  }
  // The end's last segment once more.
  void again(double when, bool from_client) {
    const uint32_t now = next_[from_client ? 1 : 0];
    next_[from_client ? 1 : 0] = last_[from_client ? 1 : 0];
    segment(when, from_client, kTcpAck, now - last_[from_client ? 1 : 0]);
  }
  // Bytes of the answer that were lost before they came here, and come later.
  void lose_answer(uint32_t bytes) { next_[0] += bytes; }
  void fill_answer(double when, uint32_t bytes, uint32_t before_end) {
    const uint32_t end = next_[0];
    next_[0] = end - before_end - bytes;
    segment(when, false, kTcpAck, bytes);
    next_[0] = end;
  }

  [[nodiscard]] TimeSplit split(double asked, double answered, double completed) const {
    Transaction transaction;
    transaction.asked = at(asked);
    transaction.answered = at(answered);
    transaction.completed = at(completed);
    const auto split = clock_.split(transaction, round_trips(analysis_));
    EXPECT_TRUE(split.has_value());
    return split.value_or(TimeSplit());
  }
  [[nodiscard]] bool can_split() const {
    return clock_.split({}, round_trips(analysis_)).has_value();
  }

 protected:
  Connection() = default;

 private:
  void segment(double when, bool from_client, uint8_t flags, uint32_t bytes) {
    const size_t own = from_client ? 1 : 0;
    ExchangeSegment seen;
    seen.tcp = {next_[own], next_[1 - own], bytes, from_client ? window_ : uint16_t{4000}, flags};
    seen.from_client = from_client;
    seen.when = at(when);
    seen.events = analyse(analysis_, from_client ? 0 : 1, seen.tcp, seen.when);
    clock_.see(seen, round_trips(analysis_));
    last_[own] = next_[own];
    next_[own] += bytes + ((flags & kTcpSyn) != 0 ? 1 : 0);
  }

  TcpAnalysis analysis_{};
  ExchangeClock clock_{};
  std::array<uint32_t, 2> next_{0xfffffff0, 77};
  std::array<uint32_t, 2> last_{};
  uint16_t window_ = 4000;
};

class MidStream : public Connection {
 public:
  MidStream() = default;
};

void expect_split(const TimeSplit& split, std::array<double, kTimeParts> milliseconds) {
  for (size_t i = 0; i < kTimeParts; ++i) {
    EXPECT_NEAR(static_cast<double>(split.spent[i]), milliseconds[i] * 1e6, kTolerance)
        << time_part_name(static_cast<TimePart>(i));
  }
}

TEST(ExchangeClock, GivesTheWaitToTheServerLessTheWayToIt) {
  Connection connection(2, 10);
  connection.request(100);
  connection.answer(150);
  expect_split(connection.split(100, 150, 150), {2, 10, 40, 0, 0, 0});
}

// The same server behind the same tap; 80 ms more on one side move that side's part alone.
TEST(ExchangeClock, MovesOnlyTheNetworkPartOfTheSideThatIsSlower) {
  // A header, then a body that waits for the client's acknowledgement of the header.
  const auto exchange = [](double client_trip, double server_trip) {
    Connection connection(client_trip, server_trip);
    const double head = 500 + 20 + server_trip;
    connection.request(500);
    connection.answer(head);
    connection.client_acks(head + client_trip);
    const double body = head + client_trip + server_trip;
    connection.answer(body);
    return connection.split(500, head, body);
  };
  expect_split(exchange(1, 1), {2, 2, 20, 0, 0, 0});
  expect_split(exchange(81, 1), {162, 2, 20, 0, 0, 0});
  expect_split(exchange(1, 81), {2, 162, 20, 0, 0, 0});
}

TEST(ExchangeClock, CallsASenderIdleThatCouldHaveSentMore) {
  Connection connection(1, 10);
  connection.request(100);
  connection.answer(130);
  connection.client_acks(131);
  connection.answer(431);
  expect_split(connection.split(100, 130, 431), {2, 20, 20, 0, 0, 290});
}

TEST(ExchangeClock, GivesTheTimeOfAClosedWindowToTheClient) {
  Connection connection(1, 10);
  connection.request(100);
  connection.answer(130);
  connection.client_window(131, 0);
  connection.client_window(331, 4000);
  connection.answer(341);
  expect_split(connection.split(100, 130, 341), {2, 20, 20, 0, 200, 0});
}

TEST(ExchangeClock, CountsTheTimeUntilARequestIsSentAgain) {
  Connection connection(1, 10);
  connection.request(100);
  connection.again(300, true);
  connection.answer(330);
  expect_split(connection.split(100, 330, 330), {1, 10, 20, 200, 0, 0});
}

TEST(ExchangeClock, CountsTheTimeUntilAnAnswerIsSentAgain) {
  Connection connection(1, 10);
  connection.request(100);
  connection.answer(130);
  connection.again(430, false);
  connection.client_acks(431);
  connection.answer(441);
  expect_split(connection.split(100, 130, 441), {2, 20, 20, 300, 0, 0});
}

TEST(ExchangeClock, CountsTheTimeUntilAHoleIsFilled) {
  Connection connection(1, 10);
  connection.request(100);
  connection.answer(130);
  connection.lose_answer(1000);
  connection.answer(131);
  connection.fill_answer(331, 1000, 1000);
  const TimeSplit split = connection.split(100, 130, 331);
  // The millisecond before the hole shows is like any other.
  expect_split(split, {1, 11, 20, 200, 0, 0});
}

TEST(ExchangeClock, DoesNotCallAnAnswerBegunWhoseFirstBytesAreLost) {
  Connection connection(1, 10);
  connection.request(100);
  connection.lose_answer(1000);
  connection.answer(130);
  connection.fill_answer(330, 1000, 1000);
  expect_split(connection.split(100, 330, 330), {1, 10, 20, 200, 0, 0});
}

TEST(ExchangeClock, BeginsAnewWithEachRequest) {
  Connection connection(1, 10);
  connection.request(100);
  connection.again(300, true);
  connection.answer(330);
  connection.client_acks(331);
  connection.answer(900);
  connection.request(1000);
  connection.answer(1015);
  expect_split(connection.split(1000, 1015, 1015), {1, 10, 5, 0, 0, 0});
}

TEST(ExchangeClock, AddsUpToTheResponseTimeAndTheWayToTheClientWhateverHappened) {
  Connection connection(3, 7);
  connection.request(100);
  connection.answer(115);
  connection.client_window(118, 0);
  connection.client_window(150, 4000);
  connection.answer(171);
  connection.again(190, false);
  connection.client_acks(193);
  connection.answer(260);
  // What the dissector says need not be what the packets did.
  for (const double completed : {115.0, 140.0, 260.0, 400.0}) {
    const TimeSplit split = connection.split(101, 115, completed);
    EXPECT_NEAR(static_cast<double>(split.total()), (completed - 101 + 3) * 1e6, kTolerance);
  }
}

TEST(ExchangeClock, MeasuresTheWayInTheMiddleOfAConnection) {
  MidStream connection;
  EXPECT_FALSE(connection.can_split());
  connection.request(100);
  connection.answer(150);
  EXPECT_FALSE(connection.can_split()) << "what rides on data waited for the data";
  connection.client_acks(152);
  connection.request(200);
  connection.server_acks(210);
  connection.answer(260);
  expect_split(connection.split(200, 260, 260), {2, 10, 50, 0, 0, 0});
}

}  // namespace
}  // namespace weir
