// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/value.h"
#include "cache/cache.h"
#include "enrich/dns_client.h"
#include "enrich/reverse_book.h"
#include "net/ip_address.h"

namespace weir {

struct ReverseNamesOptions {
  using Want = std::function<void(const IpAddress&)>;

  DnsClientOptions dns;
  ReverseBookLimits book;
  double questions_per_second = 100;
  size_t in_flight = 64;
  // Called each second by the thread that asks: says which addresses are of interest. May be empty.
  std::function<void(const Want& want)> feed;
  Cache* cache = nullptr;                     // must outlive it; null: nothing outlives it
  std::function<std::chrono::seconds()> now;  // since 1970; empty: the system clock
};

// Asks name servers for the names of addresses, on a thread of its own: a bounded number a second,
// one after 20 that were not answered in a row, each address once until the lifetime of its answer
// is over. What was answered, and that nothing was, is kept in the cache for that long under
// "dns/ADDRESS", so that other instances and the next run need not ask. Thread-safe.
class ReverseNames {
 public:
  // Error: the name server is no address.
  static Result<std::unique_ptr<ReverseNames>> start(ReverseNamesOptions options);
  ~ReverseNames();
  ReverseNames(const ReverseNames&) = delete;
  ReverseNames& operator=(const ReverseNames&) = delete;

  void want(const IpAddress& address);
  // The name that is known at the moment, in lower case; "" when there is none. Never waits.
  [[nodiscard]] std::string name(const IpAddress& address) const;

  // {"limit_per_second", "addresses", "names", "pending", "refused", "forgotten", "asked",
  // "answered", "without_name", "bad_names", "failed", "from_cache", "slowed"}
  [[nodiscard]] Value statistics() const;

 private:
  class Impl;
  explicit ReverseNames(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace weir
