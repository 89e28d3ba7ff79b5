// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/redis_cache.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <iterator>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <poll.h>

#include "base/keyed_hash.h"
#include "base/log.h"
#include "base/printable.h"
#include "base/wake_up.h"
#include "cache/channels.h"

namespace weir {
namespace {

using Clock = RedisConnection::Clock;

constexpr std::chrono::milliseconds kLastWrites{500};

bool is_acceptable(std::string_view key, std::string_view value) {
  return key.size() <= Cache::kMaxKeyBytes && value.size() <= Cache::kMaxValueBytes;
}

// Others may have put larger values there.
std::optional<std::string> text_of(std::optional<RedisReply> reply) {
  if (!reply || reply->kind != RedisReply::Kind::kText ||
      reply->text.size() > Cache::kMaxValueBytes)
    return std::nullopt;
  return std::move(reply->text);
}

// What channels are called in the Redis: weir/INSTANCE/CHANNEL, so that an instance knows its own
// messages, which its subscribers have heard already. They have no prefix: instances with keys of
// their own hear each other.
class ChannelNames {
 public:
  static constexpr std::string_view kPattern = "weir/*";

  [[nodiscard]] std::string sent(std::string_view channel) const {
    return fmt::format("weir/{}/{}", instance_, channel);
  }
  // Nothing: it is our own, or no name of a channel.
  [[nodiscard]] std::optional<std::string_view> heard(std::string_view name) const {
    constexpr std::string_view kStart = "weir/";
    if (!name.starts_with(kStart)) return std::nullopt;
    name.remove_prefix(kStart.size());
    const size_t slash = name.find('/');
    if (slash == std::string_view::npos || name.substr(0, slash) == instance_) return std::nullopt;
    name.remove_prefix(slash + 1);
    if (name.size() > Cache::kMaxKeyBytes) return std::nullopt;
    return name;
  }

 private:
  const std::string instance_ = fmt::format("{:016x}", KeyedHash::random_secret()[0]);
};

}  // namespace

class RedisCache::Impl {
 public:
  explicit Impl(RedisCacheOptions options)
      : options_(std::move(options)), queue_(options_.limits, [this] { wake_.call(); }) {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }
  ~Impl() {
    thread_.request_stop();
    wake_.call();
    thread_.join();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  std::optional<std::string> get(std::string_view key) {
    return text_of(queue_.ask({"GET", name("value", key)}));
  }

  void set(std::string_view key, std::string_view value, std::chrono::seconds lifetime) {
    if (!accepts(key, value)) return;
    RedisCommand command{"SET", name("value", key), std::string(value)};
    if (lifetime.count() > 0) {
      command.emplace_back("EX");
      command.push_back(std::to_string(lifetime.count()));
    }
    queue_.write({std::move(command)});
  }

  void erase(std::string_view key) { queue_.write({{"DEL", name("value", key)}}); }

  void push(std::string_view list, std::string_view value, size_t keep) {
    if (!accepts(list, value)) return;
    const std::string key = name("list", list);
    if (keep == 0) return queue_.write({{"DEL", key}});
    const size_t last = std::min(keep, kMaxListLength) - 1;
    queue_.write({{"LPUSH", key, std::string(value)}, {"LTRIM", key, "0", std::to_string(last)}});
  }

  std::vector<std::string> newest(std::string_view list, size_t limit) {
    if (limit == 0) return {};
    const size_t last = std::min(limit, kMaxListLength) - 1;
    auto reply = queue_.ask({"LRANGE", name("list", list), "0", std::to_string(last)});
    return reply ? std::move(reply->list) : std::vector<std::string>();
  }

  std::optional<std::string> take_oldest(std::string_view list) {
    return text_of(queue_.ask({"RPOP", name("list", list)}, true));
  }

  Result<void> set_preference(std::string_view preference, std::string_view value) {
    if (!accepts(preference, value)) return Error{"the name or the value is too long", 0};
    RedisCommand command{"SET", name("preference", preference), std::string(value)};
    RedisCommand listing{"ZADD", preference_list(), "0", std::string(preference)};
    if (options_.preferences == nullptr) {
      queue_.write({std::move(listing)});
      return confirm(queue_.ask(std::move(command)));
    }
    if (auto kept = options_.preferences->set_preference(preference, value); !kept) return kept;
    queue_.write({std::move(listing), std::move(command)});
    return {};
  }

  // What the Redis still had would come back.
  Result<void> erase_preference(std::string_view preference) {
    if (options_.preferences != nullptr) {
      if (auto erased = options_.preferences->erase_preference(preference); !erased) return erased;
    }
    queue_.write({{"ZREM", preference_list(), std::string(preference)}});
    return confirm(queue_.ask({"DEL", name("preference", preference)}));
  }

  // A set in which all have the same score is sorted by the bytes of its members.
  std::vector<std::string> preference_names(size_t limit) {
    std::vector<std::string> names;
    if (options_.preferences != nullptr) names = options_.preferences->preference_names(limit);
    auto reply = queue_.ask(
        {"ZRANGEBYLEX", preference_list(), "-", "+", "LIMIT", "0", std::to_string(limit)});
    if (reply) std::move(reply->list.begin(), reply->list.end(), std::back_inserter(names));
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    names.resize(std::min(names.size(), limit));
    return names;
  }

  std::optional<std::string> preference(std::string_view preference) {
    if (options_.preferences != nullptr) {
      if (auto kept = options_.preferences->preference(preference)) return kept;
    }
    return text_of(queue_.ask({"GET", name("preference", preference)}));
  }

  void publish(std::string_view channel, std::string_view message) {
    if (channel.size() > kMaxKeyBytes || message.size() > kMaxMessageBytes) {
      ++refused_;
      return;
    }
    channels_.publish(channel, message);
    queue_.write_now({"PUBLISH", channel_names_.sent(channel), std::string(message)});
  }
  std::shared_ptr<Mailbox> subscribe(std::string_view channel, std::function<void()> on_message) {
    auto mailbox = channels_.subscribe(channel, std::move(on_message));
    wake_.call();
    return mailbox;
  }
  std::vector<CacheMessage> messages(std::string_view channel, uint64_t after, size_t limit) {
    const bool has_subscribed = channels_.has_subscribers();
    auto found = channels_.messages(channel, after, limit);
    if (!has_subscribed) wake_.call();
    return found;
  }

  Value statistics() {
    Value out = Value::Object{{"kind", "redis"}, {"address", options_.address.to_string()}};
    queue_.add_statistics(out);
    out.set("refused", refused_.load());
    out.set("reconnects", reconnects_.load());
    out.set("emptied", emptied_.load());
    Value channels = channels_.statistics();
    channels.set("received", received_.load());
    channels.set("hears_others", hears_others_.load());
    out.set("channels", std::move(channels));
    if (options_.preferences != nullptr) out.set("preferences", options_.preferences->statistics());
    return out;
  }

 private:
  [[nodiscard]] std::string name(std::string_view kind, std::string_view key) const {
    return options_.address.prefix + ":" + std::string(kind) + ":" + std::string(key);
  }

  [[nodiscard]] std::string preference_list() const { return name("names", "preference"); }

  bool accepts(std::string_view key, std::string_view value) {
    if (is_acceptable(key, value)) return true;
    ++refused_;
    return false;
  }

  static Result<void> confirm(const std::optional<RedisReply>& reply) {
    if (!reply) return Error{"the Redis did not answer", 0};
    if (reply->kind == RedisReply::Kind::kError) return Error{"Redis: " + reply->text, 0};
    return {};
  }

  // From here on: the thread.

  void run(const std::stop_token& stop) {
    // A connection that breaks is an error of a write, not the end of the program.
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    std::optional<Clock::time_point> end;
    for (;;) {
      const auto now = Clock::now();
      connection_.turn(now);
      send_waiting(now);
      connection_.flush();
      if (channels_.has_subscribers()) hear(now);
      if (stop.stop_requested()) {
        if (!end) end = now + kLastWrites;
        if (queue_.is_empty() || now >= *end) return;
      }
      wait(end);
    }
  }

  void send_waiting(Clock::time_point now) {
    if (!connection_.is_ready()) return;
    while (auto command = queue_.next()) connection_.send(*command);
    if (!is_heartbeat_out_ && now >= next_heartbeat_) {
      connection_.send({"SETNX", marker(), "1"});
      queue_.sent_heartbeat();
      is_heartbeat_out_ = true;
      next_heartbeat_ = now + options_.timing.heartbeat;
      heartbeat_limit_ = now + 5 * options_.timing.answer;
    }
    if (is_heartbeat_out_ && now >= heartbeat_limit_) connection_.lose("it answers too slowly");
  }

  // A connection that hears messages can do nothing else.
  void hear(Clock::time_point now) {
    hearing_.turn(now);
    if (!hearing_.is_ready() || now < next_ping_) return;
    hearing_.send({"PING"});
    hearing_.flush();
    next_ping_ = now + options_.timing.heartbeat;
  }

  void wait(const std::optional<Clock::time_point>& end) {
    Clock::time_point until = connection_.deadline();
    if (channels_.has_subscribers()) until = std::min(until, hearing_.deadline());
    if (hearing_.is_ready()) until = std::min(until, next_ping_);
    if (connection_.is_ready())
      until = std::min(until, is_heartbeat_out_ ? heartbeat_limit_ : next_heartbeat_);
    if (end) until = std::min(until, *end);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
    constexpr int64_t kLongest = 60'000;
    std::array<pollfd, 3> descriptors{
        {{wake_.descriptor(), POLLIN, 0}, interest_of(connection_), interest_of(hearing_)}};
    (void)poll(descriptors.data(), descriptors.size(),
               static_cast<int>(std::clamp<int64_t>(left.count(), 0, kLongest)));
    if (descriptors[0].revents != 0) wake_.heard();
  }

  static pollfd interest_of(const RedisConnection& connection) {
    const short write = connection.wants_to_write() ? POLLOUT : 0;
    return {connection.descriptor(), static_cast<short>(POLLIN | write), 0};
  }

  // What is there as long as nobody empties the Redis.
  [[nodiscard]] std::string marker() const { return options_.address.prefix + ":marker"; }

  void on_ready() {
    is_heartbeat_out_ = false;
    next_heartbeat_ = {};
    is_told_ = false;
    queue_.open();
    if (was_ready_) ++reconnects_;
  }

  void on_lost(const std::string& reason) {
    is_heartbeat_out_ = false;
    queue_.close(reason);
    if (reason == last_reason_) return;  // of one trouble one line
    last_reason_ = reason;
    log_warning(printable(about(reason)));
  }

  void on_reply(RedisReply reply) {
    switch (queue_.answer(reply)) {
      case RedisAddressee::kNobody:
        return connection_.lose("it speaks before it is asked");
      case RedisAddressee::kHeartbeat:
        return on_heartbeat(reply);
      default:
        return;
    }
  }

  // 1: the marker was not there.
  void on_heartbeat(const RedisReply& reply) {
    is_heartbeat_out_ = false;
    if (reply.kind == RedisReply::Kind::kNumber && reply.number == 1 && was_ready_) {
      ++emptied_;
      log_warning(printable(about("it was emptied")));
    }
    // Who greets and then says nothing is not worth a line each time.
    if (!std::exchange(is_told_, true)) {
      log_info(printable(about(was_ready_ ? "connected again" : "connected")));
      last_reason_.clear();
    }
    was_ready_ = true;
  }

  void on_hearing() {
    hearing_.send({"PSUBSCRIBE", std::string(ChannelNames::kPattern)});
    hearing_.flush();
    next_ping_ = {};
  }

  void on_heard(const RedisReply& reply) {
    if (reply.kind == RedisReply::Kind::kError) return hearing_.lose(reply.text);
    if (reply.list.size() == 3 && reply.list[0] == "psubscribe") hears_others_ = true;
    if (reply.list.size() != 4 || reply.list[0] != "pmessage") return;
    const auto channel = channel_names_.heard(reply.list[2]);
    if (!channel || reply.list[3].size() > kMaxMessageBytes) return;
    ++received_;
    channels_.publish(*channel, reply.list[3]);
  }

  [[nodiscard]] std::string about(const std::string& event) const {
    return "cache " + options_.address.to_string() + ": " + event;
  }

  const RedisCacheOptions options_;
  const WakeUp wake_;
  RedisQueue queue_;
  std::atomic<uint64_t> refused_{0};
  std::atomic<uint64_t> reconnects_{0};
  std::atomic<uint64_t> emptied_{0};
  std::atomic<uint64_t> received_{0};
  std::atomic<bool> hears_others_{false};
  Channels channels_;
  const ChannelNames channel_names_;
  // Of the thread.
  bool was_ready_ = false;
  bool is_told_ = false;  // that it is connected
  bool is_heartbeat_out_ = false;
  Clock::time_point next_heartbeat_;
  Clock::time_point heartbeat_limit_;
  std::string last_reason_;
  RedisConnection connection_{options_.address,
                              options_.timing,
                              {.on_ready = [this] { on_ready(); },
                               .on_reply = [this](RedisReply reply) { on_reply(std::move(reply)); },
                               .on_lost = [this](const std::string& reason) { on_lost(reason); }}};
  Clock::time_point next_ping_;
  RedisConnection hearing_{options_.address,
                           options_.timing,
                           {.on_ready = [this] { on_hearing(); },
                            .on_reply = [this](const RedisReply& reply) { on_heard(reply); },
                            .on_lost = [this](const std::string&) { hears_others_ = false; }}};
  std::jthread thread_;
};

RedisCache::RedisCache(RedisCacheOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}
RedisCache::~RedisCache() = default;

std::optional<std::string> RedisCache::get(std::string_view key) {
  return impl_->get(key);
}
void RedisCache::set(std::string_view key, std::string_view value, std::chrono::seconds lifetime) {
  impl_->set(key, value, lifetime);
}
void RedisCache::erase(std::string_view key) {
  impl_->erase(key);
}
void RedisCache::push(std::string_view list, std::string_view value, size_t keep) {
  impl_->push(list, value, keep);
}
std::vector<std::string> RedisCache::newest(std::string_view list, size_t limit) {
  return impl_->newest(list, limit);
}
std::optional<std::string> RedisCache::take_oldest(std::string_view list) {
  return impl_->take_oldest(list);
}
Result<void> RedisCache::set_preference(std::string_view name, std::string_view value) {
  return impl_->set_preference(name, value);
}
std::optional<std::string> RedisCache::preference(std::string_view name) {
  return impl_->preference(name);
}
Result<void> RedisCache::erase_preference(std::string_view name) {
  return impl_->erase_preference(name);
}
std::vector<std::string> RedisCache::preference_names(size_t limit) {
  return impl_->preference_names(limit);
}
void RedisCache::publish(std::string_view channel, std::string_view message) {
  impl_->publish(channel, message);
}
std::shared_ptr<Mailbox> RedisCache::subscribe(std::string_view channel,
                                               std::function<void()> on_message) {
  return impl_->subscribe(channel, std::move(on_message));
}
std::vector<CacheMessage> RedisCache::messages(std::string_view channel, uint64_t after,
                                               size_t limit) {
  return impl_->messages(channel, after, limit);
}
Value RedisCache::statistics() {
  return impl_->statistics();
}

}  // namespace weir
