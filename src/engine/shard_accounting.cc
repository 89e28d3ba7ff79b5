// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Shard that counts packets: to the interface, to their flows and hosts, and what TCP
// learns from them.
#include <algorithm>
#include <span>

#include "decode/plain_ipv4.h"
#include "engine/shard.h"

namespace weir {
namespace {

// Packets and bytes of a batch in one number, which is added to at once: the packets from bit 48.
using PackedTraffic = uint64_t;
constexpr unsigned kPacketShift = 48;
static_assert(kBatchSize < size_t{1} << (64 - kPacketShift));
static_assert(kBatchSize * uint64_t{UINT32_MAX} < uint64_t{1} << kPacketShift);

PackedTraffic packed(uint32_t bytes) {
  return PackedTraffic{1} << kPacketShift | bytes;
}
Traffic unpacked(PackedTraffic traffic) {
  return {traffic >> kPacketShift, traffic & ((PackedTraffic{1} << kPacketShift) - 1)};
}
// All bits or none, without a branch.
PackedTraffic only_if(bool condition) {
  return PackedTraffic{0} - static_cast<PackedTraffic>(condition);
}

}  // namespace

void Shard::tally_all() {
  if (!tally_plainly()) tally_each();
}

// TCP and UDP of one second, as nearly every batch is: sums that stay in registers. False, and
// nothing done, for any other.
bool Shard::tally_plainly() {
  if (batch_first_.seconds != batch_last_.seconds) return false;
  std::array<PackedTraffic, kDirections> directions{};
  PackedTraffic all = 0;
  PackedTraffic tcp = 0;
  uint64_t captured_bytes = 0;
  uint32_t others = 0;
  for (const Work& work : std::span(work_.data(), work_count_)) {
    const PackedTraffic one = packed(work.view->wire_length);
    all += one;
    tcp += one & only_if(work.protocol_class == ProtocolClass::kTcp);
    for (size_t i = 1; i < kDirections; ++i)
      directions[i] += one & only_if(work.direction == static_cast<Direction>(i));
    captured_bytes += work.view->captured_length;
    others += (work.protocol_class > ProtocolClass::kUdp) | work.is_decoded;
  }
  if (others != 0) return false;
  directions[0] = all - directions[1] - directions[2] - directions[3];
  BatchTally::Plain plain{unpacked(all), unpacked(tcp), {}, captured_bytes};
  std::transform(directions.begin(), directions.end(), plain.directions.begin(), unpacked);
  tally_.count_plain(plain, batch_first_.seconds, clock_.now().seconds);
  count_burst(plain.all.bytes);
  return true;
}

void Shard::tally_each() {
  const uint32_t clock = clock_.now().seconds;
  uint64_t bytes = 0;
  for (Work& work : std::span(work_.data(), work_count_)) {
    tally_.count(work.protocol, work.protocol_class, work.direction, *work.view, clock);
    bytes += work.view->wire_length;
    if (!work.is_decoded) continue;
    const DecodeError error = decoded(work).error;
    if (error != DecodeError::kNone) tally_.count_malformed(error);
  }
  count_burst(bytes);
}

// Where packets come fast enough for bursts, those of a batch came in one window.
void Shard::count_burst(uint64_t bytes) {
  const uint32_t clock = clock_.now().seconds;
  if (work_count_ == 0 || bursts_.add(batch_first_, batch_last_, bytes, clock)) return;
  for (const Work& work : std::span(work_.data(), work_count_)) {
    const Timestamp when = work.view->timestamp;
    (void)bursts_.add(when, when, work.view->wire_length, clock);
  }
}

void Shard::count_unflowed(const DecodedPacket& packet, const PacketView& view) {
  const uint32_t clock = clock_.now().seconds;
  tally_.count_unflowed(packet, view, clock);
  (void)bursts_.add(view.timestamp, view.timestamp, view.wire_length, clock);
}

template <typename TimeOf>
inline void Shard::account_hosts(std::span<const Work> packets, TimeOf&& time_of) {
  HostTable& hosts = *hosts_;
  for (const Work& work : packets) {
    hosts.account_sent(work.sending_host, work.protocol_class, work.view->wire_length,
                       time_of(*work.view));
  }
  for (const Work& work : packets) {
    hosts.account_received(work.receiving_host, work.protocol_class, work.view->wire_length,
                           time_of(*work.view));
  }
}

// A loop for each table: what one of them must do now and then would crowd the registers of the
// others.
void Shard::account_resolved() {
  const std::span<Work> packets(work_.data() + accounted_, resolved_ - accounted_);
  accounted_ = resolved_;
  FlowTable& flows = *flows_;
  for (const Work& work : packets) {
    const PacketView& view = *work.view;
    flows.account(work.flow, work.key.sender,
                  {view.timestamp, view.wire_length, work.protocol, work.tcp_flags});
  }
  // A host outlives its flows: a time that lies ahead of all others is not believed.
  const Timestamp latest = clock_.now();
  if (batch_last_ <= latest) [[likely]] {
    account_hosts(packets, [](const PacketView& view) { return view.timestamp; });
  } else {
    account_hosts(packets,
                  [=](const PacketView& view) { return std::min(view.timestamp, latest); });
  }
  analyse_tcp(packets);
  if (inspector_ != nullptr) inspect_payloads(packets);
}

[[gnu::always_inline]] inline void Shard::read_segment(const Work& work, TcpSegment& out) const {
  if (work.is_decoded) [[unlikely]] {
    out = tcp_segment(decoded_[static_cast<size_t>(&work - work_.data())]);
  } else if (work.segment != nullptr) {
    out = *work.segment;
  } else {
    read_plain_tcp_segment(*work.view, work.ip_offset, out);
  }
}

void Shard::analyse_tcp(std::span<Work> packets) {
  std::array<Work*, kBatchSize> tcp;
  size_t count = 0;
  for (Work& work : packets) {
    tcp[count] = &work;
    count += work.tells_tcp & (work.flow != FlowTable::kOther);
  }
  for (Work* work : std::span(tcp.data(), count)) {
    const size_t place = static_cast<size_t>(work - work_.data());
    read_segment(*work, segments_[place]);
    work->tcp_events =
        flows_->analyse_tcp(work->flow, work->key.sender, segments_[place], work->view->timestamp);
  }
}

}  // namespace weir
