// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/dtls_dissector.h"

#include "dpi/tls_record_cutter.h"
#include "dpi/tls_version.h"

namespace weir {
namespace {

constexpr uint8_t kConnectionIdRecord = 25;  // RFC 9146: a connection id before the length
constexpr uint8_t kLastHandshakeType = 25;
constexpr size_t kHeader = 13;

// RFC 6347, section 4.1.
bool is_record_header(ByteReader bytes) {
  const uint8_t type = bytes.u8(0);
  const uint16_t version = bytes.u16(1);
  if (!bytes.can_read(kHeader) || type < kTlsChangeCipherSpec || type > kConnectionIdRecord)
    return false;
  if (version != kDtls10 && version != kDtls12 && version != kOldOpensslDtls) return false;
  const bool may_be_clear =
      type == kTlsHandshake || type == kTlsAlert || type == kTlsChangeCipherSpec;
  return may_be_clear || bytes.u16(3) != 0;  // data has an epoch
}

// RFC 9147, section 4: an encrypted record of DTLS 1.3.
bool has_unified_header(ByteReader bytes) {
  return bytes.u8(0) >> 5 == 1;
}

}  // namespace

bool DtlsDissector::may_begin(const Payload& payload) {
  return !payload.is_tcp && is_record_header(payload.bytes);
}

std::unique_ptr<Dissector> DtlsDissector::create() {
  return std::make_unique<DtlsDissector>();
}

Progress DtlsDissector::feed(const Payload& payload, Findings& findings) {
  ByteReader rest = payload.bytes;
  const bool is_ours = is_record_header(rest) || has_unified_header(rest);
  if (!is_ours && !is_certain_) return Progress::kNotMine;
  bool is_done = false;
  for (Record record; !is_done && take_record(rest, payload.has_gap, record);)
    is_done = take(record, payload, findings);
  if (is_broken_ && !is_certain_) return Progress::kNotMine;
  if (is_certain_) findings.protocol = "DTLS";
  if (++datagrams_ < kMaxDatagrams && !is_done) return Progress::kMore;
  return is_certain_ ? Progress::kDone : Progress::kNotMine;
}

// A record that a snap length cut counts with what there is of it.
bool DtlsDissector::take_record(ByteReader& rest, bool has_gap, Record& record) {
  if (!is_record_header(rest)) return false;
  record.type = rest.u8(0);
  record.epoch = rest.u16(3);
  const bool has_connection_id = record.type == kConnectionIdRecord;
  const size_t length = has_connection_id ? rest.remaining() - kHeader : rest.u16(11);
  rest.skip(kHeader);
  if (!rest.can_read(length) && !has_gap) return false;
  record.content = rest;
  record.content.truncate(length);
  rest.skip(length);
  return true;
}

bool DtlsDissector::take(const Record& record, const Payload& payload, Findings& findings) {
  Side& side = payload.to_server ? client_ : server_;
  if (record.epoch != 0) return take_encrypted(side);
  switch (record.type) {
    case kTlsHandshake:
      return take_handshake(side, record.content, payload, findings);
    case kTlsAlert:
      return take_alert(record.content, payload, findings);
    case kTlsChangeCipherSpec:  // a resumed session shows no certificate
      return !payload.to_server && handshake_.has_client_hello() && handshake_.has_server_hello();
    default:
      return false;
  }
}

bool DtlsDissector::take_encrypted(Side& side) {
  ++side.encrypted_records;
  const unsigned both = client_.encrypted_records + server_.encrypted_records;
  if (both >= kCertainRecords) is_certain_ = true;
  const bool is_both_ways = client_.encrypted_records != 0 && server_.encrypted_records != 0;
  return is_certain_ && (is_both_ways || both >= kOneWayRecords);
}

bool DtlsDissector::take_handshake(Side& side, ByteReader content, const Payload& payload,
                                   Findings& findings) {
  for (DtlsMessage message;;) {
    switch (side.messages.next(content, message)) {
      case DtlsMessages::Status::kMessage:
        break;
      case DtlsMessages::Status::kEnd:
        return false;
      case DtlsMessages::Status::kMalformed:
        is_broken_ = is_broken_ || !payload.has_gap;
        return false;
    }
    if (take_message(message, payload, findings)) return true;
  }
}

bool DtlsDissector::take_message(const DtlsMessage& message, const Payload& payload,
                                 Findings& findings) {
  bool is_understood = true;
  switch (message.type) {
    case kTlsClientHello:
      is_understood = handshake_.take_client_hello(message.body, payload.when, findings);
      break;
    case kTlsServerHello:
      is_understood = handshake_.take_server_hello(message.body, payload.when, findings);
      break;
    case kTlsCertificate:
      if (!payload.to_server) handshake_.take_certificate(message.body, findings);
      break;
    case kDtlsHelloVerifyRequest:
      break;
    default:
      is_understood = message.type <= kLastHandshakeType;
      if (!payload.to_server && handshake_.has_server_hello()) handshake_.expect_no_certificate();
      break;
  }
  (is_understood ? is_certain_ : is_broken_) = true;
  return handshake_.has_client_hello() && handshake_.has_server_hello() &&
         !handshake_.expects_certificate();
}

// Only before the ServerHello are alerts in the clear and a refusal.
bool DtlsDissector::take_alert(ByteReader content, const Payload& payload, Findings& findings) {
  constexpr uint8_t kFatal = 2;
  if (content.remaining() != 2 || content.u8(0) != kFatal || payload.to_server ||
      !handshake_.has_client_hello() || handshake_.has_server_hello())
    return false;
  handshake_.take_refusal(payload.when, findings);
  return true;
}

}  // namespace weir
