// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/pcap_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace weir {
namespace {

constexpr uint32_t kMicroseconds = 0xa1b2c3d4;
constexpr uint32_t kNanoseconds = 0xa1b23c4d;
constexpr uint32_t kPatched =
    0xa1b2cd34;  // microseconds, and eight more bytes in each record header
constexpr size_t kFileHeader = 24;

bool is_magic(uint32_t magic) {
  return magic == kMicroseconds || magic == kNanoseconds || magic == kPatched;
}

// Bits 28 to 31 and 26 speak of the FCS. What is left above 16 bits are classes that no link type
// uses; such a number must not be mistaken for its low half.
LinkType link_type_of(uint32_t field) {
  const bool has_class = (field & 0x03ff0000) != 0;
  return static_cast<LinkType>(has_class ? uint16_t{0xffff} : static_cast<uint16_t>(field));
}

}  // namespace

bool PcapParser::recognises(ByteReader start) {
  const uint32_t magic = start.u32_host(0);
  return is_magic(magic) || is_magic(__builtin_bswap32(magic));
}

ParseOutcome PcapParser::parse_header(ByteReader window) {
  if (!window.can_read(kFileHeader)) return {.needed = kFileHeader};
  order_.swapped = !is_magic(window.u32_host(0));
  const uint32_t magic = order_.u32(window, 0);
  const uint16_t major = order_.u16(window, 4);
  version_minor_ = order_.u16(window, 6);
  if (major != 2) {
    return {.status = ParseStatus::kTorn,
            .reason = fmt::format("pcap version {}.{} is not known", major, version_minor_)};
  }
  nanoseconds_ = magic == kNanoseconds;
  record_header_ = magic == kPatched ? 24 : 16;
  max_captured_ = std::clamp(order_.u32(window, 16), kUsualMaxCapturedLength, kMaxCapturedLength);
  link_type_ = link_type_of(order_.u32(window, 20));
  header_read_ = true;
  return {.consumed = kFileHeader};
}

Timestamp PcapParser::timestamp(uint32_t seconds, uint32_t fraction) const {
  const uint32_t second = nanoseconds_ ? 1'000'000'000 : 1'000'000;
  if (fraction >= second) [[unlikely]] {
    const uint32_t carry = fraction / second;
    if (seconds > UINT32_MAX - carry) return {UINT32_MAX, 999'999'999};
    seconds += carry;
    fraction %= second;
  }
  return {seconds, nanoseconds_ ? fraction : fraction * 1000};
}

ParseOutcome PcapParser::parse(ByteReader window, PacketBatch& batch) {
  const size_t size = window.remaining();
  if (!header_read_) {
    ParseOutcome header = parse_header(window);
    if (!header_read_) return header;
    window.skip(header.consumed);
  }
  while (!batch.full()) {
    const size_t consumed = size - window.remaining();
    if (!window.can_read(record_header_)) return {.consumed = consumed, .needed = record_header_};
    uint32_t captured = order_.u32(window, 8);
    uint32_t on_wire = order_.u32(window, 12);
    // Before version 2.3 the two lengths stood the other way round, and 2.3 was written both ways.
    if (version_minor_ < 3 || (version_minor_ == 3 && captured > on_wire))
      std::swap(captured, on_wire);
    if (captured > max_captured_) {
      return {.status = ParseStatus::kTorn,
              .consumed = consumed,
              .reason = fmt::format("a packet cannot have {} captured bytes", captured)};
    }
    const size_t record = record_header_ + captured;
    if (!window.can_read(record)) return {.consumed = consumed, .needed = record};
    ByteReader data = window;
    data.skip(record_header_);
    batch.add() = {.data = data.data(),
                   .captured_length = captured,
                   .wire_length = on_wire,
                   .timestamp = timestamp(order_.u32(window, 0), order_.u32(window, 4)),
                   .link_type = link_type_};
    window.skip(record);
  }
  return {.status = ParseStatus::kFull, .consumed = size - window.remaining()};
}

}  // namespace weir
