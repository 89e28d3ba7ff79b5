// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/stream_order.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

// Sequence numbers wrap: how far `to` lies ahead of `from`, negative when behind.
int32_t distance(uint32_t from, uint32_t to) {
  return static_cast<int32_t>(to - from);
}

}  // namespace

std::optional<StreamPiece> StreamOrder::accept(const StreamSegment& segment) {
  if (!is_synchronised_) {
    next_ = segment.sequence;
    is_synchronised_ = true;
  }
  if (distance(next_, segment.sequence) <= 0) return take(segment);
  keep(segment);
  if (waiting_.size() > kMostSegments || waiting_bytes_ > kMostBytes) give_up_gap();
  return std::nullopt;
}

std::optional<StreamPiece> StreamOrder::take(const StreamSegment& segment) {
  const uint32_t known = next_ - segment.sequence;
  if (known >= segment.wire_length) return std::nullopt;
  next_ = segment.sequence + segment.wire_length;
  StreamPiece piece;
  piece.bytes = segment.bytes.subspan(std::min<size_t>(known, segment.bytes.size()));
  const uint64_t cut = segment.wire_length - known - piece.bytes.size();
  piece.is_start = std::exchange(is_at_start_, false);
  if (piece.bytes.empty()) {
    missing_ += cut;
    return std::nullopt;
  }
  piece.missing = std::exchange(missing_, cut);
  piece.has_gap = piece.missing != 0;
  piece.when = segment.when;
  return piece;
}

void StreamOrder::keep(const StreamSegment& segment) {
  const auto place = std::find_if(waiting_.begin(), waiting_.end(), [&](const Waiting& other) {
    return distance(segment.sequence, other.sequence) >= 0;
  });
  const bool is_known = place != waiting_.end() && place->sequence == segment.sequence &&
                        place->wire_length >= segment.wire_length;
  if (is_known) return;
  const auto bytes = segment.bytes.first(std::min(segment.bytes.size(), kMostBytes));
  waiting_bytes_ += bytes.size();
  waiting_.insert(place, {segment.sequence, segment.wire_length, segment.when,
                          std::vector<uint8_t>(bytes.begin(), bytes.end())});
}

void StreamOrder::give_up_gap() {
  if (waiting_.empty() || distance(next_, waiting_.front().sequence) <= 0) return;
  missing_ += waiting_.front().sequence - next_;
  next_ = waiting_.front().sequence;
  is_at_start_ = false;
}

std::optional<StreamPiece> StreamOrder::next_waiting() {
  while (!waiting_.empty() && distance(next_, waiting_.front().sequence) <= 0) {
    Waiting first = std::move(waiting_.front());
    waiting_.erase(waiting_.begin());
    waiting_bytes_ -= first.bytes.size();
    delivered_ = std::move(first.bytes);
    if (auto piece = take({first.sequence, delivered_, first.wire_length, first.when}))
      return piece;
  }
  return std::nullopt;
}

}  // namespace weir
