// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

#include "export/message.h"

namespace weir {

// Messages that wait to be sent, bounded in bytes: the oldest give way, and are counted. Nobody
// waits who adds. Thread-safe; one takes.
class Spool {
 public:
  // What a message costs besides its bytes.
  static constexpr size_t kMessageBytes = 64;

  explicit Spool(size_t limit_bytes) : limit_(limit_bytes) {}

  void add(std::vector<Message>&& messages);
  // The oldest, at most `most` of them; none when none came in `patience`.
  [[nodiscard]] std::vector<Message> take(size_t most, std::chrono::milliseconds patience);

  struct Figures {
    size_t messages = 0;
    size_t bytes = 0;
    uint64_t dropped_flows = 0;
  };
  [[nodiscard]] Figures figures() const;

 private:
  const size_t limit_;
  mutable std::mutex mutex_;
  std::condition_variable came_;
  std::deque<Message> messages_;
  size_t bytes_ = 0;
  uint64_t dropped_flows_ = 0;
};

}  // namespace weir
