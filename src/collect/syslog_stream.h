// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace weir {

// Cuts the bytes of a TCP connection into messages of syslog (RFC 6587): counted ones, "LENGTH
// MESSAGE", or those that a line feed or a zero byte ends; each message may have either. Holds less
// than one message. What is longer than may be is passed over to its end. Owner: the thread that
// reads the connection.
class SyslogStream {
 public:
  static constexpr size_t kMaxBytes = 65535;  // of a message

  // The next bytes; calls take(message) for each that is whole and not empty.
  void feed(std::span<const uint8_t> bytes,
            const std::function<void(std::span<const uint8_t>)>& take);

  // No more bytes come: a line without an end is one, a message of which a part is missing is none.
  void end(const std::function<void(std::span<const uint8_t>)>& take);

  [[nodiscard]] size_t held() const { return held_.size(); }
  // Messages of which the end is missing.
  [[nodiscard]] uint64_t cut() const { return cut_; }
  // Messages that were too long.
  [[nodiscard]] uint64_t too_long() const { return too_long_; }

 private:
  enum class State : uint8_t { kBegin, kLength, kCounted, kLine };

  void step(uint8_t byte, const std::function<void(std::span<const uint8_t>)>& take);
  void keep(uint8_t byte);
  void finish(const std::function<void(std::span<const uint8_t>)>& take);

  State state_ = State::kBegin;
  size_t left_ = 0;  // kLength: the number so far; kCounted: bytes that are still to come
  bool is_too_long_ = false;
  std::vector<uint8_t> held_;
  uint64_t too_long_ = 0;
  uint64_t cut_ = 0;
};

}  // namespace weir
