// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/timestamp.h"

namespace weir {

// One TCP segment's payload as it was captured.
struct StreamSegment {
  uint32_t sequence = 0;  // of its first byte
  std::span<const uint8_t> bytes;
  uint32_t wire_length = 0;  // of the payload; more than `bytes` when the capture cut it
  Timestamp when;
};

// A piece of a stream that follows on the pieces before, but for `missing` bytes between.
struct StreamPiece {
  std::span<const uint8_t> bytes;  // lives until deliver() returns
  bool is_start = false;           // the first bytes after the SYN
  bool has_gap = false;            // something is missing
  uint64_t missing = 0;
  Timestamp when;
};

// Puts the segments of one direction of a TCP connection in order (RFC 9293): what was sent again
// is left out, what comes too early waits for what is missing, until too much waits; then what is
// missing is given up. A connection met in the middle starts with its first segment.
// Owner: shard thread. Cost: a few compares for a segment in order; a copy for one too early.
class StreamOrder {
 public:
  static constexpr size_t kMostSegments = 8;  // that wait
  static constexpr size_t kMostBytes = 12 * 1024;

  void see_syn(uint32_t sequence) {
    next_ = sequence + 1;
    is_synchronised_ = is_at_start_ = true;
  }
  // The sender said that `sequence` is where its stream ends: that of its FIN.
  void see_end(uint32_t sequence) {
    end_ = sequence;
    has_end_ = true;
  }
  // The end was seen, and all bytes before it that can still be waited for were delivered.
  [[nodiscard]] bool is_complete() const {
    return has_end_ && waiting_.empty() && (!is_synchronised_ || next_ == end_);
  }
  [[nodiscard]] size_t held_bytes() const {
    return waiting_bytes_ + waiting_.capacity() * sizeof(Waiting);
  }
  // Calls deliver(StreamPiece) for what the segment makes complete. REQUIRES: it has payload.
  template <typename Deliver>
  void push(const StreamSegment& segment, Deliver&& deliver) {
    if (auto piece = accept(segment)) deliver(*piece);
    deliver_waiting(deliver);
  }
  // Whether a segment with this sequence number would be delivered at once and whole, with nothing
  // missing before it and no end in sight.
  [[nodiscard]] bool is_next(uint32_t sequence) const {
    return is_synchronised_ && !is_at_start_ && missing_ == 0 && !has_end_ && waiting_.empty() &&
           sequence == next_;
  }
  // Whether all of a segment was delivered before: push() would do nothing.
  [[nodiscard]] bool is_known(uint32_t sequence, uint32_t wire_length) const {
    const uint32_t known = next_ - sequence;
    return is_synchronised_ && known >= wire_length && static_cast<int32_t>(known) > 0;
  }
  // So many bytes went by that push() was not shown. REQUIRES: is_next() of their first.
  void pass(uint32_t bytes) { next_ += bytes; }
  // The connection is over: what still waits, with gaps.
  template <typename Deliver>
  void flush(Deliver&& deliver) {
    while (!waiting_.empty()) {
      give_up_gap();
      deliver_waiting(deliver);
    }
  }

 private:
  struct Waiting {
    uint32_t sequence;
    uint32_t wire_length;
    Timestamp when;
    std::vector<uint8_t> bytes;
  };

  template <typename Deliver>
  void deliver_waiting(Deliver&& deliver) {
    while (auto piece = next_waiting()) deliver(*piece);
    if (!delivered_.empty()) delivered_ = {};
  }
  [[nodiscard]] std::optional<StreamPiece> accept(const StreamSegment& segment);
  [[nodiscard]] std::optional<StreamPiece> next_waiting();
  // The piece that starts at next_; the part before it was there already.
  [[nodiscard]] std::optional<StreamPiece> take(const StreamSegment& segment);
  void keep(const StreamSegment& segment);
  void give_up_gap();

  uint32_t next_ = 0;  // sequence number of the next byte
  uint32_t end_ = 0;   // the first byte that is not in the stream, when has_end_
  bool has_end_ = false;
  bool is_synchronised_ = false;
  bool is_at_start_ = false;
  uint64_t missing_ = 0;          // bytes before next_ that were given up
  std::vector<Waiting> waiting_;  // by sequence number
  size_t waiting_bytes_ = 0;
  std::vector<uint8_t> delivered_;  // what the last piece from waiting_ points into
};

}  // namespace weir
