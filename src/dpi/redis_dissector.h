// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dpi/dissector.h"
#include "dpi/exchange_queue.h"
#include "dpi/resp_reader.h"

namespace weir {

// Follows a connection to Redis in RESP2 or RESP3: each command as a transaction, pipelined ones
// too. Its key is the command, with its sub-command where it has one, else with the pattern of the
// key it is about ("GET user:?", "CONFIG GET"); what may be a secret or a script is left out. Done
// where replies stop to follow commands: subscriptions, MONITOR, replication, CLIENT REPLY. After
// missing packets it goes on at the next packet that begins with a command.
// Source: redis.io, "Redis serialization protocol specification".
class RedisDissector : public Dissector {
 public:
  static bool may_begin(const Payload& payload);
  static std::unique_ptr<Dissector> create();

  Progress feed(const Payload& payload, Findings& findings) override;
  [[nodiscard]] size_t held_bytes() const override;
  void conclude(Findings& findings) override;

  // Whether bytes were missing or not understood. What is found from there on depends on how the
  // stream was cut into packets.
  [[nodiscard]] bool has_lost_track() const { return has_lost_track_; }

 private:
  struct Side {
    explicit Side(bool takes_inline) : values(takes_inline) {}
    RespReader values;
    bool is_lost = false;
  };

  Progress lose(Side& side, const Findings& findings);
  bool find_again(const Payload& payload);
  Progress take_command(const RespReader& value, Timestamp when, Findings& findings);
  void take_reply(const RespReader& value, Timestamp when, Findings& findings);

  Side server_{false};
  Side client_{true};
  bool has_lost_track_ = false;
  ExchangeQueue exchanges_{"Redis"};
};

// The key of a command's transactions, as RedisDissector has it; `words` are the command and its
// first arguments, at least one.
[[nodiscard]] std::string redis_transaction_key(const std::vector<std::string>& words);

}  // namespace weir
