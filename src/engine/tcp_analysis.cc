// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tcp_analysis.h"

#include <algorithm>
#include <bit>

namespace weir {
namespace {

enum TcpMark : uint8_t {
  kTcpSeen = 1,           // the end sent a packet: next_sequence and window are known
  kTcpHandshake = 2,      // on both ends: a SYN was seen, but no ACK after it
  kTcpLastKeepAlive = 4,  // its last packet was a keep-alive
  kTcpLastProbe = 8,      // its last packet was a zero window probe
  kTcpSentSyn = 16,       // syn_sequence is of this end
  kTcpAcknowledged = 32,  // `acknowledged` is known
};
// Of an end whose packets may go the short way these marks are kSettled.
constexpr uint8_t kSettling =
    kTcpSeen | kTcpHandshake | kTcpLastKeepAlive | kTcpLastProbe | kTcpAcknowledged;
constexpr uint8_t kSettled = kTcpSeen | kTcpAcknowledged;

using Direction = TcpAnalysis::Direction;

constexpr uint32_t kMeasured = uint32_t{1} << 31;  // in TcpAnalysis::handshake
constexpr unsigned kTickBits = 10;
constexpr uint32_t kFastRetransmissionTicks = 20'000'000 >> kTickBits;
constexpr uint32_t kReorderingTicks = 3'000'000 >> kTickBits;  // while the round trip is not known
constexpr uint8_t kDuplicateAcksForFast = 2;  // one of the three may not be captured
constexpr uint8_t kControl = kTcpSyn | kTcpFin | kTcpRst;

uint32_t to_ticks(Timestamp when) {
  return static_cast<uint32_t>((uint64_t{when.seconds} * 1'000'000'000 + when.nanoseconds) >>
                               kTickBits);
}

// Sequence numbers are compared modulo 2^32 (RFC 9293, section 3.4).
bool before(uint32_t a, uint32_t b) {
  return static_cast<int32_t>(a - b) < 0;
}

struct Segment {
  uint32_t sequence;
  uint32_t length;  // of the payload
  uint32_t end;     // sequence plus length, SYN and FIN counted
  uint32_t acknowledgement;
  uint32_t time;
  uint16_t window;
  uint8_t flags;

  [[nodiscard]] bool has(uint8_t flag) const { return (flags & flag) != 0; }
  [[nodiscard]] bool is_first_syn() const { return (flags & (kTcpSyn | kTcpAck)) == kTcpSyn; }
};

Segment make_segment(const TcpSegment& packet, Timestamp when) {
  Segment segment;
  segment.sequence = packet.sequence;
  segment.length = packet.payload_length;
  segment.end = segment.sequence + segment.length + ((packet.flags & (kTcpSyn | kTcpFin)) != 0);
  segment.acknowledgement = packet.acknowledgement;
  segment.time = to_ticks(when);
  segment.window = packet.window;
  segment.flags = packet.flags;
  return segment;
}

bool is(const Direction& direction, uint8_t mark) {
  return (direction.marks & mark) != 0;
}

// A SYN that is neither the first packet nor the connection's own again: the ports are used anew.
bool begins_anew(const TcpAnalysis& analysis, unsigned sender, const Segment& segment) {
  if (!segment.is_first_syn()) return false;
  const Direction& own = analysis.sent[sender];
  const Direction& peer = analysis.sent[1 - sender];
  if (is(own, kTcpSentSyn)) return segment.sequence != analysis.syn_sequence;
  if (is(own, kTcpSeen)) return true;
  return is(peer, kTcpAcknowledged) && peer.acknowledged != segment.sequence + 1;
}

void end_handshake(TcpAnalysis& analysis, uint32_t time) {
  const uint32_t initial = (time - analysis.handshake.get()) & ~kMeasured;
  analysis.handshake.set(std::max(initial, 1U) | kMeasured);
  for (Direction& direction : analysis.sent) direction.marks &= ~kTcpHandshake;
}

void follow_handshake(TcpAnalysis& analysis, unsigned sender, const Segment& segment) {
  const bool is_measured = (analysis.handshake.get() & kMeasured) != 0;
  if (is_measured) return;
  if (segment.is_first_syn()) {
    analysis.syn_sequence = segment.sequence;
    analysis.sent[sender].marks |= kTcpSentSyn;
    analysis.sent[1 - sender].marks &= ~kTcpSentSyn;
    // Of several SYNs the last one is taken to be answered.
    analysis.handshake.set(segment.time & ~kMeasured);
    analysis.server_rtt.set(0);
    for (Direction& direction : analysis.sent) direction.marks |= kTcpHandshake;
    return;
  }
  if (!is(analysis.sent[sender], kTcpHandshake) || !segment.has(kTcpAck)) return;
  const bool is_client = is(analysis.sent[sender], kTcpSentSyn);
  if (is_client && segment.has(kTcpRst)) return;  // it gave up: that measures nothing
  if (!is_client) {
    const uint32_t rtt = (segment.time - analysis.handshake.get()) & ~kMeasured;
    analysis.server_rtt.set(std::max(rtt, 1U));
  }
  if (!segment.has(kTcpSyn)) end_handshake(analysis, segment.time);
}

// Under the rules for keep-alives, probes and duplicates: the same ACK again, without data.
bool repeats_ack(const Direction& own, const Segment& segment) {
  return is(own, kTcpSeen) && segment.length == 0 && segment.window == own.window &&
         segment.sequence == own.next_sequence && segment.acknowledgement == own.acknowledged &&
         !segment.has(kControl);
}

bool is_probe(const Direction& own, const Direction& peer, const Segment& segment) {
  return segment.length == 1 && is(own, kTcpSeen) && segment.sequence == own.next_sequence &&
         is(peer, kTcpSeen) && peer.window == 0;
}

bool is_keep_alive(const Direction& own, const Segment& segment) {
  return segment.length <= 1 && is(own, kTcpSeen) && segment.sequence == own.next_sequence - 1 &&
         !segment.has(kControl);
}

// Some receivers take the byte of a probe, which only their answer tells.
void follow_probe_answer(const Direction& own, Direction& peer, const Segment& segment) {
  if (is(peer, kTcpLastProbe) && segment.length == 0 && segment.window == 0 && own.window == 0 &&
      segment.sequence == own.next_sequence && segment.acknowledgement == own.acknowledged + 1 &&
      !segment.has(kControl)) {
    peer.next_sequence = segment.acknowledgement;
  }
}

uint32_t reordering_ticks(const TcpAnalysis& analysis) {
  const uint32_t handshake = analysis.handshake.get();
  return (handshake & kMeasured) != 0 ? handshake & ~kMeasured : kReorderingTicks;
}

// Of a segment that takes sequence numbers: whether they were there before.
uint8_t find_repetition(const TcpAnalysis& analysis, unsigned sender, const Segment& segment) {
  const Direction& own = analysis.sent[sender];
  const Direction& peer = analysis.sent[1 - sender];
  const uint32_t end = segment.sequence + segment.length;
  if (segment.length > 0 && is(peer, kTcpAcknowledged) && !before(peer.acknowledged, end))
    return kTcpRetransmission;  // spurious: it was acknowledged already
  if (!is(own, kTcpSeen) || !before(segment.sequence, own.next_sequence)) return 0;
  // New data behind a byte that was sent as a probe.
  if (segment.length > 1 && segment.sequence == own.next_sequence - 1) return 0;
  const bool is_asked_for = peer.duplicate_acks >= kDuplicateAcksForFast &&
                            peer.acknowledged == segment.sequence &&
                            segment.time - peer.last_time < kFastRetransmissionTicks;
  // What came before its time brings less than the highest number seen; the last segment again does
  // not.
  const bool is_reordered =
      segment.time - own.next_time < reordering_ticks(analysis) && segment.end != own.next_sequence;
  return is_reordered && !is_asked_for ? kTcpOutOfOrder : kTcpRetransmission;
}

// Moves what the end is known to have sent on.
void remember(Direction& own, const Segment& segment, uint8_t last) {
  const bool is_new = !is(own, kTcpSeen) || before(own.next_sequence, segment.end);
  if (is_new && last != kTcpLastProbe) {
    own.next_sequence = segment.end;
    own.next_time = segment.time;
  }
  if (segment.has(kTcpAck)) {
    if (segment.acknowledgement != own.acknowledged) own.duplicate_acks = 0;
    own.acknowledged = segment.acknowledgement;
    own.marks |= kTcpAcknowledged;
  }
  own.window = segment.window;
  own.last_time = segment.time;
  own.marks =
      static_cast<uint8_t>((own.marks & ~(kTcpLastKeepAlive | kTcpLastProbe)) | kTcpSeen | last);
}

// Everything but data in order and plain ACKs.
[[gnu::cold, gnu::noinline]] uint8_t analyse_rare(TcpAnalysis& analysis, unsigned sender,
                                                  const TcpSegment& packet, Timestamp when) {
  const Segment segment = make_segment(packet, when);
  if (begins_anew(analysis, sender, segment)) analysis.clear();
  follow_handshake(analysis, sender, segment);
  Direction& own = analysis.sent[sender];
  Direction& peer = analysis.sent[1 - sender];
  uint8_t found = segment.has(kTcpRst) ? kTcpReset : 0;
  uint8_t last = 0;
  if (is_probe(own, peer, segment)) {
    last = kTcpLastProbe;
  } else {
    if (segment.window == 0 && !segment.has(kControl)) found |= kTcpZeroWindow;
    if (is(own, kTcpSeen) && before(own.next_sequence, segment.sequence) && !segment.has(kTcpRst)) {
      found |= kTcpLostSegment;
    }
    if (is_keep_alive(own, segment)) {
      found |= kTcpKeepAlive;
      last = kTcpLastKeepAlive;
    }
    if (repeats_ack(own, segment) && segment.window != 0 && !is(peer, kTcpLastKeepAlive)) {
      found |= kTcpDuplicateAck;
      if (own.duplicate_acks < UINT8_MAX) ++own.duplicate_acks;
    }
    follow_probe_answer(own, peer, segment);
  }
  const bool takes_numbers = segment.length > 0 || segment.has(kTcpSyn | kTcpFin);
  if (takes_numbers && last != kTcpLastKeepAlive)
    found |= find_repetition(analysis, sender, segment);
  remember(own, segment, last);
  return found;
}

}  // namespace

void TcpAnalysis::clear() {
  sent = {};
  syn_sequence = 0;
  handshake.set(0);
  server_rtt.set(0);
}

uint8_t analyse(TcpAnalysis& analysis, unsigned sender, const TcpSegment& packet, Timestamp when) {
  Direction& own = analysis.sent[sender];
  const uint32_t length = packet.payload_length;
  const uint32_t acknowledgement = packet.acknowledgement;
  const uint16_t window = packet.window;
  const bool is_plain = (packet.flags & (kControl | kTcpAck)) == kTcpAck && window != 0;
  const bool is_in_order =
      packet.sequence == own.next_sequence && (own.marks & kSettling) == kSettled;
  if (!is_plain || !is_in_order) [[unlikely]]
    return analyse_rare(analysis, sender, packet, when);
  const uint32_t now = to_ticks(when);
  if (length != 0) {
    const Direction& peer = analysis.sent[1 - sender];
    const uint32_t end = own.next_sequence + length;
    // One byte may be a probe. What is acknowledged before it comes is a retransmission.
    const bool is_new = before(peer.acknowledged, end) || !is(peer, kTcpAcknowledged);
    if (length == 1 || !is_new) [[unlikely]]
      return analyse_rare(analysis, sender, packet, when);
    own.next_sequence = end;
    own.next_time = now;
  } else if (acknowledgement == own.acknowledged && window == own.window) [[unlikely]] {
    return analyse_rare(analysis, sender, packet, when);
  }
  if (acknowledgement != own.acknowledged) own.duplicate_acks = 0;
  own.acknowledged = acknowledgement;
  own.window = window;
  own.last_time = now;
  return 0;
}

TcpRoundTrips round_trips(const TcpAnalysis& analysis) {
  const auto in_time = [](uint32_t ticks) {
    return std::chrono::nanoseconds(uint64_t{ticks} << kTickBits);
  };
  TcpRoundTrips trips;
  const uint32_t handshake = analysis.handshake.read();
  const uint32_t server = analysis.server_rtt.read();
  trips.server = in_time(server);
  if ((handshake & kMeasured) == 0) return trips;
  const uint32_t initial = handshake & ~kMeasured;
  trips.initial = in_time(initial);
  // A server that answers with RST leaves nothing to measure of the client.
  if (server != 0 && initial > server) trips.client = in_time(initial - server);
  return trips;
}

void TcpCounts::clear() {
  for (auto& direction : events) {
    for (Cell<uint32_t>& count : direction) count.set(0);
  }
}

void TcpCounts::add(unsigned sender, uint8_t found) {
  for (unsigned rest = found; rest != 0; rest &= rest - 1) {
    Cell<uint32_t>& count = events[sender][static_cast<size_t>(std::countr_zero(rest))];
    if (count.get() != UINT32_MAX) count.add(1);
  }
}

TcpQuality TcpCounts::read(unsigned sender) const {
  return make_quality([&](size_t kind) { return uint64_t{events[sender][kind].read()}; });
}

}  // namespace weir
