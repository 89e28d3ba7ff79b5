// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/timestamp.h"
#include "decode/tcp_segment.h"
#include "record/tcp_quality.h"
#include "record/time_split.h"
#include "record/transaction.h"

namespace weir {

// A segment of a TCP connection as an ExchangeClock sees it.
struct ExchangeSegment {
  TcpSegment tcp;
  uint8_t events = 0;  // TcpEvent bits that analyse() found
  bool from_client = true;
  Timestamp when;
};

// Follows the packets of one TCP connection, to tell what the time of an exchange was spent on:
// each pause between two packets of an answer is given to whoever was waited for. Times are ticks
// of 1,024 ns modulo 2^32 (73 minutes). All zero bytes is a connection without packets. Owner:
// shard thread. Cost: a few compares a packet.
class ExchangeClock {
 public:
  // `trips`: of the handshake; what was not measured there is taken from later packets.
  void see(const ExchangeSegment& segment, const TcpRoundTrips& trips);

  // Of the exchange that the packets so far completed; nothing when the way to the server was not
  // measured. The parts add up to the time from `asked` to `completed` and the round trip to the
  // client. When exchanges overlap in one connection, the parts of the answer are in proportion to
  // what was seen since the last request. docs/transactions.md has the definitions.
  [[nodiscard]] std::optional<TimeSplit> split(const Transaction& transaction,
                                               const TcpRoundTrips& trips) const;
  // The round trip to the server in nanoseconds; nothing when it was not measured.
  [[nodiscard]] std::optional<uint64_t> server_trip_ns(const TcpRoundTrips& trips) const;

 private:
  enum class Phase : uint8_t { kNone, kAsking, kAnswering };
  // A segment whose acknowledgement is waited for, in one direction, to measure the round trip.
  struct Probe {
    uint32_t end;
    uint32_t time;
    uint32_t least;  // of all measured ones, in ticks; 0: none
    bool is_sent;
  };

  void see_request(const ExchangeSegment& segment, uint32_t now);
  void see_answer(const ExchangeSegment& segment, uint32_t now, uint32_t server_trip);
  void see_acknowledgement(const ExchangeSegment& segment, uint32_t now);
  void see_window(uint16_t window, uint32_t now);
  void measure(const ExchangeSegment& segment, uint32_t now);
  void begin_answer(uint32_t now, bool has_hole);
  void begin_pause(uint32_t now);
  void see_again(uint32_t now);
  void end_pause(uint32_t now, uint32_t server_trip);

  Phase phase_;
  bool has_acknowledgement_;  // one came in this pause
  bool has_zero_window_;      // the client said so last
  bool has_hole_;             // something of the answer is missing here
  bool begins_with_hole_;     // its first bytes
  uint32_t last_data_;        // when data came last, of the side whose turn it is
  uint32_t answer_began_;
  uint32_t acknowledgement_time_;
  uint32_t acknowledged_;  // by the client
  uint32_t zero_since_;
  uint32_t zero_in_pause_;
  uint32_t hole_end_;                       // sequence number
  uint32_t lost_wait_;                      // of the request's own, before the answer began
  std::array<uint32_t, kTimeParts> parts_;  // of the answer so far, in ticks
  std::array<Probe, 2> probes_;             // to the client, to the server
};

}  // namespace weir
