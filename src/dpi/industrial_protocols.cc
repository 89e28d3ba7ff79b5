// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/industrial_protocols.h"

#include <algorithm>
#include <array>

namespace weir {
namespace {

bool is_on_port(const Payload& payload, uint16_t port) {
  return payload.server_port == port || payload.client_port == port;
}

uint16_t little16(const ByteReader& bytes, size_t offset) {
  return static_cast<uint16_t>(bytes.u8(offset) | bytes.u8(offset + 1) << 8);
}

uint32_t little32(const ByteReader& bytes, size_t offset) {
  return static_cast<uint32_t>(little16(bytes, offset)) |
         static_cast<uint32_t>(little16(bytes, offset + 2)) << 16;
}

}  // namespace

bool is_bacnet(const Payload& payload) {
  constexpr uint8_t kBacnetIp = 0x81;
  constexpr uint8_t kSecure = 0x0c;         // the last of the functions
  constexpr uint8_t kForwarded = 0x04;      // here six bytes of address come first
  constexpr uint8_t kFirstWithNpdu = 0x09;  // and 0x04, 0x0a, 0x0b
  const ByteReader& bytes = payload.bytes;
  const uint8_t function = bytes.u8(1);
  if (bytes.u8(0) != kBacnetIp || function > kSecure || bytes.u16(2) != bytes.remaining())
    return false;
  if (function == kForwarded) return bytes.u8(10) == 1;
  if (function >= kFirstWithNpdu && function < kSecure) return bytes.u8(4) == 1;
  return is_on_port(payload, 47808);
}

bool is_s7comm_plus(const Payload& payload) {
  constexpr uint32_t kDataTpdu = 0x02f080;
  constexpr uint8_t kProtocolId = 0x72;
  constexpr uint8_t kMostVersion = 0xfe;  // 1 to 3 are messages, 0xfe and 0xff keep alive
  const ByteReader& bytes = payload.bytes;
  if (bytes.u16(0) != 0x0300 || bytes.u24(4) != kDataTpdu || bytes.u8(7) != kProtocolId)
    return false;
  const uint8_t version = bytes.u8(8);
  const bool is_version = (version >= 1 && version <= 3) || version >= kMostVersion;
  return is_version && bytes.u16(2) >= bytes.u16(9) + 4U + 7U;
}

bool is_opc_ua(const Payload& payload) {
  constexpr std::array<uint32_t, 7> kTypes{0x48454c, 0x41434b, 0x4f504e, 0x4d5347,
                                           0x434c4f, 0x455252, 0x524845};  // HEL ACK OPN MSG ...
  constexpr uint32_t kMostBytes = 1U << 24;
  const ByteReader& bytes = payload.bytes;
  const uint8_t chunk = bytes.u8(3);
  const uint32_t length = little32(bytes, 4);
  return std::ranges::find(kTypes, bytes.u24(0)) != kTypes.end() &&
         (chunk == 'F' || chunk == 'C' || chunk == 'A') && length >= bytes.remaining() &&
         length < kMostBytes;
}

bool is_hart_ip(const Payload& payload) {
  constexpr uint8_t kMostType = 3;  // and 15, a refusal
  constexpr uint8_t kMostId = 4;
  const ByteReader& bytes = payload.bytes;
  const uint8_t type = bytes.u8(1) & 0x0f;
  return is_on_port(payload, 5094) && (bytes.u8(0) == 1 || bytes.u8(0) == 2) &&
         (type <= kMostType || type == 15) && bytes.u8(2) <= kMostId &&
         bytes.u16(6) == bytes.remaining();
}

bool is_fins(const Payload& payload) {
  constexpr uint8_t kGatewayBits = 0x81;  // information control: 1x00 000x
  constexpr uint8_t kMostGateways = 7;
  const ByteReader& bytes = payload.bytes;
  const uint8_t control = bytes.u8(0);
  return is_on_port(payload, 9600) && bytes.can_read(12) && (control & 0x80) != 0 &&
         (control & static_cast<uint8_t>(~(kGatewayBits | 0x40))) == 0 && bytes.u8(1) == 0 &&
         bytes.u8(2) <= kMostGateways;
}

bool is_beckhoff_ads(const Payload& payload) {
  constexpr size_t kTcpHeader = 6;
  constexpr size_t kAmsHeader = 32;
  constexpr uint16_t kMostCommand = 9;
  const ByteReader& bytes = payload.bytes;
  const uint32_t length = little32(bytes, 2);
  if (bytes.u16(0) != 0 || length + kTcpHeader != bytes.remaining() || length < kAmsHeader)
    return false;
  const uint16_t command = little16(bytes, 22);
  const uint16_t state = little16(bytes, 24);
  return command >= 1 && command <= kMostCommand && (state & 0x0004) != 0 &&
         little32(bytes, 26) + kAmsHeader == length;
}

bool is_cip_io(const Payload& payload) {
  constexpr uint16_t kSequencedAddress = 0x8002;
  constexpr uint16_t kConnectedData = 0x00b1;
  const ByteReader& bytes = payload.bytes;
  return little16(bytes, 0) == 2 && little16(bytes, 2) == kSequencedAddress &&
         little16(bytes, 4) == 8 && little16(bytes, 14) == kConnectedData &&
         little16(bytes, 16) + 18U == bytes.remaining();
}

bool is_iec62056(const Payload& payload) {
  constexpr size_t kHeader = 8;
  constexpr std::array<uint8_t, 14> kTags{0x60, 0x61, 0x62, 0x63, 0xc0, 0xc1, 0xc2,
                                          0xc3, 0xc4, 0xc5, 0xc7, 0xc8, 0xcb, 0xdb};
  const ByteReader& bytes = payload.bytes;
  return bytes.u16(0) == 1 && bytes.can_read(kHeader + 1) &&
         bytes.u16(6) + kHeader == bytes.remaining() &&
         std::ranges::find(kTags, bytes.u8(kHeader)) != kTags.end();
}

bool is_umas(const Payload& payload) {
  constexpr uint8_t kFunction = 0x5a;
  const ByteReader& bytes = payload.bytes;
  return is_on_port(payload, 502) && bytes.u16(2) == 0 && bytes.u16(4) + 6U == bytes.remaining() &&
         bytes.u8(7) == kFunction;
}

}  // namespace weir
