// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/tls_follower.h"

#include <algorithm>

namespace weir {

Progress TlsFollower::feed(const Payload& payload, Findings& findings) {
  findings_ = &findings;
  when_ = payload.when;
  Side& side = sides_[payload.to_server ? 0 : 1];
  if (payload.is_stream_start) side.is_whole = true;
  if (payload.has_gap) lose(side);
  switch (follow(side, payload.bytes)) {
    case Verdict::kContinue:
      return Progress::kMore;
    case Verdict::kBroken:
      if (!is_certain_ && (side.is_whole || records_ == 0)) return Progress::kNotMine;
      lose(side);
      // A direction that was met in the middle need not be met at a record's begin.
      side.is_over = side.is_whole;
      return Progress::kMore;
    case Verdict::kEnd:
      break;
  }
  end();
  return is_certain_ ? Progress::kDone : Progress::kNotMine;
}

Progress TlsFollower::feed_rest(const ByteReader& rest, const Payload& payload,
                                Findings& findings) {
  if (rest.empty()) return Progress::kMore;
  Payload part = payload;
  part.bytes = rest;
  return feed(part, findings) == Progress::kMore ? Progress::kMore : Progress::kDone;
}

TlsFollower::Verdict TlsFollower::follow(Side& side, ByteReader bytes) {
  if (side.is_lost) {
    if (side.is_over || !bytes.can_read(kTlsRecordHeader) || !may_be_tls_record(bytes)) {
      followed_ += bytes.remaining();
      return followed_ >= kMaxFollowed ? Verdict::kEnd : Verdict::kContinue;
    }
    side.is_lost = false;
  }
  if (!side.is_started) {
    const Verdict verdict = start(side, bytes);
    if (verdict != Verdict::kContinue || !side.is_started) return verdict;
  }
  const size_t skipped = std::min(side.skipped, bytes.remaining());
  bytes.skip(skipped);
  side.skipped -= skipped;
  return take_records(side, bytes);
}

// A record of SSL 2.0 can only be the first of its direction.
TlsFollower::Verdict TlsFollower::start(Side& side, ByteReader& bytes) {
  constexpr uint8_t kSsl2Bit = 0x80;
  if (side.start_size == 0 && (bytes.u8(0) & kSsl2Bit) == 0) {
    side.is_started = true;
    return Verdict::kContinue;
  }
  while (side.start_size < side.start.size() && !bytes.empty()) {
    side.start[side.start_size++] = bytes.u8(0);
    bytes.skip(1);
  }
  if (side.start_size < side.start.size()) return Verdict::kContinue;
  Ssl2Hello hello;
  const ByteReader header(side.start.data(), side.start.size());
  if (!read_ssl2_hello(header, hello) || hello.is_client == is_server(side))
    return Verdict::kBroken;
  side.is_started = is_certain_ = true;
  if (!hello.is_client) {
    handshake_.take_ssl2_server_hello(when_, *findings_);
    return Verdict::kEnd;
  }
  handshake_.take_ssl2_client_hello(hello.version, when_, *findings_);
  side.skipped = hello.size - kSsl2HelloHeader;
  followed_ += hello.size;
  return Verdict::kContinue;
}

TlsFollower::Verdict TlsFollower::take_records(Side& side, ByteReader bytes) {
  for (TlsRecordPart part;;) {
    switch (side.records.next(bytes, part)) {
      case TlsRecordCutter::Status::kNeedsMore:
        return Verdict::kContinue;
      case TlsRecordCutter::Status::kBroken:
        return Verdict::kBroken;
      case TlsRecordCutter::Status::kPart:
        break;
    }
    if (part.is_first) {
      if (followed_ >= kMaxFollowed) return Verdict::kEnd;
      note_record(part);
    }
    const Verdict verdict = take_part(side, part);
    if (verdict != Verdict::kContinue) return verdict;
  }
}

void TlsFollower::note_record(const TlsRecordPart& part) {
  followed_ += kTlsRecordHeader + part.length;
  if (++records_ >= kCertainRecords) is_certain_ = true;
}

TlsFollower::Verdict TlsFollower::take_part(Side& side, const TlsRecordPart& part) {
  switch (part.type) {
    case kTlsHandshake:
      return side.is_encrypted ? Verdict::kContinue : take_handshake(side, part.bytes);
    case kTlsAlert:
      return take_alert(side, part);
    case kTlsChangeCipherSpec:
      return part.is_first ? take_change(side) : Verdict::kContinue;
    case kTlsApplicationData:
      return part.is_first ? take_data_record(side) : Verdict::kContinue;
    default:
      return Verdict::kContinue;
  }
}

// Before the ServerHello it means nothing: TLS 1.3 sends it for old middleboxes. After the server's
// there is no certificate any more: the session is resumed.
TlsFollower::Verdict TlsFollower::take_change(Side& side) {
  side.is_encrypted = handshake_.has_server_hello();
  const bool is_over = is_server(side) && side.is_encrypted && handshake_.has_client_hello();
  return is_over ? Verdict::kEnd : Verdict::kContinue;
}

TlsFollower::Verdict TlsFollower::take_handshake(Side& side, ByteReader bytes) {
  for (TlsMessage message; side.messages.next(bytes, allowance(side), message);) {
    const Verdict verdict = take_message(side, message);
    if (verdict != Verdict::kContinue) return verdict;
  }
  return Verdict::kContinue;
}

// Who sends a hello is who it says, whatever the direction was taken for.
TlsFollower::Verdict TlsFollower::take_message(Side& side, const TlsMessage& message) {
  constexpr uint8_t kLastType = 25;  // compressed_certificate; key_update is never in the clear
  switch (message.type) {
    case kTlsClientHello:
      if (!handshake_.take_client_hello(message.body, when_, *findings_)) return Verdict::kBroken;
      is_certain_ = true;
      break;
    case kTlsServerHello:
      if (!handshake_.take_server_hello(message.body, when_, *findings_)) return Verdict::kBroken;
      is_certain_ = true;
      break;
    case kTlsCertificate:
      // The client's own comes later than the server's.
      if (is_server(side)) handshake_.take_certificate(message.body, *findings_);
      break;
    default:
      if (message.type > kLastType) return Verdict::kBroken;
      if (is_server(side) && handshake_.has_server_hello()) handshake_.expect_no_certificate();
      break;
  }
  return is_complete() ? Verdict::kEnd : Verdict::kContinue;
}

// Before the ServerHello alerts are in the clear.
TlsFollower::Verdict TlsFollower::take_alert(const Side& side, const TlsRecordPart& part) {
  constexpr uint8_t kFatal = 2;
  constexpr uint16_t kClearAlert = 2;
  const bool is_refusal = part.is_first && part.length == kClearAlert &&
                          part.bytes.u8(0) == kFatal && is_server(side) &&
                          handshake_.has_client_hello() && !handshake_.has_server_hello();
  if (!is_refusal) return Verdict::kContinue;
  handshake_.take_refusal(when_, *findings_);
  return Verdict::kEnd;
}

TlsFollower::Verdict TlsFollower::take_data_record(Side& side) {
  constexpr uint8_t kEnough = 0xff;
  side.is_encrypted = true;
  if (side.data_records < kEnough) ++side.data_records;
  if (!is_certain_) return Verdict::kContinue;
  const Side& other = sides_[is_server(side) ? 0 : 1];
  const bool is_both_ways = other.data_records != 0;
  return is_both_ways || side.data_records >= kOneWayRecords ? Verdict::kEnd : Verdict::kContinue;
}

bool TlsFollower::is_complete() const {
  return handshake_.has_client_hello() && handshake_.has_server_hello() &&
         !handshake_.expects_certificate();
}

size_t TlsFollower::allowance(const Side& side) const {
  return max_buffers_ - sides_[is_server(side) ? 0 : 1].messages.allocated();
}

// What has come of a message still has the name at its front.
void TlsFollower::lose(Side& side) {
  TlsMessage message;
  if (side.messages.give_up(message)) static_cast<void>(take_message(side, message));
  side.messages = {};
  side.records.reset();
  side.skipped = 0;
  side.is_started = side.is_lost = true;
  side.is_over = false;
}

void TlsFollower::end() {
  for (Side& side : sides_) lose(side);
}

}  // namespace weir
