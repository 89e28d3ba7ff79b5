// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "base/keyed_hash.h"
#include "base/value.h"
#include "enrich/reverse_answer.h"
#include "net/ip_address.h"

namespace weir {

struct ReverseBookLimits {
  size_t names = 32'768;             // addresses of which something is known; then the oldest goes
  size_t pending = 16'384;           // addresses to ask for; then others are refused
  std::chrono::seconds shortest{5};  // what a shorter TTL counts as
  std::chrono::seconds longest{86'400};  // ... a longer one
  std::chrono::seconds no_name{300};     // until an address without a name is asked for again
  std::chrono::seconds failed{60};       // ... one of which nobody told
  std::chrono::seconds stale{3'600};  // how long a name is shown when it cannot be asked for again
};

// The names of addresses as far as they are known, and the queue of those to ask for, each once.
// `now` is seconds since any time. Thread-safe. Cost: a look-up in a hash table.
class ReverseBook {
 public:
  using Seconds = std::chrono::seconds;

  explicit ReverseBook(ReverseBookLimits limits);

  // Somebody would like to know. Puts it in the queue unless it is known or there already; whether
  // it did.
  bool want(const IpAddress& address, Seconds now);
  // The address that waited longest, out of the queue. It is not put there again before learn().
  std::optional<IpAddress> take_pending();

  // How long an answer is good for; 0 for one that is not from the server.
  [[nodiscard]] Seconds lifetime(const ReverseAnswer& answer) const;
  // A failure leaves a name that was known as it is.
  void learn(const IpAddress& address, const ReverseAnswer& answer, Seconds now, Seconds lifetime);

  // "" where there is none.
  [[nodiscard]] std::string name(const IpAddress& address, Seconds now) const;
  // Of any address. Without a lock: for those who are about to ask for many.
  [[nodiscard]] bool has_names() const { return names_.load(std::memory_order_relaxed) != 0; }

  // Adds "addresses", "names", "pending", "refused", "forgotten".
  void add_statistics(Value& out) const;

 private:
  // Strangers choose addresses; they may not choose which collide.
  struct Hash {
    Hash() : hash(KeyedHash::random_secret()) {}
    size_t operator()(const IpAddress& address) const;
    KeyedHash hash;
  };
  struct Entry {
    IpAddress address;
    std::string name;
    Seconds expires{0};    // when it is asked for again
    Seconds name_ends{0};  // when the name is shown no more
  };

  void forget_oldest();

  const ReverseBookLimits limits_;
  mutable std::mutex mutex_;
  std::list<Entry> entries_;  // the one that was learnt last stands last
  std::unordered_map<IpAddress, std::list<Entry>::iterator, Hash> places_;
  std::deque<IpAddress> pending_;
  std::unordered_set<IpAddress, Hash> is_pending_;  // or being asked for
  std::atomic<size_t> names_{0};
  uint64_t refused_ = 0;
  uint64_t forgotten_ = 0;
};

}  // namespace weir
