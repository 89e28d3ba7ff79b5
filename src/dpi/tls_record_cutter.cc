// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/tls_record_cutter.h"

#include <algorithm>

namespace weir {

bool may_be_tls_record(ByteReader bytes) {
  constexpr uint8_t kMajor = 3;
  constexpr uint8_t kLastMinor = 4;
  if (!bytes.can_read(1)) return true;
  const uint8_t type = bytes.u8(0);
  if (type < kTlsChangeCipherSpec || type > kTlsHeartbeat) return false;
  if (bytes.can_read(2) && bytes.u8(1) != kMajor) return false;
  if (bytes.can_read(3) && bytes.u8(2) > kLastMinor) return false;
  if (!bytes.can_read(kTlsRecordHeader)) return true;
  const size_t length = bytes.u16(3);
  if (length > kMaxTlsRecord) return false;
  if (type == kTlsChangeCipherSpec) return length == 1 || length > 16;  // renegotiated: encrypted
  if (type == kTlsAlert) return length == 2 || length > 16;
  return length > 0 || type == kTlsApplicationData;
}

TlsRecordCutter::Status TlsRecordCutter::next(ByteReader& input, TlsRecordPart& part) {
  if (header_size_ < header_.size()) {
    while (header_size_ < header_.size() && !input.empty()) {
      header_[header_size_++] = input.u8(0);
      input.skip(1);
    }
    const ByteReader header(header_.data(), header_size_);
    if (!may_be_tls_record(header)) return Status::kBroken;
    if (header_size_ < header_.size()) return Status::kNeedsMore;
    left_ = header.u16(3);
    is_at_start_ = true;
  }
  if (input.empty() && left_ != 0) return Status::kNeedsMore;
  part.type = header_[0];
  part.length = static_cast<uint16_t>(header_[3] << 8 | header_[4]);
  part.is_first = is_at_start_;
  part.bytes = input;
  part.bytes.truncate(left_);
  is_at_start_ = false;
  left_ -= part.bytes.remaining();
  input.skip(part.bytes.remaining());
  if (left_ == 0) header_size_ = 0;
  return Status::kPart;
}

}  // namespace weir
