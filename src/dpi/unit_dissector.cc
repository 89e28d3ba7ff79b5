// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/unit_dissector.h"
#include "dpi/heap_bytes.h"

#include <algorithm>

namespace weir {

Progress UnitDissector::feed(const Payload& payload, Findings& findings) {
  if (!payload.is_tcp) return take_one(payload, payload.bytes, findings);
  Side& side = sides_[payload.to_server ? 1 : 0];
  if (payload.has_gap) side = Side();
  ByteReader bytes = payload.bytes;
  while (!bytes.empty()) {
    const size_t skipped = std::min(side.skipped, bytes.remaining());
    side.skipped -= skipped;
    bytes.skip(skipped);
    if (bytes.empty()) break;
    const Progress progress = take_next(side, bytes, payload, findings);
    if (progress != Progress::kMore) return progress;
  }
  return Progress::kMore;
}

Progress UnitDissector::take_next(Side& side, ByteReader& bytes, const Payload& payload,
                                  Findings& findings) {
  Progress progress = Progress::kMore;
  if (side.kept == 0 && !learn_size(side, bytes, payload.to_server, progress))
    return progress == Progress::kMore ? progress : give_up(findings);
  if (side.begun.capacity() < side.kept) side.begun.reserve(side.kept);
  const size_t taken = std::min(side.kept - side.begun.size(), bytes.remaining());
  const auto piece = bytes.rest().first(taken);
  side.begun.insert(side.begun.end(), piece.begin(), piece.end());
  bytes.skip(taken);
  if (side.begun.size() < side.kept) return Progress::kMore;
  progress = take_one(payload, ByteReader(side.begun), findings);
  side.begun = {};
  side.kept = 0;
  side.skipped = side.behind;
  return progress;
}

bool UnitDissector::learn_size(Side& side, ByteReader& bytes, bool to_server,
                               Progress& progress) const {
  while (!bytes.empty()) {
    side.begun.push_back(bytes.u8(0));
    bytes.skip(1);
    const auto size = size_of_unit(to_server, ByteReader(side.begun));
    if (!size && side.begun.size() < kMaxHeadBytes) continue;
    if (!size || *size < side.begun.size()) {
      progress = Progress::kNotMine;
      return false;
    }
    side.kept = std::min(*size, std::max(max_bytes_, side.begun.size()));
    side.behind = *size - side.kept;
    return true;
  }
  return false;
}

Progress UnitDissector::take_one(const Payload& payload, ByteReader unit, Findings& findings) {
  const Progress progress = take_unit(payload, unit, findings);
  if (progress != Progress::kMore || ++units_ < kMaxUnits) return progress;
  return give_up(findings);
}

Progress UnitDissector::give_up(const Findings& findings) {
  return findings.protocol.empty() ? Progress::kNotMine : Progress::kDone;
}

size_t UnitDissector::held_bytes() const {
  return heap_bytes(sides_[0].begun) + heap_bytes(sides_[1].begun);
}

}  // namespace weir
