// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/syn_fingerprint.h"

#include <string_view>

#include <fmt/format.h>

#include "base/byte_reader.h"
#include "net/ip_protocol.h"

namespace weir {
namespace {

constexpr size_t kV6Header = 40;
constexpr size_t kTcpHeader = 20;

// Codes of three bits; 0: no more options.
enum OptionCode : uint64_t { kEnd = 1, kNop, kMss, kScale, kSackPermitted, kTimestamp, kUnknown };
constexpr std::array<std::string_view, 8> kOptionNames{"",   "eol", "nop", "mss",
                                                       "ws", "sok", "ts",  "?"};
constexpr unsigned kMostOptions = 8;
constexpr std::array<int, 4> kStarts{32, 64, 128, 255};
constexpr uint64_t kNoScale = 15;

// From bit 0: options, scale, start of the TTL, MSS, window; the highest bit says that it is one.
constexpr unsigned kScaleShift = 3 * kMostOptions;
constexpr unsigned kStartShift = kScaleShift + 4;
constexpr unsigned kMssShift = kStartShift + 2;
constexpr unsigned kWindowShift = kMssShift + 16;
constexpr uint64_t kIsOne = uint64_t{1} << 63;

uint64_t code_of(uint8_t kind) {
  switch (kind) {
    case 0:
      return kEnd;
    case 1:
      return kNop;
    case 2:
      return kMss;
    case 3:
      return kScale;
    case 4:
      return kSackPermitted;
    case 8:
      return kTimestamp;
    default:
      return kUnknown;
  }
}

uint64_t start_of(uint8_t ttl) {
  uint64_t start = 0;
  while (kStarts[start] < ttl) ++start;
  return start;
}

struct Options {
  uint64_t order = 0;
  uint64_t mss = 0;
  uint64_t scale = kNoScale;
};

Options read_options(ByteReader bytes) {
  Options options;
  for (unsigned i = 0; i < kMostOptions && !bytes.empty(); ++i) {
    const uint64_t code = code_of(bytes.u8(0));
    options.order |= code << (3 * i);
    if (code == kEnd) break;
    if (code == kNop) {
      bytes.skip(1);
      continue;
    }
    const uint8_t size = bytes.u8(1);
    if (size < 2) break;
    if (code == kMss && size == 4) options.mss = bytes.u16(2);
    if (code == kScale && size == 3)
      options.scale = bytes.u8(2) < kNoScale ? bytes.u8(2) : kNoScale - 1;
    bytes.skip(size);
  }
  return options;
}

}  // namespace

SynFingerprint syn_fingerprint(const DecodedPacket& packet) {
  if (packet.protocol != kProtocolTcp || packet.error != DecodeError::kNone || packet.is_fragment ||
      packet.network == nullptr || (packet.tcp_flags & (kTcpSyn | kTcpAck)) != kTcpSyn)
    return 0;
  ByteReader bytes(packet.network, packet.network_length);
  const uint8_t ttl = bytes.u8(packet.is_v6 ? 7 : 8);
  if (packet.is_v6 && bytes.u8(6) != kProtocolTcp) return 0;
  bytes.skip(packet.is_v6 ? kV6Header : (bytes.u8(0) & 0x0f) * size_t{4});
  const size_t header = (bytes.u8(12) >> 4) * size_t{4};
  if (header < kTcpHeader || !bytes.can_read(header)) return 0;
  bytes.truncate(header);
  const uint64_t window = bytes.u16(14);
  bytes.skip(kTcpHeader);
  const Options options = read_options(bytes);
  return kIsOne | window << kWindowShift | options.mss << kMssShift | start_of(ttl) << kStartShift |
         options.scale << kScaleShift | options.order;
}

std::string syn_fingerprint_text(SynFingerprint fingerprint) {
  const auto field = [&](unsigned shift, unsigned bits) {
    return (fingerprint >> shift) & ((uint64_t{1} << bits) - 1);
  };
  const uint64_t mss = field(kMssShift, 16);
  const uint64_t scale = field(kScaleShift, 4);
  std::string text = fmt::format("{}:{}:", kStarts[field(kStartShift, 2)], field(kWindowShift, 16));
  text += mss == 0 ? "-" : fmt::format_int(mss).str();
  text += ':';
  text += scale == kNoScale ? "-" : fmt::format_int(scale).str();
  text += ':';
  for (unsigned i = 0; i < kMostOptions && field(3 * i, 3) != 0; ++i) {
    if (i > 0) text += ',';
    text += kOptionNames[field(3 * i, 3)];
  }
  if (field(0, 3) == 0) text += '-';
  return text;
}

}  // namespace weir
