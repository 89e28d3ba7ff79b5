// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace weir {

// Knows the last messages of an exporter again: the network doubles datagrams, and what they count
// must not double. Owner: the collector's thread.
class RepeatFilter {
 public:
  static constexpr size_t kMessages = 64;

  // `hash`: of the whole message, its number and its time included. True when it is one of the last
  // kMessages.
  [[nodiscard]] bool is_repeat(uint64_t hash);
  // The same, and forgets none for it.
  [[nodiscard]] bool holds(uint64_t hash) const;

 private:
  std::array<uint64_t, kMessages> seen_{};
  size_t next_ = 0;
};

inline bool RepeatFilter::holds(uint64_t hash) const {
  for (const uint64_t seen : seen_) {
    if (seen == hash) return true;
  }
  return false;
}

inline bool RepeatFilter::is_repeat(uint64_t hash) {
  if (holds(hash)) return true;
  seen_[next_] = hash;
  next_ = (next_ + 1) % kMessages;
  return false;
}

}  // namespace weir
