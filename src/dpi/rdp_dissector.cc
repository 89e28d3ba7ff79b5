// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/rdp_dissector.h"

#include <algorithm>
#include <string_view>

namespace weir {
namespace {

constexpr size_t kTpktHeader = 4;  // version 3, reserved, length (RFC 1006)
constexpr size_t kX224Header = 7;  // length, type, two references, class
constexpr uint8_t kConnectionRequest = 0xe0;
constexpr uint8_t kConnectionConfirm = 0xd0;

// MS-RDPEUDP, section 2.2.2.1: source acknowledgement -1, window, flags with SYN.
bool is_syn(ByteReader datagram) {
  constexpr uint16_t kSyn = 0x0001;
  constexpr size_t kLeast = 1132;  // SYN datagrams are padded to the smallest MTU
  return datagram.can_read(kLeast) && datagram.u32(0) == 0xffffffff &&
         (datagram.u16(6) & kSyn) != 0 && datagram.u16(4) != 0;
}

// The sizes of what stands before the content depend on flags and on the version agreed on; a hello
// is plain enough.
bool find_hello(ByteReader datagram, ByteReader& hello) {
  constexpr size_t kLast = 40;
  for (size_t at = 4; at <= kLast && datagram.can_read(at + 9); ++at) {
    ByteReader record = datagram;
    record.skip(at);
    const bool is_hello = record.u8(0) == kTlsHandshake && may_be_tls_record(record) &&
                          (record.u8(5) == kTlsClientHello || record.u8(5) == kTlsServerHello) &&
                          record.u8(6) == 0 && record.u24(6) + 4 <= record.u16(3);
    if (!is_hello) continue;
    hello = record;
    return true;
  }
  return false;
}

// [MS-RDPBCGR], section 2.2.1.2.1; "" for what it does not name.
std::string_view security_name(uint8_t selected) {
  switch (selected) {
    case 0:
      return "RDP";
    case 1:
      return "TLS";
    case 2:
      return "CredSSP";
    case 4:
      return "RDSTLS";
    case 8:
      return "CredSSP with Early User Authorization";
    case 16:
      return "RDS-AAD-Auth";
    default:
      return {};
  }
}

std::string_view text_of(ByteReader bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.remaining()};
}

}  // namespace

// S7 and MMS begin with the same header; they have parameters of X.224 behind it.
bool RdpDissector::may_begin(const Payload& payload) {
  constexpr std::string_view kCookie = "Cookie: ";
  constexpr uint8_t kNegotiationRequest = 1;
  const ByteReader bytes = payload.bytes;
  ByteReader content = bytes;
  content.skip(kTpktHeader + kX224Header);
  const bool is_request = content.u8(0) == kNegotiationRequest && content.u16(2) == 0x0800;
  if (!is_request && !text_of(content).starts_with(kCookie)) return false;
  // The references are 0; the X.224 header fills the unit.
  return payload.is_tcp && bytes.can_read(kTpktHeader + kX224Header) && bytes.u16(0) == 0x0300 &&
         bytes.u16(2) <= kMaxUnit && bytes.u16(2) == kTpktHeader + 1 + bytes.u8(4) &&
         bytes.u8(5) == kConnectionRequest && bytes.u16(6) == 0;
}

std::unique_ptr<Dissector> RdpDissector::create() {
  return std::make_unique<RdpDissector>();
}

Progress RdpDissector::feed(const Payload& payload, Findings& findings) {
  Payload rest = payload;
  while (state_ != State::kTls) {
    const bool is_expected = payload.to_server == (state_ == State::kRequest);
    if (rest.bytes.empty()) return Progress::kMore;
    if (payload.has_gap || !is_expected) return Progress::kNotMine;
    ByteReader unit;
    if (!take_unit(rest.bytes, unit)) return Progress::kMore;
    const Progress progress =
        state_ == State::kRequest ? take_request(unit, findings) : take_answer(unit, findings);
    if (progress != Progress::kMore) return progress;
    size_ = 0;
    if (state_ == State::kTls) buffer_.reset();
  }
  if (rest.bytes.empty()) return Progress::kMore;
  rest.is_stream_start = true;  // of TLS
  const Progress progress = tls_.feed(rest, findings);
  return progress == Progress::kNotMine ? Progress::kDone : progress;
}

bool RdpDissector::take_unit(ByteReader& bytes, ByteReader& unit) {
  if (!buffer_) buffer_ = std::make_unique<std::array<uint8_t, kMaxUnit>>();
  while (!bytes.empty() && size_ < wanted()) {
    const size_t taken = std::min(wanted() - size_, bytes.remaining());
    static_cast<void>(bytes.copy(0, buffer_->data() + size_, taken));
    size_ += taken;
    bytes.skip(taken);
  }
  unit = ByteReader(buffer_->data(), size_);
  return size_ == wanted();
}

size_t RdpDissector::wanted() const {
  if (size_ < kTpktHeader) return kTpktHeader;
  const size_t length = ByteReader(buffer_->data(), size_).u16(2);
  return std::clamp(length, kTpktHeader, kMaxUnit);
}

// The user's name, or a token for a load balancer that is of no interest, ends with CR LF.
Progress RdpDissector::take_request(ByteReader unit, Findings& findings) {
  constexpr std::string_view kCookie = "Cookie: mstshash=";
  if (unit.u8(5) != kConnectionRequest) return Progress::kNotMine;
  unit.skip(kTpktHeader + kX224Header);
  std::string_view text = text_of(unit);
  if (text.starts_with(kCookie)) {
    text.remove_prefix(kCookie.size());
    findings.metadata.add(MetadataField::kUserName, text.substr(0, text.find('\r')));
  }
  state_ = State::kAnswer;
  return Progress::kMore;
}

// TLS follows unless the server's answer says that it wants none.
Progress RdpDissector::take_answer(ByteReader unit, Findings& findings) {
  constexpr uint8_t kNegotiationResponse = 2;
  constexpr uint8_t kNegotiationFailure = 3;
  if (unit.u16(0) != 0x0300 || unit.u8(5) != kConnectionConfirm) return Progress::kNotMine;
  findings.protocol = "RDP";
  unit.skip(kTpktHeader + kX224Header);
  const bool is_chosen = unit.u8(0) == kNegotiationResponse;
  const bool has_protocol = is_chosen && unit.u8(4) != 0;
  // Servers that know no negotiation answer without the structure.
  const bool is_refused = unit.u8(0) == kNegotiationFailure;
  if (!is_refused)
    findings.metadata.add(MetadataField::kRdpSecurity, security_name(is_chosen ? unit.u8(4) : 0));
  state_ = State::kTls;
  return has_protocol ? Progress::kMore : Progress::kDone;
}

bool RdpUdpDissector::may_begin(const Payload& payload) {
  return !payload.is_tcp && is_syn(payload.bytes);
}

std::unique_ptr<Dissector> RdpUdpDissector::create() {
  return std::make_unique<RdpUdpDissector>();
}

Progress RdpUdpDissector::feed(const Payload& payload, Findings& findings) {
  if (datagrams_++ == 0) return is_syn(payload.bytes) ? Progress::kMore : Progress::kNotMine;
  if (!is_answered_) {
    // The answer to a SYN is as long as it, and acknowledges something.
    constexpr size_t kLeast = 1132;
    if (payload.to_server || !payload.bytes.can_read(kLeast)) {
      return payload.to_server && datagrams_ < kMaxDatagrams ? Progress::kMore : Progress::kNotMine;
    }
    is_answered_ = true;
    findings.protocol = "RDP";
    return Progress::kMore;
  }
  Payload tls = payload;
  if (find_hello(payload.bytes, tls.bytes)) {
    tls.is_tcp = tls.has_gap = true;
    if (tls_.feed(tls, findings) != Progress::kMore) return Progress::kDone;
  }
  return datagrams_ < kMaxDatagrams ? Progress::kMore : Progress::kDone;
}

}  // namespace weir
