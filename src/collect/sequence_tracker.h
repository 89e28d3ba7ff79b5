// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace weir {

// Counts what is missing from a stream of messages that are numbered by the units (packets, flow
// records, data records) that came before them. By the rules a message's number is that of its
// first unit; some exporters send that of the unit after its last. Both readings are followed, and
// the one that explains more of the stream is the one that is believed: that costs nothing when the
// exporter follows the rules and finds no loss where there is none when it does not.
// Numbers wrap at 32 bits. A message that comes late and fills a gap takes back what was counted as
// lost; a number that fits nowhere is a restart, not a loss of thousands of millions.
// Owner: the collector's thread.
class SequenceTracker {
 public:
  // A message with number `sequence` that holds `units`.
  void see(uint32_t sequence, uint32_t units);
  // One that holds nobody knows how many: what is missing around it cannot be told.
  void see_unknown(uint32_t sequence);

  [[nodiscard]] uint64_t lost() const { return believed().lost; }
  [[nodiscard]] uint64_t gaps() const { return believed().gaps; }
  [[nodiscard]] uint64_t late() const { return believed().late; }
  [[nodiscard]] uint64_t restarts() const { return believed().restarts; }
  // Units that came.
  [[nodiscard]] uint64_t received() const { return received_; }
  // Whether numbers count the units of their own message, too.
  [[nodiscard]] bool counts_own_units() const;

 private:
  struct Gap {
    uint32_t start = 0;
    uint32_t units = 0;  // 0: nothing is missing there
  };
  static constexpr size_t kGaps = 32;
  // More than that is missing at once when the exporter began to count elsewhere.
  static constexpr int32_t kMostLost = 1 << 22;

  // One of the two readings.
  struct Reading {
    bool has_next = false;
    uint32_t next = 0;  // the number of the first unit of the next message
    uint64_t hits = 0;  // messages that came where they were expected
    uint64_t lost = 0;
    uint64_t gaps = 0;
    uint64_t late = 0;
    uint64_t restarts = 0;
    std::array<Gap, kGaps> missing{};
    size_t oldest = 0;

    void see(uint32_t start, uint32_t units);
    [[nodiscard]] bool fill(uint32_t start, uint32_t units);
  };

  [[nodiscard]] const Reading& believed() const {
    return counts_own_units() ? own_units_ : by_the_rules_;
  }

  Reading by_the_rules_;
  Reading own_units_;
  uint64_t received_ = 0;
};

}  // namespace weir
