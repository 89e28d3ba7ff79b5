// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/flow_reports.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "decode/decoded_packet.h"
#include "net/ip_protocol.h"
#include "record/applications.h"

namespace weir {
namespace {

bool is_within(Timestamp from, Timestamp to, std::chrono::seconds time) {
  return to.as_nanoseconds() - from.as_nanoseconds() < std::chrono::nanoseconds(time).count();
}

bool is_nothing(const FlowRecord& flow) {
  return flow.to_server == Traffic() && flow.to_client == Traffic();
}

Traffic minus(const Traffic& a, const Traffic& b) {
  return {a.packets - b.packets, a.bytes - b.bytes};
}

bool is_client(const CollectedFlow& flow) {
  // Flags of all packets together say who began only when they hold no answer.
  const bool began = (flow.tcp_flags & (kTcpSyn | kTcpAck)) == kTcpSyn;
  if (flow.source_began || (flow.protocol == kProtocolTcp && began)) return true;
  const bool source_serves = application_of_port(flow.protocol, flow.source_port) != 0;
  const bool destination_serves = application_of_port(flow.protocol, flow.destination_port) != 0;
  return !source_serves || destination_serves;
}

}  // namespace

FlowRecord flow_of(const CollectedFlow& collected) {
  const bool is_forward = is_client(collected);
  FlowRecord flow;
  flow.vlan = collected.vlan;
  flow.protocol = collected.protocol;
  const bool is_answered = collected.reverse != Traffic();
  flow.state = is_answered ? FlowState::kTwoWay : FlowState::kOneWay;
  flow.end_reason = collected.end_reason;
  flow.client = is_forward ? collected.source : collected.destination;
  flow.server = is_forward ? collected.destination : collected.source;
  flow.client_port = is_forward ? collected.source_port : collected.destination_port;
  flow.server_port = is_forward ? collected.destination_port : collected.source_port;
  flow.client_mac = is_forward ? collected.source_mac : collected.destination_mac;
  flow.server_mac = is_forward ? collected.destination_mac : collected.source_mac;
  flow.to_server = is_forward ? collected.forward : collected.reverse;
  flow.to_client = is_forward ? collected.reverse : collected.forward;
  flow.tcp_flags_to_server = is_forward ? collected.tcp_flags : collected.reverse_tcp_flags;
  flow.tcp_flags_to_client = is_forward ? collected.reverse_tcp_flags : collected.tcp_flags;
  flow.tunnels = collected.tunnels;
  flow.first_seen = collected.first;
  flow.last_seen = collected.last;
  flow.origin = collected.origin;
  flow.application = collected.application;
  flow.confidence = Confidence::kName;
  if (flow.application == kApplicationUnknown) {
    flow.application = guess_application(flow.protocol, flow.client_port, flow.server_port);
    const bool is_named = flow.application != kApplicationUnknown;
    flow.confidence = is_named ? Confidence::kPort : Confidence::kNone;
  }
  return flow;
}

FlowRecord FlowReports::news(const FlowRecord& record) const {
  FlowRecord news = record;
  if (const auto told = told_.find(record.id); told != told_.end()) {
    news.to_server = minus(record.to_server, told->second.to_server);
    news.to_client = minus(record.to_client, told->second.to_client);
    news.first_seen = std::min(told->second.when, record.last_seen);
  }
  return news;
}

bool FlowReports::push(ExportedFlow&& flow, bool waits) {
  constexpr int kMostWaits = 5000;
  for (int i = 0; !queue_.push(std::move(flow)); ++i) {  // which leaves it as it is when it is full
    if (!waits || i == kMostWaits) return false;
    // What waits is the end of a file or of weir: nobody wakes a shard.
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

void FlowReports::accept(const FlowRecord& record) {
  FlowRecord fresh = news(record);
  const bool goes_on = record.end_reason == EndReason::kActive;
  const bool waits = when_full_ == WhenFull::kWait || record.end_reason == EndReason::kEnd;
  const bool is_told = is_nothing(fresh) || push({std::move(fresh), interface_, true}, waits);
  if (!goes_on) {
    told_.erase(record.id);
    if (!is_told) lost_.add(1);
  } else if (is_told) {
    // What does not fit now is told the next time.
    told_[record.id] = {record.last_seen, record.to_server, record.to_client};
  }
}

bool FlowReports::is_due(uint64_t id, Timestamp first_seen, Timestamp last_seen, Timestamp now) {
  // Most flows never get here.
  if (every_.count() == 0 || is_within(first_seen, now, every_)) return false;
  const auto told = told_.find(id);
  if (told == told_.end()) return told_.size() < kMostTold;
  return last_seen > told->second.when && !is_within(told->second.when, now, every_);
}

bool FlowReports::push_soon(ExportedFlow&& flow) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::seconds kOf{1};
  constexpr std::chrono::milliseconds kMost{100};
  while (!queue_.push(std::move(flow))) {  // which leaves it as it is when it is full
    const Clock::time_point now = Clock::now();
    if (now >= waiting_since_ + kOf) {
      waiting_since_ = now;
      waited_ = {};
    }
    if (waited_ >= kMost) return false;
    // To be woken would cost the outlets a system call for each flow that they take.
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    waited_ += Clock::now() - now;
  }
  return true;
}

void FlowReports::pass_on(std::span<const CollectedFlow> flows) {
  for (const CollectedFlow& flow : flows) {
    if (!flow.has_ip) continue;
    if (!push_soon({flow_of(flow), interface_, flow.counts_frames})) lost_.add(1);
  }
}

}  // namespace weir
