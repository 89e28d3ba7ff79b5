// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/small_protocols.h"

#include <algorithm>
#include <array>

#include "dpi/industrial_protocols.h"

namespace weir {
namespace {

bool is_on_port(const Payload& payload, uint16_t port) {
  return payload.server_port == port || payload.client_port == port;
}

uint32_t little32(const ByteReader& bytes, size_t offset) {
  return static_cast<uint32_t>(bytes.u8(offset)) |
         static_cast<uint32_t>(bytes.u8(offset + 1)) << 8 |
         static_cast<uint32_t>(bytes.u8(offset + 2)) << 16 |
         static_cast<uint32_t>(bytes.u8(offset + 3)) << 24;
}

// RFC 2281 and, for version 2, Cisco's TLVs: group state, length 40.
bool is_hsrp(const Payload& payload) {
  const ByteReader& bytes = payload.bytes;
  if (!is_on_port(payload, 1985) && !is_on_port(payload, 2029)) return false;
  const bool is_version_1 = bytes.u8(0) == 0 && bytes.u8(1) <= 3 && bytes.remaining() >= 14;
  return is_version_1 || bytes.u24(0) == 0x012802;
}

// RFC 2608 (version 2) and RFC 2165: the length of the whole message stands in it.
bool is_slp(const Payload& payload) {
  const ByteReader& bytes = payload.bytes;
  const uint8_t function = bytes.u8(1);
  if (function < 1 || function > 11) return false;
  if (bytes.u8(0) == 1) return is_on_port(payload, 427) && bytes.u16(2) == bytes.remaining();
  const uint16_t language_bytes = bytes.u16(12);
  return bytes.u8(0) == 2 && bytes.u24(2) == bytes.remaining() && language_bytes > 1 &&
         language_bytes < 9;
}

// A descriptor header of Gnutella 0.4 and 0.6: 16 bytes of id, type, TTL, hops, payload length.
bool is_gnutella_message(const Payload& payload) {
  constexpr size_t kHeader = 23;
  constexpr std::array<uint8_t, 8> kTypes{0x00, 0x01, 0x02, 0x30, 0x31, 0x40, 0x80, 0x81};
  constexpr unsigned kMostHops = 15;
  const ByteReader& bytes = payload.bytes;
  return bytes.can_read(kHeader) && std::ranges::find(kTypes, bytes.u8(16)) != kTypes.end() &&
         bytes.u8(17) + unsigned{bytes.u8(18)} <= kMostHops && bytes.u8(17) != 0 &&
         little32(bytes, 19) + kHeader == bytes.remaining();
}

// discv4: 32 bytes of hash, 65 of signature, a type, a list in RLP.
bool is_ethereum_discovery(const Payload& payload) {
  constexpr size_t kRecovery = 96;
  constexpr size_t kList = 98;
  const ByteReader& bytes = payload.bytes;
  const uint8_t type = bytes.u8(97);
  const uint8_t prefix = bytes.u8(kList);
  if (bytes.u8(kRecovery) > 1 || type < 1 || type > 6 || prefix < 0xc0) return false;
  const size_t rest = bytes.remaining() - kList - 1;
  if (prefix <= 0xf7) return prefix - 0xc0U == rest;
  if (prefix == 0xf8) return bytes.u8(kList + 1) + 1U == rest && bytes.u8(kList + 1) > 55;
  return prefix == 0xf9 && bytes.u16(kList + 1) + 2U == rest && bytes.u16(kList + 1) > 255;
}

// IEEE 1588-2008, 13.3: version 2, a type that there is, the length of the message.
bool is_ptp(const Payload& payload) {
  constexpr size_t kHeader = 34;
  const ByteReader& bytes = payload.bytes;
  const unsigned type = bytes.u8(0) & 0x0f;
  const bool is_type = type <= 3 || (type >= 8 && type <= 13);
  return (is_on_port(payload, 319) || is_on_port(payload, 320)) && is_type &&
         (bytes.u8(1) & 0x0f) == 2 && bytes.can_read(kHeader) && bytes.u16(2) >= kHeader &&
         bytes.u16(2) <= bytes.remaining();
}

// RFC 5880, 4.1.
bool is_bfd(const Payload& payload) {
  constexpr size_t kHeader = 24;
  const ByteReader& bytes = payload.bytes;
  const bool is_port = is_on_port(payload, 3784) || is_on_port(payload, 3785) ||
                       is_on_port(payload, 4784) || is_on_port(payload, 6784);
  return is_port && bytes.u8(0) >> 5 == 1 && (bytes.u8(1) & 1) == 0 && bytes.u8(3) >= kHeader &&
         bytes.u8(3) == bytes.remaining() && bytes.u8(2) != 0 && bytes.u32(4) != 0;
}

// RFC 6886 and its successor RFC 6887 (version 2).
bool is_nat_pmp(const Payload& payload) {
  const ByteReader& bytes = payload.bytes;
  if (!is_on_port(payload, 5351) && !is_on_port(payload, 5350)) return false;
  const unsigned operation = bytes.u8(1) & 0x7f;
  const size_t size = bytes.remaining();
  if (bytes.u8(0) == 0)
    return operation <= 2 && (size == 2 || size == 8 || size == 12 || size == 16);
  return bytes.u8(0) == 2 && operation <= 2 && size >= 24 && size <= 1100 && size % 4 == 0;
}

// TS 29.244, 7.2: version 1, a type that there is, the length of what follows.
bool is_pfcp(const Payload& payload) {
  const ByteReader& bytes = payload.bytes;
  const uint8_t type = bytes.u8(1);
  const bool is_type = (type >= 1 && type <= 15) || (type >= 50 && type <= 57);
  return is_on_port(payload, 8805) && bytes.u8(0) >> 5 == 1 && is_type &&
         bytes.u16(2) + 4U == bytes.remaining();
}

// RFC 5036, 3.1 and 3.5: a PDU whose first message has a type that there is.
bool is_ldp(const Payload& payload) {
  constexpr std::array<uint16_t, 11> kTypes{0x0001, 0x0100, 0x0200, 0x0201, 0x0300, 0x0301,
                                            0x0400, 0x0401, 0x0402, 0x0403, 0x0404};
  const ByteReader& bytes = payload.bytes;
  const auto type = static_cast<uint16_t>(bytes.u16(10) & 0x7fff);
  return is_on_port(payload, 646) && bytes.u16(0) == 1 && bytes.u16(2) >= 14 &&
         bytes.u16(2) + 4U <= bytes.remaining() && std::ranges::find(kTypes, type) != kTypes.end();
}

// The hello of an OpenFlow connection; later versions put elements into it.
bool is_openflow(const Payload& payload) {
  const ByteReader& bytes = payload.bytes;
  const uint8_t version = bytes.u8(0);
  return (is_on_port(payload, 6633) || is_on_port(payload, 6653)) && payload.is_stream_start &&
         version >= 1 && version <= 6 && bytes.u8(1) == 0 && bytes.u16(2) >= 8 &&
         bytes.u16(2) <= bytes.remaining();
}

// A request: size, key and version of the call, correlation, the client's name in printable ASCII.
bool is_kafka(const Payload& payload) {
  constexpr size_t kFixed = 14;
  constexpr uint16_t kMostKey = 92;
  constexpr uint16_t kMostVersion = 20;
  constexpr uint16_t kMostName = 128;
  const ByteReader& bytes = payload.bytes;
  const uint16_t name = bytes.u16(12);
  if (!payload.is_stream_start || bytes.u32(0) + 4U != bytes.remaining()) return false;
  if (bytes.u16(4) > kMostKey || bytes.u16(6) > kMostVersion || name == 0 || name > kMostName)
    return false;
  if (!bytes.can_read(kFixed + name)) return false;
  for (size_t i = kFixed; i < kFixed + name; ++i) {
    if (bytes.u8(i) < ' ' || bytes.u8(i) > '~') return false;
  }
  return true;
}

// Elasticsearch's transport: "ES", the length of what follows, a request id.
bool is_elasticsearch(const Payload& payload) {
  const ByteReader& bytes = payload.bytes;
  return bytes.u16(0) == 0x4553 && bytes.u32(2) + 6U == bytes.remaining();
}

// A hard reset in either direction: a fresh session, so the numbers in it are known. Without
// authentication, with tls-auth (a HMAC of 16 to 64 bytes before the packet's number) or tls-crypt
// (its number first). https://openvpn.net/community-resources/openvpn-protocol/
bool is_openvpn_reset(ByteReader bytes) {
  constexpr size_t kSession = 9;
  constexpr std::array<size_t, 5> kHmacs{16, 20, 28, 32, 64};
  const unsigned code = bytes.u8(0);
  const bool is_client = code == 0x38 || code == 0x50;
  if (!is_client && code != 0x40) return false;
  // After the session id and the authentication: what is acknowledged, the message's own number.
  const size_t tail = is_client ? 5 : 17;
  const auto is_first_message = [&](size_t at) {
    return bytes.remaining() == at + tail && bytes.u8(at) == (is_client ? 0 : 1) &&
           bytes.u32(at + tail - 4) == 0;
  };
  if (is_first_message(kSession)) return true;
  if (bytes.remaining() == kSession + 8 + 32 + tail && bytes.u32(kSession) == 1) return true;
  return std::ranges::any_of(kHmacs, [&](size_t hmac) {
    return bytes.u32(kSession + hmac) == 1 && is_first_message(kSession + hmac + 8);
  });
}

bool is_openvpn_datagram(const Payload& payload) {
  return is_openvpn_reset(payload.bytes);
}
bool is_openvpn_stream(const Payload& payload) {
  ByteReader bytes = payload.bytes;
  if (!payload.is_stream_start || bytes.u16(0) + 2U != bytes.remaining()) return false;
  bytes.skip(2);
  return is_openvpn_reset(bytes);
}

// The start of a uTP connection (BEP 29): version 1, type SYN, no window used yet, sequence 1.
bool is_utp_syn(const Payload& payload) {
  const ByteReader& bytes = payload.bytes;
  const bool has_extension = bytes.u8(1) == 2 || bytes.u8(1) == 1;
  const bool is_size = bytes.remaining() == 20 || (has_extension && bytes.remaining() <= 40);
  return bytes.u8(0) == 0x41 && bytes.u8(1) <= 2 && is_size && bytes.u32(8) == 0 &&
         bytes.u16(18) == 0;
}

// OICQ of Tencent: begins with 2, ends with 3, port 8000.
bool is_oicq(const Payload& payload) {
  const ByteReader& bytes = payload.bytes;
  return is_on_port(payload, 8000) && bytes.remaining() >= 14 && bytes.u8(0) == 2 &&
         bytes.u8(bytes.remaining() - 1) == 3 && bytes.u16(1) >= 0x0100 && bytes.u16(1) < 0x4000;
}

struct Recogniser {
  std::string_view name;
  bool on_tcp;
  bool on_udp;
  size_t at_least;  // bytes of payload
  bool (*is_it)(const Payload&);
};
constexpr std::array<Recogniser, 25> kRecognisers{{
    {"BACnet", false, true, 4, is_bacnet},
    {"S7CommPlus", true, false, 11, is_s7comm_plus},
    {"OPC-UA", true, false, 8, is_opc_ua},
    {"HART-IP", true, true, 8, is_hart_ip},
    {"FINS", false, true, 12, is_fins},
    {"BeckhoffADS", true, false, 38, is_beckhoff_ads},
    {"CIP", false, true, 18, is_cip_io},
    {"IEC62056", true, true, 9, is_iec62056},
    {"UMAS", true, false, 8, is_umas},
    {"HSRP", false, true, 8, is_hsrp},
    {"Service_Location_Protocol", true, true, 14, is_slp},
    {"Gnutella", false, true, 23, is_gnutella_message},
    {"Ethereum", false, true, 100, is_ethereum_discovery},
    {"PTPv2", false, true, 34, is_ptp},
    {"BFD", false, true, 24, is_bfd},
    {"NAT-PMP", false, true, 2, is_nat_pmp},
    {"PFCP", false, true, 8, is_pfcp},
    {"LDP", true, true, 18, is_ldp},
    {"OpenFlow", true, false, 8, is_openflow},
    {"Kafka", true, false, 15, is_kafka},
    {"Elasticsearch", true, false, 6, is_elasticsearch},
    {"OpenVPN", false, true, 14, is_openvpn_datagram},
    {"OpenVPN", true, false, 16, is_openvpn_stream},
    {"BitTorrent", false, true, 20, is_utp_syn},
    {"QQ", false, true, 14, is_oicq},
}};

}  // namespace

std::string_view small_protocol(const Payload& payload) {
  const size_t size = payload.bytes.remaining();
  for (const Recogniser& recogniser : kRecognisers) {
    if (size < recogniser.at_least) continue;
    if (!(payload.is_tcp ? recogniser.on_tcp : recogniser.on_udp)) continue;
    if (recogniser.is_it(payload)) return recogniser.name;
  }
  return {};
}

}  // namespace weir
