// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "base/timestamp.h"
#include "net/ip_address.h"
#include "record/latency_histogram.h"
#include "record/time_split.h"

namespace weir {

// All transactions of one protocol and key together, but for how their times were distributed. A
// plain value.
struct TransactionSums {
  std::string protocol;
  std::string key;
  bool is_other = false;       // those of the keys that gave way to the bound on memory
  bool is_one_server = false;  // the server below belongs to what the record is about; else it is
                               // that of the latest transaction
  IpAddress server;
  uint16_t server_port = 0;
  uint64_t flow = 0;  // id of the flow of the latest transaction, in shard `shard`
  uint32_t shard = 0;
  Timestamp last_seen;  // when the latest one was completed
  uint64_t count = 0;
  uint64_t errors = 0;
  uint64_t unanswered = 0;   // of `count`; they have no time
  uint64_t per_second = 0;   // of the last whole second
  uint64_t server_bits = 0;  // one of 64 bits for each server
  uint64_t total_ns = 0;     // of all response times
  uint64_t min_ns = UINT64_MAX;
  uint64_t max_ns = 0;
  uint64_t split_count = 0;  // transactions that `split` is the sum of
  TimeSplit split;

  // Takes in what another shard counted of the same.
  TransactionSums& operator+=(const TransactionSums& more) {
    if (more.last_seen > last_seen) {
      server = more.server;
      server_port = more.server_port;
      flow = more.flow;
      shard = more.shard;
      last_seen = more.last_seen;
    }
    count += more.count;
    errors += more.errors;
    unanswered += more.unanswered;
    per_second += more.per_second;
    server_bits |= more.server_bits;
    total_ns += more.total_ns;
    min_ns = std::min(min_ns, more.min_ns);
    max_ns = std::max(max_ns, more.max_ns);
    split_count += more.split_count;
    split += more.split;
    return *this;
  }
};

struct TransactionRecord : TransactionSums {
  LatencyHistogram all;
  LatencyHistogram recent;  // of the last 30 to 60 seconds

  TransactionRecord& operator+=(const TransactionRecord& more) {
    TransactionSums::operator+=(more);
    all += more.all;
    recent += more.recent;
    return *this;
  }
};

}  // namespace weir
