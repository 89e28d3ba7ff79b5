// SPDX-License-Identifier: GPL-3.0-or-later
#include "zmq/link_guard.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <deque>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace weir {
namespace {

constexpr const char* kDoor = "inproc://zeromq.zap.01";  // RFC 27
constexpr const char* kEvents = "inproc://events";

// RFC 27: what libzmq asks.
struct Question {
  std::string request_id;
  std::string mechanism;
  std::string public_key;  // Z85; of CURVE
};
struct Answer {
  const char* status;
  const char* text;
  std::string user;
};

const char* reason_of_protocol_error(uint32_t value) {
  if (value == ZMQ_PROTOCOL_ERROR_ZMTP_CRYPTOGRAPHIC ||
      value == ZMQ_PROTOCOL_ERROR_ZMTP_KEY_EXCHANGE)
    return "encryption";
  if (value == ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH) return "mechanism";
  return "protocol";
}

class Guard final : public LinkGuard {
 public:
  // `door`: not open where the socket connects.
  Guard(ZmqHandle events, ZmqHandle door, const ZmqLinkOptions& options)
      : events_(std::move(events)),
        door_(std::move(door)),
        takes_curve_(options.keys.has_value()),
        takes_any_(options.allowed.any),
        allowed_(options.allowed.keys.begin(), options.allowed.keys.end()),
        max_peers_(options.max_peers),
        thread_([this](const std::stop_token& stop) { run(stop); }) {}

  [[nodiscard]] ZmqLinkStatistics statistics() const override {
    const std::lock_guard lock(mutex_);
    return statistics_;
  }

  bool has_given_up() override {
    constexpr std::chrono::seconds kPatience{2};  // it tells at once when it tries again
    const std::lock_guard lock(mutex_);
    if (!lost_ || Clock::now() < *lost_ + kPatience) return false;
    lost_.reset();
    ++statistics_.retries;
    return true;
  }

 private:
  using Clock = std::chrono::steady_clock;

  void run(const std::stop_token& stop) {
    constexpr long kPatienceMs = 100;
    std::array<zmq_pollitem_t, 2> items{
        {{events_.get(), 0, ZMQ_POLLIN, 0}, {door_.get(), 0, ZMQ_POLLIN, 0}}};
    const int count = door_.is_open() ? 2 : 1;
    while (!stop.stop_requested()) {
      if (zmq_poll(items.data(), count, kPatienceMs) <= 0) continue;
      Question question;
      const bool is_asked = count == 2 && items[1].revents != 0 && read(question);
      // What was told before the question counts for it.
      take_events();
      if (is_asked) send(question, answer_to(question));
    }
    events_.close();
    door_.close();
  }

  // Two parts each: number and value, and the address.
  void take_events() {
    ZmqPart part;
    while (part.receive(events_.get())) {
      uint16_t event = 0;
      uint32_t value = 0;
      if (part.bytes().size() == sizeof event + sizeof value) {
        std::memcpy(&event, part.bytes().data(), sizeof event);
        std::memcpy(&value, part.bytes().data() + sizeof event, sizeof value);
        take_event(event, value);
      }
      while (part.has_more() && part.receive(events_.get())) {
      }
    }
  }

  void take_event(uint16_t event, uint32_t value) {
    const std::lock_guard lock(mutex_);
    switch (event) {
      case ZMQ_EVENT_ACCEPTED:
      case ZMQ_EVENT_CONNECTED:
        ++statistics_.connections;
        lost_.reset();
        break;
      case ZMQ_EVENT_CONNECT_RETRIED:
        ++statistics_.retries;
        lost_.reset();
        break;
      case ZMQ_EVENT_DISCONNECTED:
        ++statistics_.disconnected;
        if (statistics_.connections > 0) --statistics_.connections;
        lost_ = Clock::now();
        leave();
        break;
      case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        ++statistics_.connected;
        ++let_in_;
        if (!promised_.empty()) promised_.pop_front();
        break;
      case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
        ++statistics_.failed["closed"];
        ++failed_;
        break;
      case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
        ++statistics_.failed[reason_of_protocol_error(value)];
        ++failed_;
        break;
      case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        ++statistics_.failed["authentication"];
        ++failed_;
        break;
      default:
        break;
    }
  }

  // A connection has ended. libzmq does not say which; one whose handshake failed ends at once.
  void leave() {
    size_t& which = failed_ > 0 ? failed_ : let_in_;
    if (which > 0) --which;
    let_in_ = std::min(let_in_, statistics_.connections);
    failed_ = std::min(failed_, statistics_.connections);
  }

  // All parts of one question; false when it is none.
  bool read(Question& question) {
    constexpr size_t kParts = 7;  // version, id, domain, address, identity, mechanism, credentials
    std::vector<std::string> parts;
    bool has_more = true;
    while (has_more) {
      ZmqPart part;
      if (!part.receive(door_.get())) return false;
      if (parts.size() < kParts) parts.emplace_back(part.text());
      has_more = part.has_more();
    }
    if (parts.size() < 2) return false;
    question.request_id = parts[1];
    if (parts.size() >= 6) question.mechanism = parts[5];
    constexpr size_t kKeyBytes = 32;
    if (parts.size() == kParts && parts[6].size() == kKeyBytes) {
      std::array<char, kCurveKeyLength + 1> key{};
      (void)zmq_z85_encode(key.data(), reinterpret_cast<const uint8_t*>(parts[6].data()),
                           kKeyBytes);
      question.public_key = key.data();
    }
    return true;
  }

  // Who was promised a place has it until his handshake is over, or would have been.
  bool has_place() {
    const auto oldest = Clock::now() - kHandshakeTime;
    while (!promised_.empty() && promised_.front() < oldest) promised_.pop_front();
    return let_in_ + promised_.size() < max_peers_;
  }

  Answer answer_to(const Question& question) {
    const std::lock_guard lock(mutex_);
    // Whoever opens connections and says nothing takes no place of a peer. 300: to come again.
    if (!has_place()) {
      ++statistics_.turned_away;
      return {"300", "too many", {}};
    }
    const bool is_plain = !takes_curve_ && question.mechanism == "NULL";
    const bool is_curve = takes_curve_ && question.mechanism == "CURVE";
    if (is_plain || (is_curve && (takes_any_ || allowed_.contains(question.public_key)))) {
      promised_.push_back(Clock::now());
      return {"200", "OK", question.public_key};
    }
    auto& denied = statistics_.denied;
    if (denied.size() >= ZmqLinkStatistics::kMostDenied && !denied.contains(question.public_key)) {
      ++statistics_.denied_others;
    } else {
      ++denied[question.public_key];
    }
    return {"400", "not allowed", {}};
  }

  void send(const Question& question, const Answer& answer) {
    const std::array<std::string_view, 6> parts{"1.0",       question.request_id, answer.status,
                                                answer.text, answer.user,         ""};
    for (size_t i = 0; i < parts.size(); ++i)
      (void)zmq_send(door_.get(), parts[i].data(), parts[i].size(),
                     i + 1 < parts.size() ? ZMQ_SNDMORE : 0);
  }

  ZmqHandle events_;
  ZmqHandle door_;
  const bool takes_curve_;
  const bool takes_any_;
  const std::set<std::string> allowed_;
  const size_t max_peers_;
  mutable std::mutex mutex_;  // of all that follows
  ZmqLinkStatistics statistics_;
  size_t let_in_ = 0;                       // connections
  std::deque<Clock::time_point> promised_;  // when others were told that they may come in
  size_t failed_ = 0;  // connections that are going to end, for their handshake failed
  std::optional<Clock::time_point> lost_;  // when the last one ended that was not tried again
  std::jthread thread_;                    // last: it uses the others
};

Result<ZmqHandle> hear_events(const ZmqContext& context, const ZmqHandle& socket) {
  constexpr int kHeard = ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_CONNECTED | ZMQ_EVENT_CONNECT_RETRIED |
                         ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED |
                         ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                         ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;
  if (zmq_socket_monitor(socket.get(), kEvents, kHeard) != 0) return zmq_error("events of ZeroMQ");
  ZmqHandle events(context.get(), ZMQ_PAIR);
  if (!events.is_open() || zmq_connect(events.get(), kEvents) != 0)
    return zmq_error("events of ZeroMQ");
  (void)events.set(ZMQ_LINGER, 0);
  return events;
}

Result<ZmqHandle> open_door(const ZmqContext& context, const ZmqHandle& socket) {
  ZmqHandle door(context.get(), ZMQ_REP);
  if (!door.is_open()) return zmq_error("guard of ZeroMQ");
  (void)door.set(ZMQ_LINGER, 0);
  if (zmq_bind(door.get(), kDoor) != 0) return zmq_error("guard of ZeroMQ");
  // Without a domain nobody asks about those that are plain.
  if (!socket.set(ZMQ_ZAP_DOMAIN, std::string("weir"))) return zmq_error("guard of ZeroMQ");
  return door;
}

}  // namespace

Result<std::unique_ptr<LinkGuard>> LinkGuard::start(const ZmqContext& context,
                                                    const ZmqHandle& socket,
                                                    const ZmqLinkOptions& options) {
  auto events = hear_events(context, socket);
  if (!events) return events.error();
  auto door = options.binds ? open_door(context, socket) : Result<ZmqHandle>(ZmqHandle());
  if (!door) return door.error();
  return std::unique_ptr<LinkGuard>(
      std::make_unique<Guard>(*std::move(events), *std::move(door), options));
}

}  // namespace weir
