// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/byte_reader.h"

namespace weir {

// IANA, TLS ContentType.
enum TlsContentType : uint8_t {
  kTlsChangeCipherSpec = 20,
  kTlsAlert = 21,
  kTlsHandshake = 22,
  kTlsApplicationData = 23,
  kTlsHeartbeat = 24,
};

// The longest record there may be: 2^14 bytes and what encryption adds (RFC 5246, section 6.2.3).
inline constexpr size_t kMaxTlsRecord = (1U << 14) + 2048;
inline constexpr size_t kTlsRecordHeader = 5;

// Whether five bytes may be the header of a record of SSL 3.0 to TLS 1.3; of fewer, whether those
// there may begin one.
[[nodiscard]] bool may_be_tls_record(ByteReader bytes);

// A piece of a record's content, as much as the bytes at hand have of it.
struct TlsRecordPart {
  uint8_t type = 0;
  uint16_t length = 0;    // of the whole content
  bool is_first = false;  // the content begins here
  ByteReader bytes;       // empty only when the record is
};

// Cuts one direction of a TLS connection into records, wherever the pieces that it is given end.
class TlsRecordCutter {
 public:
  enum class Status : uint8_t { kPart, kNeedsMore, kBroken };

  // Takes bytes off `input` up to the end of a record's part. kNeedsMore: `input` is used up.
  // kBroken: there is no record where one must begin; only reset() helps.
  [[nodiscard]] Status next(ByteReader& input, TlsRecordPart& part);

  // The next byte begins a record.
  void reset() { header_size_ = left_ = 0; }
  [[nodiscard]] bool is_between_records() const { return header_size_ == 0; }

 private:
  std::array<uint8_t, kTlsRecordHeader> header_{};
  size_t header_size_ = 0;
  size_t left_ = 0;  // of the content
  bool is_at_start_ = false;
};

}  // namespace weir
