// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "app/host_channel.h"
#include "app/host_store.h"
#include "base/value.h"
#include "cache/cache.h"
#include "engine/interface.h"

namespace weir {

// Keeps hosts that shards forget, and gives them their pasts back when they speak again: a thread
// between the channels of the shards and the store. It works in rounds with pauses, so that a flood
// of hosts costs a part of one processor: at most a channel's queue of hosts a round, some 25,000 a
// second.
class HostKeeper {
 public:
  // `cache` must outlive it.
  HostKeeper(Cache& cache, HostStore::Setting setting) : store_(cache, setting) {}

  // The archive of one more shard, for ShardOptions. Before start().
  [[nodiscard]] HostArchive* add_shard(const std::string& interface);
  [[nodiscard]] const KeyedHash::Secret& estimate_secret() const {
    return store_.estimate_secret();
  }
  // Rounds from now on.
  void start();
  // One round.
  void work();
  // Ends the thread and puts the hosts of these interfaces into the store, those with the most
  // bytes first, for at most `time`. REQUIRES: no thread works on their shards any more; each
  // interface has shards of add_shard(), and their flows are ended.
  void close(const std::vector<const Interface*>& interfaces,
             std::chrono::steady_clock::duration time);

  // What is kept of a host of an interface. Any thread.
  [[nodiscard]] std::optional<HostRecord> find(std::string_view interface,
                                               const HostKey& key) const {
    return store_.find(interface, key);
  }
  [[nodiscard]] const std::string& estimator() const { return store_.estimator(); }
  // {"hosts", "written", "restored", "missed", "unasked", "unreadable"}. Any thread.
  [[nodiscard]] Value statistics() const;

 private:
  struct Served {
    std::unique_ptr<HostChannel> channel;
    std::deque<HostKey> asked;  // that wait for room; at most a queue of them
  };

  void run(const std::stop_token& stop);
  void serve(Served& served);
  void answer(Served& served);
  void take_over_rest(Served& served);

  HostStore store_;
  std::vector<Served> served_;
  std::chrono::steady_clock::time_point saved_{};
  std::jthread thread_;  // last: it uses the others
};

}  // namespace weir
