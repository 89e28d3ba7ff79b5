// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <memory>

#include "base/result.h"
#include "zmq/zmq_handle.h"
#include "zmq/zmq_link.h"

namespace weir {

// Looks after the connections of one socket, in a thread of its own: counts what libzmq tells of
// them, and where the socket is bound decides who may come (ZAP, RFC 27). It gives those that it
// lets in their public key as user id. Must be destroyed before the context is. statistics() may be
// called by any thread.
class LinkGuard {
 public:
  static constexpr std::chrono::milliseconds kHandshakeTime{5000};  // that the socket gives a peer

  // Before the socket is bound or connects. Error: libzmq refuses.
  static Result<std::unique_ptr<LinkGuard>> start(const ZmqContext& context,
                                                  const ZmqHandle& socket,
                                                  const ZmqLinkOptions& options);
  virtual ~LinkGuard() = default;

  [[nodiscard]] virtual ZmqLinkStatistics statistics() const = 0;
  // Of a socket that connects: whether the other side ended the connection and libzmq does not try
  // again, as after each refusal. Any thread; true once, then the owner is to connect anew.
  [[nodiscard]] virtual bool has_given_up() = 0;
};

}  // namespace weir
