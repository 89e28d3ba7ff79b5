// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/exchange_clock.h"

#include <algorithm>

#include "decode/decoded_packet.h"
#include "engine/tcp_analysis.h"

namespace weir {
namespace {

constexpr unsigned kTickBits = 10;
constexpr uint8_t kAgain = kTcpRetransmission | kTcpOutOfOrder;

uint32_t to_ticks(uint64_t nanoseconds) {
  return static_cast<uint32_t>(nanoseconds >> kTickBits);
}
uint64_t to_nanoseconds(uint32_t ticks) {
  return uint64_t{ticks} << kTickBits;
}
// Sequence numbers and ticks are compared modulo 2^32; what is not after the other is no time.
bool before(uint32_t a, uint32_t b) {
  return static_cast<int32_t>(a - b) < 0;
}
uint32_t ticks_between(uint32_t from, uint32_t to) {
  return before(from, to) ? to - from : 0;
}
uint64_t nanoseconds_between(Timestamp from, Timestamp to) {
  return static_cast<uint64_t>(std::max<int64_t>(0, to.as_nanoseconds() - from.as_nanoseconds()));
}

uint64_t least_trip(std::chrono::nanoseconds handshake, uint32_t later) {
  const auto first = static_cast<uint64_t>(handshake.count());
  if (first == 0 || later == 0) return std::max(first, to_nanoseconds(later));
  return std::min(first, to_nanoseconds(later));
}

}  // namespace

std::optional<uint64_t> ExchangeClock::server_trip_ns(const TcpRoundTrips& trips) const {
  const uint64_t trip = least_trip(trips.server, probes_[1].least);
  return trip == 0 ? std::nullopt : std::optional(trip);
}

void ExchangeClock::see(const ExchangeSegment& segment, const TcpRoundTrips& trips) {
  const uint32_t now = to_ticks(static_cast<uint64_t>(segment.when.as_nanoseconds()));
  measure(segment, now);
  const bool has_data = segment.tcp.payload_length != 0 && (segment.events & kTcpKeepAlive) == 0;
  if (segment.from_client) {
    see_acknowledgement(segment, now);
    if (has_data) see_request(segment, now);
  } else if (has_data) {
    see_answer(segment, now, to_ticks(server_trip_ns(trips).value_or(0)));
  }
}

// A segment's round trip ends with a plain acknowledgement: one that rides on data waited for the
// data. The least of them all is taken, because receivers may hold acknowledgements back.
void ExchangeClock::measure(const ExchangeSegment& segment, uint32_t now) {
  const TcpSegment& tcp = segment.tcp;
  Probe& answered = probes_[segment.from_client ? 0 : 1];
  if (answered.is_sent && (tcp.flags & kTcpAck) != 0 &&
      !before(tcp.acknowledgement, answered.end)) {
    answered.is_sent = false;
    const uint32_t trip = std::max(1U, ticks_between(answered.time, now));
    if (tcp.payload_length == 0 && (answered.least == 0 || trip < answered.least))
      answered.least = trip;
  }
  if (tcp.payload_length == 0) return;
  Probe& sent = probes_[segment.from_client ? 1 : 0];
  if ((segment.events & (kAgain | kTcpLostSegment)) != 0) {
    sent.is_sent = false;  // which of the two is acknowledged nobody knows
  } else if (!sent.is_sent) {
    sent = {tcp.sequence + tcp.payload_length, now, sent.least, true};
  }
}

void ExchangeClock::see_request(const ExchangeSegment& segment, uint32_t now) {
  if ((segment.events & kAgain) != 0) {
    if (phase_ != Phase::kAsking) return;
    lost_wait_ += ticks_between(last_data_, now);
  } else {
    phase_ = Phase::kAsking;
    lost_wait_ = 0;
  }
  last_data_ = now;
}

void ExchangeClock::see_acknowledgement(const ExchangeSegment& segment, uint32_t now) {
  if ((segment.tcp.flags & kTcpAck) == 0) return;
  if (segment.tcp.acknowledgement != acknowledged_ && !has_acknowledgement_) {
    has_acknowledgement_ = true;
    acknowledgement_time_ = now;
  }
  acknowledged_ = segment.tcp.acknowledgement;
  // Nothing is missing there: it was only not captured.
  if (has_hole_ && !before(acknowledged_, hole_end_)) has_hole_ = begins_with_hole_ = false;
  if ((segment.tcp.flags & (kTcpSyn | kTcpRst)) == 0) see_window(segment.tcp.window, now);
}

void ExchangeClock::see_window(uint16_t window, uint32_t now) {
  if (window == 0 && !has_zero_window_) {
    has_zero_window_ = true;
    zero_since_ = now;
  } else if (window != 0 && has_zero_window_) {
    has_zero_window_ = false;
    zero_in_pause_ += ticks_between(zero_since_, now);
  }
}

void ExchangeClock::begin_answer(uint32_t now, bool has_hole) {
  phase_ = Phase::kAnswering;
  parts_ = {};
  has_acknowledgement_ = has_hole_ = false;
  begins_with_hole_ = has_hole;
  answer_began_ = now;
  begin_pause(now);
}

void ExchangeClock::begin_pause(uint32_t now) {
  has_acknowledgement_ = false;
  zero_in_pause_ = 0;
  zero_since_ = last_data_ = now;
}

// What was missing of the answer came, or comes once more. Before its first byte is there it has
// not begun.
void ExchangeClock::see_again(uint32_t now) {
  if (begins_with_hole_) {
    lost_wait_ += ticks_between(answer_began_, now);
    parts_ = {};
  } else {
    parts_[static_cast<size_t>(TimePart::kLossRecovery)] += ticks_between(last_data_, now);
  }
  has_hole_ = begins_with_hole_ = false;
  begin_pause(now);
}

void ExchangeClock::see_answer(const ExchangeSegment& segment, uint32_t now, uint32_t server_trip) {
  const bool is_again = (segment.events & kAgain) != 0;
  if (phase_ != Phase::kAnswering) {
    if (is_again) return;  // of the answer before
    begin_answer(now, (segment.events & kTcpLostSegment) != 0);
  } else if (is_again) {
    see_again(now);
  } else if (has_hole_) {
    parts_[static_cast<size_t>(TimePart::kLossRecovery)] += ticks_between(last_data_, now);
    begin_pause(now);
  } else {
    end_pause(now, server_trip);
  }
  if ((segment.events & kTcpLostSegment) != 0) {
    has_hole_ = true;
    hole_end_ = segment.tcp.sequence;
  }
}

// A pause in the answer. Until the client acknowledged, what was sent before was on its way to the
// client and back; from then on what came next was on its way from the server, as far as a round
// trip to the server goes.
void ExchangeClock::end_pause(uint32_t now, uint32_t server_trip) {
  const auto part = [this](TimePart which) -> uint32_t& {
    return parts_[static_cast<size_t>(which)];
  };
  uint32_t rest = ticks_between(last_data_, now);
  if (has_zero_window_) zero_in_pause_ += ticks_between(zero_since_, now);
  const auto give = [&](TimePart which, uint32_t ticks) {
    const uint32_t given = std::min(rest, ticks);
    part(which) += given;
    rest -= given;
  };
  give(TimePart::kZeroWindow, zero_in_pause_);
  if (has_acknowledgement_)
    give(TimePart::kClientNetwork, ticks_between(last_data_, acknowledgement_time_));
  give(TimePart::kServerNetwork, server_trip);
  give(TimePart::kSenderIdle, rest);
  begin_pause(now);
}

std::optional<TimeSplit> ExchangeClock::split(const Transaction& transaction,
                                              const TcpRoundTrips& trips) const {
  const auto server_trip = server_trip_ns(trips);
  if (!server_trip) return std::nullopt;
  TimeSplit split;
  uint64_t wait = nanoseconds_between(transaction.asked, transaction.answered);
  split[TimePart::kLossRecovery] = std::min(wait, to_nanoseconds(lost_wait_));
  wait -= split[TimePart::kLossRecovery];
  split[TimePart::kServerNetwork] = std::min(wait, *server_trip);
  split[TimePart::kServerThinking] = wait - split[TimePart::kServerNetwork];
  split[TimePart::kClientNetwork] = least_trip(trips.client, probes_[0].least);

  const uint64_t transfer = nanoseconds_between(transaction.answered, transaction.completed);
  uint64_t seen = 0;
  for (const uint32_t part : parts_) seen += part;
  uint64_t given = 0;
  for (size_t i = 0; i < kTimeParts && seen != 0; ++i) {
    const auto share = static_cast<uint64_t>(static_cast<double>(transfer) * parts_[i] /
                                             static_cast<double>(seen));
    const uint64_t part = std::min(share, transfer - given);
    split.spent[i] += part;
    given += part;
  }
  split[TimePart::kServerNetwork] += transfer - given;  // rounding, or a pause nobody explains
  return split;
}

}  // namespace weir
