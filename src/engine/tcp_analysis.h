// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/cell.h"
#include "base/timestamp.h"
#include "decode/tcp_segment.h"
#include "record/tcp_quality.h"

namespace weir {

// What analyse() found of one packet: bits, several may be set.
enum TcpEvent : uint8_t {
  kTcpRetransmission = 1,  // fast and spurious ones included
  kTcpOutOfOrder = 2,
  kTcpLostSegment = 4,  // something before this packet was not captured
  kTcpDuplicateAck = 8,
  kTcpZeroWindow = 16,
  kTcpKeepAlive = 32,
  kTcpReset = 64,
};
inline constexpr size_t kTcpEventKinds = 7;

// count(i) is asked for the number of events of bit i.
template <typename Count>
[[nodiscard]] TcpQuality make_quality(Count&& count) {
  return {count(0), count(1), count(2), count(3), count(4), count(5), count(6)};
}

// What must be remembered of a TCP flow to say how well it goes: one cache line, both directions.
// All zero bytes is a flow without packets. Times are ticks of 1,024 ns since 1970, modulo 2^32 (73
// minutes); only differences of seconds are taken. Owner: shard thread; the Cells may be read by
// any thread under the flow's Sequence.
struct alignas(64) TcpAnalysis {
  struct Direction {
    uint32_t next_sequence;  // one beyond the highest sequence number sent
    uint32_t acknowledged;   // by its last packet with ACK
    uint32_t next_time;      // when next_sequence was reached
    uint32_t last_time;      // of its last packet
    uint16_t window;         // as its last packet said, unscaled
    uint8_t duplicate_acks;  // in a row; stops at 255
    uint8_t marks;           // TcpMark bits
  };
  std::array<Direction, 2> sent;  // by end (FlowEnds)
  uint32_t syn_sequence;          // of the SYN of the end marked kTcpSentSyn
  // While the handshake is under way: when the SYN was sent. Once it was answered: from the SYN to
  // the first ACK, with the highest bit set.
  Cell<uint32_t> handshake;
  Cell<uint32_t> server_rtt;  // ticks from the SYN to the answer of its receiver; 0: not seen
  // For the flow table: the slot of the flow's TcpCounts; 0: none yet.
  Cell<uint32_t> counts;

  // Owner thread: a flow without packets, but for `counts`.
  void clear();
};
static_assert(sizeof(TcpAnalysis) == 64);

// Finds what is noteworthy about a packet that end `sender` of the flow sent: TcpEvent bits, 0 for
// what is in order. The rules are those of tshark's TCP analysis (docs/tcp.md tells where not). It
// begins in the middle of a connection as well, and one direction alone is enough. A SYN that does
// not belong to the connection so far begins a new one. Only for segments whose header was read to
// its end.
// Cost: one cache line; bench/tcp_analysis_bench.cc. Sequence numbers: RFC 9293.
[[nodiscard]] uint8_t analyse(TcpAnalysis& analysis, unsigned sender, const TcpSegment& segment,
                              Timestamp when);

// The round trips of the handshake. Any thread, under the flow's Sequence.
[[nodiscard]] TcpRoundTrips round_trips(const TcpAnalysis& analysis);

// How often each TcpEvent happened to what each end sent. One cache line that only events touch.
// Owner: shard thread; readers under the flow's Sequence.
struct alignas(64) TcpCounts {
  std::array<std::array<Cell<uint32_t>, kTcpEventKinds>, 2> events;  // [sender][bit of TcpEvent]

  void clear();
  // Owner thread. A count stops at its largest number.
  void add(unsigned sender, uint8_t found);
  // Any thread: of what `sender` sent.
  [[nodiscard]] TcpQuality read(unsigned sender) const;
};
static_assert(sizeof(TcpCounts) == 64);

}  // namespace weir
