// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/value.h"
#include "zmq/curve_keys.h"
#include "zmq/zmq_endpoint.h"

namespace weir {

// What a socket is to do and whom it is to trust.
struct ZmqLinkOptions {
  ZmqEndpoint endpoint;
  bool binds = false;             // else it connects
  std::optional<CurveKeys> keys;  // who we are; a socket that is bound then takes CURVE alone
  AllowedKeys allowed;            // of a bound one with keys: who may come
  bool allows_plain = false;      // without CURVE to and from other machines
  // Peers of a bound socket; libzmq itself knows no bound. Further ones are turned away.
  size_t max_peers = 64;
};

// Who came and who was turned away.
struct ZmqLinkStatistics {
  size_t connections = 0;      // open, those that still shake hands included
  uint64_t connected = 0;      // times that somebody was let in, or we were
  uint64_t disconnected = 0;   // times that a connection ended, let in or not
  uint64_t retries = 0;        // times that we tried to connect again
  uint64_t turned_away = 0;    // for there were too many
  uint64_t denied_others = 0;  // of keys that are not in `denied`
  // Public keys that are not allowed, and how often they came; so many are told apart.
  static constexpr size_t kMostDenied = 32;
  std::map<std::string, uint64_t> denied;
  // Handshakes that failed, by reason: "encryption" (a wrong key on one side), "mechanism" (one
  // side is plain), "authentication" (we turned it away), "closed" (the other side ended it,
  // which it does without a word when it does not like our key), "protocol" (no ZeroMQ, or broken).
  std::map<std::string, uint64_t> failed;
};

// As it stands in answers: schema/openapi.yaml has it.
[[nodiscard]] Value link_answer(const ZmqLinkStatistics& links);

// Whether such a link may be: errors when it would be plain and leave the machine without
// allows_plain, when a bound one has keys but nobody who may come, when a key is named but
// nothing to use it with.
[[nodiscard]] Result<void> check_zmq_link(const ZmqLinkOptions& options);

// A socket of libzmq with its context and what looks after its connections. For Subscriber and
// Publisher. Owner: one thread.
class ZmqLink {
 public:
  enum class Kind : uint8_t { kSubscriber, kPublisher };
  struct Bounds {
    int queued_messages = 64;  // of each peer
    int64_t max_message_bytes = int64_t{4} << 20;
    std::chrono::milliseconds linger{0};
  };
  // Errors: those of check_zmq_link(); the address cannot be had.
  static Result<std::unique_ptr<ZmqLink>> open(Kind kind, const ZmqLinkOptions& options,
                                               const Bounds& bounds);
  virtual ~ZmqLink() = default;

  // libzmq's handle.
  [[nodiscard]] virtual void* socket() const = 0;
  // Waits at most so long until the socket has something to read, and says whether it has. To be
  // called again and again: where the other side has refused us, this connects anew.
  virtual bool wait(std::chrono::milliseconds timeout) = 0;
  [[nodiscard]] virtual ZmqLinkStatistics statistics() const = 0;
  // Where it is bound: with the port that was found for "*".
  [[nodiscard]] virtual std::string address() const = 0;
};

}  // namespace weir
