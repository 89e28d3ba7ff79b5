// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "base/timestamp.h"

namespace weir {

// A question and its answer in a protocol that has them.
struct Transaction {
  std::string_view protocol;  // "HTTP", "DNS", "TLS", "MySQL", "PostgreSQL", "Redis", "Memcached"
  std::string_view key;  // what was asked, normalised: "GET example.org/slow", "SELECT * FROM t
                         // WHERE id = ?"; lives until the call returns
  Timestamp asked;       // the last packet of the request
  Timestamp answered;    // the first packet of the response
  Timestamp completed;   // the last one, as far as it was followed
  bool is_error =
      false;  // the answer said so (HTTP 4xx and 5xx, DNS rcodes but NOERROR, SQL errors)
  // False: none came before the flow ended; `answered` and `completed` are then `asked`, and there
  // is no response time.
  bool has_answer = true;
};

// Takes the transactions of a flow as they end. Owner: shard thread.
class TransactionSink {
 public:
  virtual ~TransactionSink() = default;
  virtual void accept(const Transaction& transaction) = 0;
};

}  // namespace weir
