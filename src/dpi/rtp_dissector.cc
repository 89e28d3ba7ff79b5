// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/rtp_dissector.h"

#include <array>
#include <string>

#include "dpi/ascii_text.h"

namespace weir {
namespace {

constexpr size_t kHeaderBytes = 12;
constexpr uint16_t kMaxStep = 8;  // packets that may be missing between two

// Those of RFC 3551 and the dynamic ones; 64 to 95 are kept free so that RTCP differs.
bool is_payload_type(uint8_t type) {
  return type <= 18 || type == 25 || type == 26 || type == 28 || (type >= 31 && type <= 34) ||
         (type >= 96 && type <= 127);
}

bool is_rtp(const ByteReader& bytes) {
  if ((bytes.u8(0) & 0xc0) != 0x80 || !bytes.can_read(kHeaderBytes)) return false;
  if (!is_payload_type(bytes.u8(1) & 0x7f)) return false;
  size_t header = kHeaderBytes + size_t{4} * (bytes.u8(0) & 0xfU);
  if ((bytes.u8(0) & 0x10) != 0) header += 4 + size_t{4} * bytes.u16(header + 2);
  if (header > bytes.remaining()) return false;
  const bool has_padding = (bytes.u8(0) & 0x20) != 0;
  return !has_padding || bytes.u8(bytes.remaining() - 1) != 0;
}

// A compound packet: it begins with a report, and the lengths add up.
bool is_rtcp(ByteReader bytes) {
  const uint8_t first = bytes.u8(1);
  if ((bytes.u8(0) & 0xe0) != 0x80 || (first != 200 && first != 201)) return false;
  while (bytes.can_read(8)) {
    const size_t size = size_t{4} * (bytes.u16(2) + 1U);
    const bool is_known = (bytes.u8(0) & 0xc0) == 0x80 && bytes.u8(1) >= 192 && bytes.u8(1) <= 213;
    if (!is_known || !bytes.can_read(size)) return false;
    bytes.skip(size);
  }
  return bytes.empty();
}

std::string source_text(uint32_t source) {
  const std::array<uint8_t, 4> bytes{
      static_cast<uint8_t>(source >> 24), static_cast<uint8_t>(source >> 16),
      static_cast<uint8_t>(source >> 8), static_cast<uint8_t>(source)};
  return "0x" + to_hex(bytes.data(), bytes.size());
}

}  // namespace

bool RtpDissector::may_begin(const Payload& payload) {
  return !payload.is_tcp && (is_rtp(payload.bytes) || is_rtcp(payload.bytes));
}

std::unique_ptr<Dissector> RtpDissector::create() {
  return std::make_unique<RtpDissector>();
}

Progress RtpDissector::feed(const Payload& payload, Findings& findings) {
  const ByteReader& bytes = payload.bytes;
  if (findings.protocol.empty() && is_rtcp(bytes)) {
    findings.protocol = "RTCP";
    findings.metadata.add(MetadataField::kRtpSsrc, source_text(bytes.u32(4)));
    return Progress::kDone;
  }
  const bool is_over = ++packets_ >= kMaxPackets;
  // Between the packets there may be RTCP and what keeps a path open, once it is known.
  if (!is_rtp(bytes)) {
    if (findings.protocol.empty()) return Progress::kNotMine;
    return is_over ? Progress::kDone : Progress::kMore;
  }
  Side& side = sides_[payload.to_server ? 1 : 0];
  const auto step = static_cast<uint16_t>(bytes.u16(2) - side.sequence);
  const bool goes_on =
      side.packets > 0 && side.source == bytes.u32(8) && step >= 1 && step <= kMaxStep;
  side.packets = goes_on ? static_cast<uint8_t>(side.packets + 1) : 1;
  side.source = bytes.u32(8);
  side.sequence = bytes.u16(2);
  side.payload_type = bytes.u8(1) & 0x7f;
  if (side.packets == kProof) {
    findings.protocol = "RTP";
    findings.metadata.add(MetadataField::kRtpPayloadType, std::to_string(side.payload_type));
    findings.metadata.add(MetadataField::kRtpSsrc, source_text(side.source));
  }
  const bool is_all_known = sides_[0].packets >= kProof && sides_[1].packets >= kProof;
  if (!is_over && !is_all_known) return Progress::kMore;
  return findings.protocol.empty() ? Progress::kNotMine : Progress::kDone;
}

}  // namespace weir
