// SPDX-License-Identifier: GPL-3.0-or-later
#include "zmq/zmq_link.h"

#include <array>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "zmq/link_guard.h"
#include "zmq/zmq_handle.h"

namespace weir {
namespace {

bool uses_curve(const ZmqLinkOptions& options) {
  return options.binds ? options.keys.has_value() : !options.endpoint.server_key.empty();
}

// False when libzmq has no CURVE.
bool set_curve(const ZmqHandle& socket, const ZmqLinkOptions& options, const CurveKeys& keys) {
  bool is_set = socket.set(ZMQ_CURVE_PUBLICKEY, keys.public_key) &&
                socket.set(ZMQ_CURVE_SECRETKEY, keys.secret_key);
  is_set = is_set && (options.binds ? socket.set(ZMQ_CURVE_SERVER, 1)
                                    : socket.set(ZMQ_CURVE_SERVERKEY, options.endpoint.server_key));
  return is_set;
}

// A peer that is stopped, or gone without a word, gives up its place: else one that hears nothing
// would hold up what a publisher sends to the others.
void set_heartbeat(const ZmqHandle& socket) {
  constexpr int kEveryMs = 1000;
  constexpr int kPatienceMs = 3000;
  (void)socket.set(ZMQ_HEARTBEAT_IVL, kEveryMs);
  (void)socket.set(ZMQ_HEARTBEAT_TIMEOUT, kPatienceMs);
}

void set_bounds(const ZmqHandle& socket, const ZmqLink::Bounds& bounds) {
  // After a connection is lost: 0.2 to 2 s, each time up to 0.2 s more or less by chance.
  constexpr int kFirstRetryMs = 200;
  constexpr int kLastRetryMs = 2000;
  constexpr int kConnectMs = 2000;
  constexpr int kHandshakeMs = LinkGuard::kHandshakeTime.count();
  constexpr int kKernelBuffer = 8 << 20;
  constexpr int kIdleSeconds = 30;
  constexpr int kProbeSeconds = 3;
  constexpr int kProbes = 3;
  (void)socket.set(ZMQ_LINGER, static_cast<int>(bounds.linger.count()));
  (void)socket.set(ZMQ_MAXMSGSIZE, bounds.max_message_bytes);
  (void)socket.set(ZMQ_RCVHWM, bounds.queued_messages);
  (void)socket.set(ZMQ_SNDHWM, bounds.queued_messages);
  (void)socket.set(ZMQ_RCVBUF, kKernelBuffer);
  (void)socket.set(ZMQ_RECONNECT_IVL, kFirstRetryMs);
  (void)socket.set(ZMQ_RECONNECT_IVL_MAX, kLastRetryMs);
  (void)socket.set(ZMQ_CONNECT_TIMEOUT, kConnectMs);
  (void)socket.set(ZMQ_HANDSHAKE_IVL, kHandshakeMs);
  (void)socket.set(ZMQ_TCP_KEEPALIVE, 1);
  (void)socket.set(ZMQ_TCP_KEEPALIVE_IDLE, kIdleSeconds);
  (void)socket.set(ZMQ_TCP_KEEPALIVE_INTVL, kProbeSeconds);
  (void)socket.set(ZMQ_TCP_KEEPALIVE_CNT, kProbes);
}

class Link final : public ZmqLink {
 public:
  Result<void> start(Kind kind, const ZmqLinkOptions& options, const Bounds& bounds) {
    const std::string& address = options.endpoint.address;
    socket_ = ZmqHandle(context_.get(), kind == Kind::kSubscriber ? ZMQ_SUB : ZMQ_XPUB);
    if (!socket_.is_open()) return zmq_error(address);
    set_bounds(socket_, bounds);
    set_heartbeat(socket_);
    // With it one of IPv4 would be shown as ::ffff:192.0.2.1.
    (void)socket_.set(ZMQ_IPV6, options.endpoint.is_v4() ? 0 : 1);
    if (kind == Kind::kPublisher) {
      // Whoever is slow makes send() say so, instead of losing without a word.
      (void)socket_.set(ZMQ_XPUB_NODROP, 1);
      (void)socket_.set(ZMQ_XPUB_VERBOSER, 1);
      (void)socket_.set(ZMQ_IMMEDIATE, 1);
    } else if (!socket_.set(ZMQ_SUBSCRIBE, std::string())) {
      return zmq_error(address);
    }
    auto guard = LinkGuard::start(context_, socket_, options);
    if (!guard) return guard.error();
    guard_ = *std::move(guard);
    if (uses_curve(options)) {
      // Whoever connects without keys of its own is somebody new each time.
      auto keys = options.keys ? Result<CurveKeys>(*options.keys) : make_curve_keys();
      if (!keys) return keys.error();
      if (!set_curve(socket_, options, *keys)) return zmq_error(address + ": CURVE");
    }
    const int opened = options.binds ? zmq_bind(socket_.get(), address.c_str())
                                     : zmq_connect(socket_.get(), address.c_str());
    if (opened != 0) return zmq_error((options.binds ? "listen on " : "connect to ") + address);
    if (!options.binds) connects_ = address;
    return {};
  }

  [[nodiscard]] void* socket() const override { return socket_.get(); }

  bool wait(std::chrono::milliseconds timeout) override {
    if (connects_ && guard_->has_given_up()) connect_anew();
    zmq_pollitem_t item{socket_.get(), 0, ZMQ_POLLIN, 0};
    return zmq_poll(&item, 1, timeout.count()) > 0;
  }

  [[nodiscard]] ZmqLinkStatistics statistics() const override { return guard_->statistics(); }

  [[nodiscard]] std::string address() const override {
    std::array<char, 256> text{};
    size_t length = text.size();
    if (zmq_getsockopt(socket_.get(), ZMQ_LAST_ENDPOINT, text.data(), &length) != 0) return {};
    return text.data();
  }

 private:
  // Whoever refuses today may have been told of our key tomorrow.
  void connect_anew() {
    (void)zmq_disconnect(socket_.get(), connects_->c_str());
    (void)zmq_connect(socket_.get(), connects_->c_str());
  }

  std::optional<std::string> connects_;  // to where
  ZmqContext context_;  // first of what libzmq has: it ends when all its sockets are closed
  std::unique_ptr<LinkGuard> guard_;
  ZmqHandle socket_;
};

}  // namespace

Result<void> check_zmq_link(const ZmqLinkOptions& options) {
  const std::string& address = options.endpoint.address;
  if (options.binds && !options.endpoint.server_key.empty())
    return Error{address +
                 ": a socket that listens takes no key of the other side; name those that may "
                 "come (--zmq-allow)"};
  if (uses_curve(options)) {
    const bool lets_in = options.allowed.any || !options.allowed.keys.empty();
    if (options.binds && !lets_in)
      return Error{address +
                   ": nobody may come: name the public keys that may with --zmq-allow (any: all "
                   "that know ours)"};
    return {};
  }
  if (!options.endpoint.is_local() && !options.allows_plain)
    return Error{fmt::format(
        "{} is not on this machine, and nothing would be encrypted: {}, or say --zmq-plain",
        address,
        options.binds ? "give it keys (--zmq-keys, --zmq-allow)"
                      : "name the key of the other side (--zmq-server-key)")};
  return {};
}

Result<std::unique_ptr<ZmqLink>> ZmqLink::open(Kind kind, const ZmqLinkOptions& options,
                                               const Bounds& bounds) {
  if (auto checked = check_zmq_link(options); !checked) return checked.error();
  auto link = std::make_unique<Link>();
  if (auto started = link->start(kind, options, bounds); !started) return started.error();
  return std::unique_ptr<ZmqLink>(std::move(link));
}

Value link_answer(const ZmqLinkStatistics& links) {
  const auto counts = [](const std::map<std::string, uint64_t>& by_name) {
    Value::Object members;
    for (const auto& [name, count] : by_name) members.emplace_back(name, count);
    return Value(std::move(members));
  };
  Value answer;
  answer.set("connections", uint64_t{links.connections});
  answer.set("connected", links.connected);
  answer.set("disconnected", links.disconnected);
  answer.set("retries", links.retries);
  answer.set("turned_away", links.turned_away);
  answer.set("failed_handshakes", counts(links.failed));
  answer.set("denied_keys", counts(links.denied));
  answer.set("denied_others", links.denied_others);
  return answer;
}

}  // namespace weir
