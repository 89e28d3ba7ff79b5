// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/line_dissector.h"

namespace weir {

Progress LineDissector::feed(const Payload& payload, Findings& findings) {
  ByteReader bytes = payload.bytes;
  if (tls_) return tls_->feed_rest(bytes, payload, findings);
  Side& side = sides_[payload.to_server ? 1 : 0];
  if (payload.has_gap && payload.is_tcp) {
    side.lines.clear();
    side.is_in_hole = true;
  }
  return take_lines(side, bytes, payload, findings);
}

Progress LineDissector::take_lines(Side& side, ByteReader& bytes, const Payload& payload,
                                   Findings& findings) {
  while (const auto line = side.lines.next(bytes)) {
    const bool is_whole = !side.is_in_hole;
    side.is_in_hole = false;
    if (!is_whole) continue;
    const Progress progress = take_one(*line, payload, findings);
    if (progress != Progress::kMore) return progress;
    if (tls_) return tls_->feed_rest(bytes, payload, findings);
  }
  if (payload.is_tcp) return Progress::kMore;
  Progress progress = Progress::kMore;
  if (!side.lines.begun().empty()) progress = take_one(side.lines.begun(), payload, findings);
  side.lines.clear();
  end_datagram();
  return progress;
}

Progress LineDissector::take_one(std::string_view line, const Payload& payload,
                                 Findings& findings) {
  const Progress progress = take_line(payload.to_server, line, findings);
  if (progress != Progress::kMore || ++lines_ < kMaxLines) return progress;
  return findings.protocol.empty() ? Progress::kNotMine : Progress::kDone;
}

void LineDissector::start_tls() {
  tls_ = std::make_unique<TlsFollower>();
}

size_t LineDissector::held_bytes() const {
  size_t bytes = sides_[0].lines.held_bytes() + sides_[1].lines.held_bytes();
  if (tls_ != nullptr) bytes += sizeof(TlsFollower) + tls_->held_bytes();
  return bytes;
}

}  // namespace weir
