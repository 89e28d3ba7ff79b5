// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/host_keeper.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"

namespace weir {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPause{20};
// When weir is killed the hosts that were archived since are strangers to its next run.
constexpr std::chrono::seconds kSaveEach{60};

// A host that is to be archived when weir ends.
struct Last {
  uint64_t bytes = 0;
  const Shard* shard = nullptr;
  const std::string* interface = nullptr;
  uint32_t place = 0;  // in its table or its tail
  bool is_in_tail = false;
};

uint64_t bytes_of(const HostRecord& host) {
  return host.total_sent().bytes + host.total_received().bytes;
}

bool has_more_bytes(const Last& a, const Last& b) {
  return a.bytes > b.bytes;
}

// The hosts of all shards, at most about twice `most` at a time and `most` in the end, those with
// the most bytes first.
std::vector<Last> last_hosts(const std::vector<const Interface*>& interfaces, size_t most) {
  std::vector<Last> all;
  const auto cut = [&] {
    std::sort(all.begin(), all.end(), has_more_bytes);
    if (all.size() > most) all.resize(most);
  };
  const auto add = [&](const Last& one) {
    all.push_back(one);
    if (all.size() >= 2 * most) cut();
  };
  for (const Interface* interface : interfaces) {
    for (const auto& shard : interface->shards()) {
      shard->hosts().visit_live([&](uint32_t slot) {
        const auto host = shard->hosts().snapshot(slot, 0);
        if (host) add({bytes_of(*host), shard.get(), &interface->id(), slot, false});
      });
      for (uint32_t i = 0; shard->tail().was_used() && i < shard->tail().limit(); ++i) {
        const auto host = shard->tail().any_snapshot(i);
        if (host) add({bytes_of(*host), shard.get(), &interface->id(), i, true});
      }
    }
  }
  cut();
  return all;
}

}  // namespace

HostArchive* HostKeeper::add_shard(const std::string& interface) {
  served_.push_back({std::make_unique<HostChannel>(interface, store_), {}});
  return served_.back().channel.get();
}

void HostKeeper::start() {
  saved_ = steady_clock::now();
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void HostKeeper::run(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any pause;
  while (!stop.stop_requested()) {
    work();
    std::unique_lock lock(mutex);
    pause.wait_for(lock, stop, kPause, [] { return false; });
  }
}

void HostKeeper::work() {
  for (Served& served : served_) serve(served);
  const auto now = steady_clock::now();
  if (now < saved_ + kSaveEach) return;
  saved_ = now;
  store_.save();
}

void HostKeeper::serve(Served& served) {
  // First what was asked, then what had gone: whatever went before a question was asked is taken
  // over before it is answered.
  while (served.asked.size() < HostChannel::kAsked) {
    const auto key = served.channel->next_asked();
    if (!key) break;
    served.asked.push_back(*key);
  }
  for (size_t i = 0; i < HostChannel::kGone; ++i) {
    auto past = served.channel->next_gone();
    if (!past) break;
    store_.put(served.channel->interface(), *std::move(past));
  }
  answer(served);
}

void HostKeeper::answer(Served& served) {
  for (size_t i = 0; i < HostChannel::kGone && !served.asked.empty(); ++i) {
    if (!served.channel->has_room_for_found()) return;
    if (auto past = store_.take(served.channel->interface(), served.asked.front()))
      served.channel->give(*std::move(past));
    served.asked.pop_front();
  }
}

void HostKeeper::take_over_rest(Served& served) {
  HostChannel& channel = *served.channel;
  while (auto past = channel.next_gone()) store_.put(channel.interface(), *std::move(past));
  // Found, but the shard has not taken it any more.
  while (auto past = channel.take()) store_.put(channel.interface(), *std::move(past));
}

void HostKeeper::close(const std::vector<const Interface*>& interfaces,
                       steady_clock::duration time) {
  if (thread_.joinable()) {
    thread_.request_stop();
    thread_.join();
  }
  const auto deadline = steady_clock::now() + time;
  for (Served& served : served_) take_over_rest(served);
  const std::vector<Last> hosts = last_hosts(interfaces, store_.max_hosts());
  size_t kept = 0;
  for (; kept < hosts.size() && steady_clock::now() < deadline; ++kept) {
    const Last& last = hosts[kept];
    auto host = last.is_in_tail ? last.shard->last_word_of_tail(last.place)
                                : last.shard->last_word(last.place);
    // What was counted is of interest to this run only.
    if (host) store_.put(*last.interface, HostPast{*std::move(host), {}, {}});
  }
  if (kept < hosts.size())
    log_warning(fmt::format("{} of {} hosts were not kept: there was no time", hosts.size() - kept,
                            hosts.size()));
  store_.save();
}

Value HostKeeper::statistics() const {
  uint64_t unasked = 0;
  for (const Served& served : served_) unasked += served.channel->unasked();
  return Value::Object{{"hosts", store_.hosts()},
                       {"written", store_.written()},
                       {"restored", store_.restored()},
                       {"missed", store_.missed()},
                       {"unasked", unasked},
                       {"unreadable", store_.unreadable()}};
}

}  // namespace weir
