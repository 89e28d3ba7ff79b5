// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Shard that counts flow records which exporters sent.
#include <algorithm>

#include "engine/application_spread.h"
#include "engine/series_spread.h"
#include "engine/shard.h"
#include "engine/tcp_state.h"
#include "net/ip_protocol.h"
#include "record/applications.h"

namespace weir {
namespace {

// A flow outlives its last record by as long as records last, within reason: an exporter that
// reports every half hour says nothing in between.
constexpr uint32_t kMostPatience = 1800;
// Time of the wall that is so far behind was set back.
constexpr uint32_t kSetBack = 60;

bool is_nothing(const Traffic& traffic) {
  return traffic.packets == 0 && traffic.bytes == 0;
}

bool has_exact_key(const CollectedFlow& flow) {
  return flow.source.is_v4() && flow.destination.is_v4() && flow.vlan.count <= 2;
}

// What a packet of the flow would be, as far as tables look at it. Flags of all packets together
// say who began only when they hold no answer.
void make_packet(const CollectedFlow& flow, DecodedPacket& packet) {
  packet = {};
  packet.has_ip = true;
  packet.is_v6 = !flow.source.is_v4() || !flow.destination.is_v4();
  packet.source = flow.source;
  packet.destination = flow.destination;
  packet.source_port = flow.source_port;
  packet.destination_port = flow.destination_port;
  packet.protocol = flow.protocol;
  packet.vlan = flow.vlan;
  packet.tunnels = flow.tunnels;
  packet.source_mac = flow.source_mac;
  packet.destination_mac = flow.destination_mac;
  const bool began = flow.source_began || (flow.tcp_flags & (kTcpSyn | kTcpAck)) == kTcpSyn;
  if (began && flow.protocol == kProtocolTcp) packet.tcp_flags = kTcpSyn;
}

// By how many seconds a record and a flow are apart; 0 when they overlap.
std::chrono::seconds apart(const CollectedFlow& record, Timestamp first, Timestamp last) {
  if (record.first > last) return std::chrono::seconds(record.first.seconds - last.seconds);
  if (first > record.last) return std::chrono::seconds(first.seconds - record.last.seconds);
  return std::chrono::seconds(0);
}

}  // namespace

// What collecting needs besides tables, and the records in work.
struct Shard::Collected {
  struct Place {
    FlowKey key;
    uint32_t guess = FlowTable::kOther;
  };

  explicit Collected(ApplicationSeries& of_shard) : applications(of_shard) {}

  SeriesSpread series;
  ApplicationSpread applications;
  uint32_t patience = 0;         // seconds that records lasted at most, since patience_since
  uint32_t patience_before = 0;  // and in the time before that
  uint32_t patience_since = 0;   // second
  std::array<CollectedFlow, kBatchSize> flows;
  std::array<Place, kBatchSize> places;
};

void Shard::FreeCollected::operator()(Collected* collected) const {
  delete collected;
}

void Shard::collect(std::span<const CollectedFlow> flows, Timestamp now) {
  if (collected_ == nullptr) collected_.reset(new Collected(applications_));
  if (clock_.now().seconds > uint64_t{now.seconds} + kSetBack) clock_.see(now);
  while (!flows.empty()) {
    const auto some = flows.first(std::min(flows.size(), kBatchSize));
    collect_some(some, now);
    flows = flows.subspan(some.size());
  }
}

void Shard::collect_some(std::span<const CollectedFlow> flows, Timestamp now) {
  const StepStart start = begin_step();
  begin_work();
  take_collected(flows, now);
  for (size_t i = 0; i < flows.size(); ++i) {
    Collected::Place& place = collected_->places[i];
    if (!collected_->flows[i].has_ip) continue;
    place.guess = flows_->guess(place.key, flows_->prefetch_index(place.key));
    flows_->prefetch(place.guess);
  }
  for (size_t i = 0; i < flows.size(); ++i) {
    if (!collected_->flows[i].has_ip) continue;
    // Of the flow that it probably is; slot 0 is always there.
    const Collected::Place& place = collected_->places[i];
    const FlowHot& hot = flows_->slot(place.guess).hot;
    hosts_->prefetch_sent(hot.host[place.key.sender].get());
    hosts_->prefetch_received(hot.host[1 - place.key.sender].get());
  }
  for (size_t i = 0; i < flows.size(); ++i) count_collected(i);
  counters_->late_for_series.add(collected_->series.publish(series_, clock_.now().seconds));
  if (options_.archive != nullptr) take_pasts();
  sweep_in_passing();
  publish_clock();
  end_step(start, StepKind::kPlain);
}

// Copies the records, with times that are not ahead of ours, and makes their keys.
void Shard::take_collected(std::span<const CollectedFlow> flows, Timestamp now) {
  const Timestamp latest = std::max(clock_.now(), now);
  for (size_t i = 0; i < flows.size(); ++i) {
    CollectedFlow& flow = collected_->flows[i];
    flow = flows[i];
    flow.last = std::min(flow.last, latest);
    flow.first = std::min(flow.first, flow.last);
    clock_.pass(flow.last);
    if (!flow.has_ip) continue;
    FlowKey& key = collected_->places[i].key;
    if (has_exact_key(flow)) {
      make_exact_flow_key(key, flow.source.v4_bits(), flow.destination.v4_bits(),
                          static_cast<uint32_t>(flow.source_port) << 16 | flow.destination_port,
                          flow.vlan.ids[0] | static_cast<uint32_t>(flow.vlan.ids[1]) << 12,
                          flow.vlan.count, flow.protocol);
      key.hash = hash_exact_key(key, hash_);
    } else {
      make_packet(flow, decoded_[0]);
      key = make_flow_key(decoded_[0], hash_);
    }
    (void)flows_->prefetch_index(key);
  }
}

void Shard::count_collected(size_t index) {
  const CollectedFlow& flow = collected_->flows[index];
  const Traffic all = flow.forward + flow.reverse;
  const uint32_t clock = clock_.now().seconds;
  counters_->total.add(all);
  see_collected_time(flow);
  if (!flow.has_ip) {
    counters_->ethertype(flow.ethertype).add(all);
    collected_->series.add(kSeriesNonIp, TrafficSpread(flow.first, flow.last, all), clock);
    return;
  }
  counters_->by_protocol[flow.protocol].add(all);
  const ProtocolClass protocol = protocol_class(flow.protocol);
  // One record at a time is in the work of the packet path, whose steps for what is new and what
  // has no host are the same.
  PacketView view;
  view.timestamp = flow.last;
  Work& work = work_[0];
  work = {};
  work.key = collected_->places[index].key;
  work.view = &view;
  work.protocol = flow.protocol;
  work.protocol_class = protocol;
  resolve_collected(work, view, flow, collected_->places[index].guess);
  count_direction(work, flow, TrafficSpread(flow.first, flow.last, flow.forward), false);
  if (!is_nothing(flow.reverse))
    count_direction(work, flow, TrafficSpread(flow.first, flow.last, flow.reverse), true);
}

void Shard::resolve_collected(Work& work, PacketView& view, const CollectedFlow& flow,
                              uint32_t guess) {
  const bool is_guessed = guess != FlowTable::kOther && flows_->has_key(guess, work.key);
  if (work.key.is_exact()) {
    work.flow = is_guessed ? guess : flows_->find_exact(work.key);
  } else {
    make_packet(flow, decoded_[0]);
    work.flow = is_guessed && flows_->matches(guess, work.key, decoded_[0])
                    ? guess
                    : flows_->find(work.key, decoded_[0]);
  }
  if (work.flow != FlowTable::kOther) {
    const bool is_reused = begins_anew_by(flow, work.flow);
    const auto silent =
        apart(flow, flows_->identity(work.flow).first_seen, flows_->last_seen(work.flow));
    if (is_reused || silent > flow_timeout(work.flow)) {
      end_flow(work.flow, is_reused ? EndReason::kReused : silence_reason(work.flow));
      work.flow = FlowTable::kOther;
    }
  }
  if (work.flow != FlowTable::kOther) {
    const FlowHot& hot = flows_->slot(work.flow).hot;
    work.sending_host = hot.host[work.key.sender].get();
    work.receiving_host = hot.host[1 - work.key.sender].get();
    if (work.sending_host == HostTable::kOther || work.receiving_host == HostTable::kOther)
      rehome(work);
    flows_->begin_earlier(work.flow, flow.first);
  } else {
    make_packet(flow, decoded_[0]);
    work.is_decoded = true;
    view.timestamp = flow.first;
    open_flow(work);
    view.timestamp = flow.last;
    if (work.flow != FlowTable::kOther) flows_->set_origin(work.flow, flow.origin);
  }
  name_collected(work.flow, flow.application);
  learn_as(work.sending_host, flow.source_as);
  learn_as(work.receiving_host, flow.destination_as);
  for (const uint32_t host : {work.sending_host, work.receiving_host}) {
    if (host != HostTable::kOther) hosts_->begin_earlier(host, flow.first);
  }
}

// A record that begins with a SYN after the connection before it was over.
bool Shard::begins_anew_by(const CollectedFlow& record, uint32_t flow) const {
  return record.protocol == kProtocolTcp && (record.tcp_flags & kTcpSyn) != 0 &&
         is_closed(flows_->slot(flow).hot.marks.get()) && record.first > flows_->last_seen(flow);
}

void Shard::count_direction(const Work& work, const CollectedFlow& flow,
                            const TrafficSpread& spread, bool is_reverse) {
  const auto sender = static_cast<uint8_t>(is_reverse ? 1 - work.key.sender : work.key.sender);
  flows_->account_record(
      work.flow, sender,
      {spread, flow.last, flow.protocol, is_reverse ? flow.reverse_tcp_flags : flow.tcp_flags});
  const uint32_t from = is_reverse ? work.receiving_host : work.sending_host;
  const uint32_t to = is_reverse ? work.sending_host : work.receiving_host;
  const uint32_t clock = clock_.now().seconds;
  collected_->series.add(static_cast<size_t>(work.protocol_class), spread, clock);
  collected_->series.add(is_reverse ? local_networks_.direction(flow.destination, flow.source)
                                    : local_networks_.direction(flow.source, flow.destination),
                         spread, clock);
  collected_->applications.add(flows_->slot(work.flow).warm.application.get(), spread, clock);
  hosts_->account_record_sent(from, work.protocol_class, spread, flow.last);
  hosts_->account_record_received(to, work.protocol_class, spread, flow.last);
}

void Shard::publish_collected() {
  if (collected_ != nullptr) collected_->applications.publish();
}

// Who saw the packets knows better than the ports do.
void Shard::name_collected(uint32_t flow, uint16_t application) {
  if (application == kApplicationUnknown || flow == FlowTable::kOther) return;
  if (flows_->slot(flow).warm.application.get() == application) return;
  flows_->set_application(flow, application, Confidence::kName);
}

// What an address file says goes before what an exporter does.
void Shard::learn_as(uint32_t host, uint32_t as_number) {
  if (as_number == 0 || host == HostTable::kOther) return;
  Place place = hosts_->place(host);
  if (place.as_number != 0) return;
  place.as_number = as_number;
  hosts_->set_place(host, place);
}

void Shard::see_collected_time(const CollectedFlow& flow) {
  const auto first = static_cast<uint64_t>(std::max<int64_t>(flow.first.as_nanoseconds(), 1));
  const auto last = static_cast<uint64_t>(std::max<int64_t>(flow.last.as_nanoseconds(), 1));
  const uint64_t earliest = counters_->first_seen.get();
  if (earliest == 0 || first < earliest) counters_->first_seen.set(first);
  if (last > counters_->last_seen.get()) counters_->last_seen.set(last);
  // How long records last tells how long one has to wait for the next.
  Collected& state = *collected_;
  const uint32_t now = clock_.now().seconds;
  if (now - state.patience_since > kMostPatience) {
    state.patience_since = now;
    state.patience_before = state.patience;
    state.patience = 0;
  }
  state.patience =
      std::max(state.patience, std::min(flow.last.seconds - flow.first.seconds, kMostPatience));
  patience_ = std::chrono::seconds(std::max(state.patience, state.patience_before));
}

}  // namespace weir
