// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/quic_dissector.h"

#include <algorithm>
#include <string>

#include "dpi/gquic.h"
#include "dpi/quic_initial.h"

namespace weir {
namespace {

constexpr uint8_t kLongHeader = 0xc0;  // with the fixed bit, which first packets have
constexpr uint32_t kDraft29 = 0xff00001d;

// A client that wants the server to name its versions still makes the keys of one that it knows.
bool is_reserved(uint32_t number) {
  return (number & 0x0f0f0f0f) == 0x0a0a0a0a;
}

}  // namespace

bool QuicDissector::may_begin(const Payload& payload) {
  if (payload.is_tcp) return false;
  const ByteReader datagram = payload.bytes;
  uint32_t number = 0;
  if ((datagram.u8(0) & kLongHeader) != kLongHeader) {
    if (!has_quic_long_header(datagram)) return read_gquic_version(datagram, number);
    // Version Negotiation may have any bits there.
    QuicLongHeader header;
    return datagram.can_read(7) && datagram.u32(1) == 0 && read_quic_long_header(datagram, header);
  }
  number = datagram.u32(1);
  QuicVersion version;
  return datagram.can_read(7) && (number == 0 || find_quic_version(number, version));
}

std::unique_ptr<Dissector> QuicDissector::create() {
  return std::make_unique<QuicDissector>();
}

void QuicDissector::ConnectionId::set(ByteReader id) {
  size = static_cast<uint8_t>(std::min(id.remaining(), bytes.size()));
  static_cast<void>(id.copy(0, bytes.data(), size));
}

bool QuicDissector::ConnectionId::is(ByteReader id) const {
  return std::ranges::equal(reader().rest(), id.rest());
}

Progress QuicDissector::feed(const Payload& payload, Findings& findings) {
  take_datagram(payload, findings);
  if (headers_ == 0) return Progress::kNotMine;
  if (headers_ >= kCertainHeaders) is_certain_ = true;
  if (is_certain_) findings.protocol = "QUIC";
  const bool is_over = ++datagrams_ >= kMaxDatagrams || is_complete();
  if (!is_over) return Progress::kMore;
  return is_certain_ ? Progress::kDone : Progress::kNotMine;
}

bool QuicDissector::is_complete() const {
  return has_google_hello_ || (handshake_.has_client_hello() && handshake_.has_server_hello());
}

// RFC 9000, section 12.2: several packets may share a datagram.
void QuicDissector::take_datagram(const Payload& payload, Findings& findings) {
  ByteReader rest = payload.bytes;
  if (take_google(rest, findings)) return;
  while (!is_complete() && !rest.empty() && has_quic_long_header(rest)) {
    QuicLongHeader header;
    if (!read_quic_long_header(rest, header)) return;
    ++headers_;
    take_packet(rest, header, payload, findings);
    rest.skip(header.size);
  }
}

bool QuicDissector::take_google(ByteReader datagram, Findings& findings) {
  uint32_t number = 0;
  if (!read_gquic_version(datagram, number)) return false;
  ++headers_;
  findings.metadata.set(MetadataField::kQuicVersion, quic_version_name(number));
  ByteReader message;
  if (find_gquic_hello(datagram, message)) take_google_hello(message, findings);
  return true;
}

void QuicDissector::take_google_hello(ByteReader message, Findings& findings) {
  GquicHello hello;
  if (!parse_gquic_hello(message, hello)) return;
  has_google_hello_ = is_certain_ = true;
  findings.metadata.add(MetadataField::kServerName, hello.server_name);
  findings.metadata.add(MetadataField::kUserAgent, hello.user_agent);
}

void QuicDissector::take_packet(ByteReader packet, const QuicLongHeader& header,
                                const Payload& payload, Findings& findings) {
  switch (header.type) {
    case QuicPacketType::kInitial:
      return take_initial(packet, header, payload, findings);
    case QuicPacketType::kRetry:
    case QuicPacketType::kVersionNegotiation:
      // The client begins anew, with another destination id or version.
      return forget_keys();
    case QuicPacketType::kZeroRtt:
    case QuicPacketType::kHandshake:
      return;
  }
}

void QuicDissector::forget_keys() {
  client_.has_keys = server_.has_keys = false;
  client_.stream.clear();
  server_.stream.clear();
}

void QuicDissector::take_initial(ByteReader packet, const QuicLongHeader& header,
                                 const Payload& payload, Findings& findings) {
  const bool is_first = !client_.has_keys;
  const bool is_client = payload.to_server != is_swapped_ || is_first;
  const ByteReader frames = open(packet, header, is_client);
  if (frames.empty()) return;
  if (is_first && !payload.to_server) is_swapped_ = true;
  is_certain_ = true;
  if (is_client)
    findings.metadata.set(MetadataField::kQuicVersion, quic_version_name(header.number));
  Side& side = is_client ? client_ : server_;
  side.stream.take_frames(frames, version_.is_google ? QuicFrames::kGoogle : QuicFrames::kIetf);
  if (version_.is_google) return take_google_hello(side.stream.front(), findings);
  take_messages(side, payload, findings);
}

void QuicDissector::take_messages(Side& side, const Payload& payload, Findings& findings) {
  uint8_t type = 0;
  for (ByteReader body; side.stream.next_message(type, body);) {
    if (type == kTlsClientHello) handshake_.take_client_hello(body, payload.when, findings);
    if (type == kTlsServerHello) handshake_.take_server_hello(body, payload.when, findings);
  }
}

// The keys hold for the whole connection, whatever ids it uses later (RFC 9001, section 5.2);
// others are tried for a client that begins anew.
ByteReader QuicDissector::open(ByteReader packet, const QuicLongHeader& header, bool is_client) {
  if (!is_client) {
    if (!server_.has_keys && !make_keys(version_, first_id_.reader(), QuicSide::kServer)) return {};
    return open_quic_initial(packet, header, server_.keys);
  }
  if (client_.has_keys) {
    const ByteReader frames = open_quic_initial(packet, header, client_.keys);
    if (!frames.empty() || first_id_.is(header.destination_id)) return frames;
  }
  const ByteReader frames = open_as_first(packet, header, header.version);
  QuicVersion draft;
  if (!frames.empty() || !is_reserved(header.number) || !find_quic_version(kDraft29, draft))
    return frames;
  return open_as_first(packet, header, draft);
}

// Keeps the keys that fit, and those that do not where there are none yet.
ByteReader QuicDissector::open_as_first(ByteReader packet, const QuicLongHeader& header,
                                        const QuicVersion& version) {
  const QuicKeys before = client_.keys;
  const bool had_keys = client_.has_keys;
  if (!make_keys(version, header.destination_id, QuicSide::kClient)) return {};
  const ByteReader frames = open_quic_initial(packet, header, client_.keys);
  if (frames.empty() && had_keys) {
    client_.keys = before;
    return {};
  }
  if (had_keys) client_.stream.clear();
  server_.has_keys = false;
  server_.stream.clear();
  first_id_.set(header.destination_id);
  version_ = version;
  return frames;
}

bool QuicDissector::make_keys(const QuicVersion& version, ByteReader id, QuicSide side) {
  Side& owner = side == QuicSide::kClient ? client_ : server_;
  if (version.keys == QuicVersion::Keys::kNone || ++keys_made_ > kMaxKeys) return false;
  owner.has_keys = derive_quic_keys(version, id, side, owner.keys);
  return owner.has_keys;
}

}  // namespace weir
