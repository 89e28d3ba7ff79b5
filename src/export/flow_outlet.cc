// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/flow_outlet.h"

#include <algorithm>
#include <condition_variable>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "base/printable.h"

namespace weir {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr size_t kBatch = 64;  // messages in one go
constexpr milliseconds kPatience{100};
constexpr milliseconds kFirstPause{100};
constexpr milliseconds kLongestPause{2000};
constexpr std::chrono::seconds kFarewell{2};

}  // namespace

Result<std::unique_ptr<FlowOutlet>> FlowOutlet::open(const OutletSpec& spec,
                                                     const std::string& instance,
                                                     const ZmqLinkOptions* link) {
  auto encoder = make_flow_encoder(spec, instance);
  auto channel = make_channel(spec, link);
  if (!channel) return channel.error().in("--export " + spec.text);
  return std::unique_ptr<FlowOutlet>(new FlowOutlet(spec, std::move(encoder), *std::move(channel)));
}

FlowOutlet::FlowOutlet(const OutletSpec& spec, std::unique_ptr<FlowEncoder> encoder,
                       std::unique_ptr<MessageChannel> channel)
    : spec_(spec),
      encoder_(std::move(encoder)),
      spool_(spec_.spool_bytes),
      channel_(std::move(channel)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

FlowOutlet::~FlowOutlet() {
  flush();
  thread_.request_stop();
  thread_.join();
}

void FlowOutlet::add(const ExportedFlow& flow, const RecordContext& context) {
  flows_.fetch_add(1, std::memory_order_relaxed);
  encoder_->add(flow, context, ready_);
  if (ready_.size() < kBatch) return;
  spool_.add(std::move(ready_));
  ready_.clear();
}

void FlowOutlet::flush() {
  encoder_->flush(ready_);
  spool_.add(std::move(ready_));
  ready_.clear();
}

void FlowOutlet::fail(const Error& error) {
  is_connected_ = false;
  // Said once for as long as it stays the same.
  if (said_ != error.message)
    log_warning(fmt::format("--export {}: {}", printable(spec_.text), printable(error.message)));
  said_ = error.message;
  {
    const std::lock_guard lock(mutex_);
    error_ = error.message;
  }
  // Last: who sees the count finds the reason.
  failures_.fetch_add(1);
}

bool FlowOutlet::connect(const MessageChannel::IsOver& is_over) {
  if (auto opened = channel_->open(is_over); !opened) {
    fail(opened.error());
    return false;
  }
  is_connected_ = true;
  connected_ = steady_clock::now();
  connections_.fetch_add(1, std::memory_order_relaxed);
  const std::lock_guard lock(mutex_);
  error_.clear();
  return true;
}

// Who takes a connection and ends it at once is not there.
void FlowOutlet::believe_connection() {
  constexpr std::chrono::seconds kBelieved{2};
  if (said_.empty() || steady_clock::now() < connected_ + kBelieved) return;
  pause_ = milliseconds(0);
  said_.clear();
  log_info(fmt::format("--export {}: goes on", printable(spec_.text)));
}

void FlowOutlet::wait(const std::stop_token& stop) {
  pause_ = std::clamp(pause_ * 2, kFirstPause, kLongestPause);
  std::uniform_int_distribution<int64_t> some(pause_.count() / 2, pause_.count());
  std::mutex mutex;
  std::condition_variable_any woken;
  std::unique_lock lock(mutex);
  (void)woken.wait_for(lock, stop, milliseconds(some(random_)), [] { return false; });
}

void FlowOutlet::publish() {
  kept_ = channel_->kept();
  refused_ = channel_->refused();
  const auto now = steady_clock::now();
  if (now < published_ + std::chrono::seconds(1)) return;
  published_ = now;
  Value said = channel_->statistics();
  const std::lock_guard lock(mutex_);
  channel_said_ = std::move(said);
}

void FlowOutlet::run(const std::stop_token& stop) {
  steady_clock::time_point farewell{};
  const MessageChannel::IsOver is_over = [&] {
    if (!stop.stop_requested()) return false;
    if (farewell == steady_clock::time_point()) farewell = steady_clock::now() + kFarewell;
    return steady_clock::now() >= farewell;
  };
  while (!is_over()) {
    if (!is_connected_ && !connect(is_over)) {
      // At the end one last attempt is enough.
      if (stop.stop_requested()) break;
      publish();
      wait(stop);
      continue;
    }
    std::vector<Message> messages = spool_.take(kBatch, kPatience);
    const bool has_any = !messages.empty();
    uint64_t flows = 0;
    uint64_t bytes = 0;
    for (Message& message : messages) {
      encoder_->stamp(message);
      flows += message.flows;
      bytes += message.bytes.size();
    }
    auto result = has_any ? channel_->send(std::move(messages), is_over) : channel_->look();
    carried_.fetch_add(flows, std::memory_order_relaxed);
    bytes_.fetch_add(bytes, std::memory_order_relaxed);
    publish();
    if (!result) {
      fail(result.error());
      if (!stop.stop_requested()) wait(stop);
      continue;
    }
    believe_connection();
    if (!has_any && channel_->kept() == 0 && stop.stop_requested()) break;
  }
}

Value FlowOutlet::statistics() const {
  const Spool::Figures waiting = spool_.figures();
  Value row;
  row.set("target", spec_.text);
  row.set("connected", is_connected_.load());
  row.set("flows", flows_.load());
  const uint64_t carried = carried_.load();
  const uint64_t kept = kept_.load();
  row.set("sent_flows", carried > kept ? carried - kept : uint64_t{0});
  row.set("sent_bytes", bytes_.load());
  row.set("waiting_messages", uint64_t{waiting.messages});
  row.set("waiting_bytes", uint64_t{waiting.bytes});
  row.set("dropped_flows", waiting.dropped_flows);
  row.set("refused_messages", refused_.load());
  row.set("connections", connections_.load());
  row.set("failures", failures_.load());
  const std::lock_guard lock(mutex_);
  if (!channel_said_.is_null()) row.set("zeromq", channel_said_);
  if (!error_.empty()) row.set("error", error_);
  return row;
}

}  // namespace weir
