// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

// `number` counts what came into one mailbox, from 1: a gap tells what the reader missed.
struct CacheMessage {
  uint64_t number = 0;
  std::string text;

  bool operator==(const CacheMessage&) const = default;
};

// The latest messages of one channel for one subscriber; older ones give way to newer ones. Reading
// takes nothing out. Thread-safe.
class Mailbox {
 public:
  static constexpr size_t kMaxMessages = 256;
  static constexpr size_t kMaxBytes = size_t{256} << 10;

  // `on_message` is called after each message by whoever publishes: it must be quick. May be empty.
  explicit Mailbox(std::function<void()> on_message) : on_message_(std::move(on_message)) {}

  void put(std::string_view text);
  // At most `limit` of those that came after number `after`, the oldest first.
  [[nodiscard]] std::vector<CacheMessage> messages(uint64_t after, size_t limit) const;
  // How many gave way.
  [[nodiscard]] uint64_t dropped() const;

 private:
  const std::function<void()> on_message_;
  mutable std::mutex mutex_;
  std::deque<CacheMessage> messages_;
  size_t bytes_ = 0;
  uint64_t last_ = 0;
  uint64_t dropped_ = 0;
};

}  // namespace weir
