// SPDX-License-Identifier: GPL-3.0-or-later
#include "enrich/reverse_names.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <optional>
#include <stop_token>
#include <string_view>
#include <thread>
#include <utility>

#include "base/wake_up.h"
#include "enrich/rate_limit.h"

namespace weir {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = RateLimit::Clock;

constexpr milliseconds kFeedEach{1000};
constexpr uint64_t kManyFailures = 20;

seconds system_now() {
  return std::chrono::duration_cast<seconds>(std::chrono::system_clock::now().time_since_epoch());
}

std::string cache_key(const IpAddress& address) {
  return "dns/" + address.to_string();
}

// "1764400000 printer.example.org": until when, and the name; none without a name.
std::string to_text(seconds expires, const std::string& name) {
  return std::to_string(expires.count()) + (name.empty() ? "" : " ") + name;
}

struct Kept {
  seconds expires{0};
  ReverseAnswer answer;
};
// Others may have written it.
std::optional<Kept> from_text(std::string_view text) {
  int64_t expires = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), expires);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  Kept kept{seconds(expires), {ReverseAnswer::Kind::kNoName, {}, {}}};
  if (text.empty()) return kept;
  if (text.front() != ' ' || !is_name_of_host(text.substr(1))) return std::nullopt;
  kept.answer.kind = ReverseAnswer::Kind::kName;
  kept.answer.name = text.substr(1);
  return kept;
}

}  // namespace

class ReverseNames::Impl {
 public:
  explicit Impl(ReverseNamesOptions options)
      : options_(std::move(options)),
        book_(options_.book),
        rate_(options_.questions_per_second, options_.questions_per_second / 10),
        slow_rate_(1, 1) {
    if (!options_.now) options_.now = system_now;
  }
  ~Impl() {
    thread_.request_stop();
    wake_.call();
    if (thread_.joinable()) thread_.join();
    client_.reset();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<void> start() {
    auto client = DnsClient::create(options_.dns,
                                    [this](const IpAddress& address, const ReverseAnswer& answer) {
                                      answered(address, answer);
                                    });
    if (!client) return client.error();
    client_ = std::move(*client);
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
    return {};
  }

  void want(const IpAddress& address) {
    if (book_.want(address, options_.now())) wake_.call();
  }
  [[nodiscard]] std::string name(const IpAddress& address) const {
    return book_.has_names() ? book_.name(address, options_.now()) : std::string();
  }

  [[nodiscard]] Value statistics() const {
    Value out = Value::Object{{"limit_per_second", options_.questions_per_second}};
    book_.add_statistics(out);
    out.set("asked", asked_.load());
    out.set("answered", by_kind(ReverseAnswer::Kind::kName));
    out.set("without_name", by_kind(ReverseAnswer::Kind::kNoName));
    out.set("bad_names", by_kind(ReverseAnswer::Kind::kBadName));
    out.set("failed", by_kind(ReverseAnswer::Kind::kFailed));
    out.set("from_cache", from_cache_.load());
    out.set("slowed", is_slowed());
    return out;
  }

 private:
  [[nodiscard]] uint64_t by_kind(ReverseAnswer::Kind kind) const {
    return answers_[static_cast<size_t>(kind)].load();
  }

  // From here on: the thread.

  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const auto now = Clock::now();
      if (options_.feed && now >= next_feed_) {
        options_.feed([this](const IpAddress& address) { want(address); });
        next_feed_ = now + kFeedEach;
      }
      ask_pending();
      const bool has_to_wait_for_its_turn = held_ && client_->in_flight() < options_.in_flight;
      client_->wait(has_to_wait_for_its_turn ? std::max(rate().wait(), milliseconds(1)) : kFeedEach,
                    wake_.descriptor());
      wake_.heard();
    }
  }

  void ask_pending() {
    for (;;) {
      if (!held_) held_ = next_unknown();
      if (!held_ || client_->in_flight() >= options_.in_flight || !rate().take(Clock::now()))
        return;
      ++asked_;
      client_->ask(*std::exchange(held_, std::nullopt));
    }
  }

  [[nodiscard]] bool is_slowed() const { return failures_in_a_row_ >= kManyFailures; }
  // Who answers nothing is asked less often.
  RateLimit& rate() { return is_slowed() ? slow_rate_ : rate_; }

  // The next address that the cache does not know either.
  std::optional<IpAddress> next_unknown() {
    while (auto address = book_.take_pending()) {
      if (!is_in_cache(*address)) return address;
    }
    return std::nullopt;
  }

  bool is_in_cache(const IpAddress& address) {
    if (options_.cache == nullptr) return false;
    const auto text = options_.cache->get(cache_key(address));
    const auto kept = text ? from_text(*text) : std::nullopt;
    const seconds now = options_.now();
    // No longer than an answer may last: another one's clock may be wrong.
    if (!kept || kept->expires <= now || kept->expires > now + options_.book.longest) return false;
    book_.learn(address, kept->answer, now, kept->expires - now);
    ++from_cache_;
    return true;
  }

  void answered(const IpAddress& address, const ReverseAnswer& answer) {
    ++answers_[static_cast<size_t>(answer.kind)];
    failures_in_a_row_ = answer.kind == ReverseAnswer::Kind::kFailed ? failures_in_a_row_ + 1 : 0;
    const seconds now = options_.now();
    const seconds lifetime = book_.lifetime(answer);
    book_.learn(address, answer, now, lifetime);
    // What ended before it was answered says nothing.
    if (options_.cache == nullptr || thread_.get_stop_token().stop_requested()) return;
    options_.cache->set(cache_key(address), to_text(now + lifetime, answer.name), lifetime);
  }

  ReverseNamesOptions options_;
  ReverseBook book_;
  const WakeUp wake_;
  RateLimit rate_;
  RateLimit slow_rate_;
  std::unique_ptr<DnsClient> client_;
  std::optional<IpAddress> held_;  // until its turn comes
  Clock::time_point next_feed_{};
  std::atomic<uint64_t> failures_in_a_row_{0};
  std::atomic<uint64_t> asked_{0};
  std::atomic<uint64_t> from_cache_{0};
  std::array<std::atomic<uint64_t>, 4> answers_{};  // by ReverseAnswer::Kind
  std::jthread thread_;
};

Result<std::unique_ptr<ReverseNames>> ReverseNames::start(ReverseNamesOptions options) {
  auto impl = std::make_unique<Impl>(std::move(options));
  if (auto started = impl->start(); !started) return started.error();
  return std::unique_ptr<ReverseNames>(new ReverseNames(std::move(impl)));
}

ReverseNames::ReverseNames(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ReverseNames::~ReverseNames() = default;

void ReverseNames::want(const IpAddress& address) {
  impl_->want(address);
}
std::string ReverseNames::name(const IpAddress& address) const {
  return impl_->name(address);
}
Value ReverseNames::statistics() const {
  return impl_->statistics();
}

}  // namespace weir
