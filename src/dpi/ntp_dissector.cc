// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ntp_dissector.h"

#include <string>

namespace weir {
namespace {

constexpr uint16_t kPort = 123;
constexpr size_t kTimeBytes = 48;
constexpr size_t kControlBytes = 8;

enum Mode : uint8_t { kClient = 3, kControl = 6, kPrivate = 7 };

uint8_t version_of(const ByteReader& bytes) {
  return bytes.u8(0) >> 3 & 7;
}
uint8_t mode_of(const ByteReader& bytes) {
  return bytes.u8(0) & 7;
}

bool is_ntp(const ByteReader& bytes) {
  const uint8_t version = version_of(bytes);
  const uint8_t mode = mode_of(bytes);
  if (version < 1 || version > 4) return false;
  if (mode == kControl || mode == kPrivate) return bytes.can_read(kControlBytes);
  // Version 1 had no modes. The strata end at 16, unsynchronised.
  return bytes.can_read(kTimeBytes) && (mode != 0 || version == 1) && bytes.u8(1) <= 16;
}

}  // namespace

bool NtpDissector::may_begin(const Payload& payload) {
  return !payload.is_tcp && (payload.server_port == kPort || payload.client_port == kPort) &&
         is_ntp(payload.bytes);
}

std::unique_ptr<Dissector> NtpDissector::create() {
  return std::make_unique<NtpDissector>();
}

Progress NtpDissector::feed(const Payload& payload, Findings& findings) {
  const ByteReader& bytes = payload.bytes;
  if (!is_ntp(bytes)) return findings.protocol.empty() ? Progress::kNotMine : Progress::kDone;
  findings.protocol = "NTP";
  findings.metadata.add(MetadataField::kNtpVersion, std::to_string(version_of(bytes)));
  const uint8_t mode = mode_of(bytes);
  const bool gives_time = mode != kClient && mode != kControl && mode != kPrivate;
  if (gives_time) findings.metadata.add(MetadataField::kNtpStratum, std::to_string(bytes.u8(1)));
  return gives_time || ++packets_ == kMaxPackets ? Progress::kDone : Progress::kMore;
}

}  // namespace weir
