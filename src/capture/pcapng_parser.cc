// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/pcapng_parser.h"

#include <fmt/format.h>

#include <algorithm>

namespace weir {
namespace {

enum BlockType : uint32_t {
  kSectionHeader = 0x0a0d0d0a,  // the same in both byte orders
  kInterfaceDescription = 1,
  kObsoletePacket = 2,
  kSimplePacket = 3,
  kEnhancedPacket = 6,
};
enum InterfaceOption : uint16_t { kEndOfOptions = 0, kTimeResolution = 9, kTimeOffset = 14 };

constexpr uint32_t kByteOrderMagic = 0x1a2b3c4d;
constexpr size_t kMinBlock = 12;
constexpr size_t kSectionMinBlock = 28;
constexpr uint32_t kMaxBlock = kMaxCapturedLength + 65536;  // a packet and its options
constexpr size_t kMaxInterfaces = 65536;

ParseOutcome torn(std::string reason) {
  return {.status = ParseStatus::kTorn, .reason = std::move(reason)};
}

size_t padded(size_t length) {
  return (length + 3) & ~size_t{3};
}

}  // namespace

bool PcapngParser::recognises(ByteReader start) {
  return start.u32(0) == kSectionHeader;
}

ParseOutcome PcapngParser::parse(ByteReader window, PacketBatch& batch) {
  const size_t size = window.remaining();
  while (!batch.full()) {
    const size_t consumed = size - window.remaining();
    Block block;
    ParseOutcome outcome = read_block(window, block);
    if (block.length == 0) {
      outcome.consumed = consumed;
      return outcome;
    }
    std::string reason = use_block(block, batch);
    if (!reason.empty()) {
      return {.status = ParseStatus::kTorn, .consumed = consumed, .reason = std::move(reason)};
    }
    window.skip(block.length);
  }
  return {.status = ParseStatus::kFull, .consumed = size - window.remaining()};
}

// Leaves block.length at 0 unless the whole block is there and its two lengths agree.
ParseOutcome PcapngParser::read_block(ByteReader window, Block& block) {
  if (!window.can_read(kMinBlock)) return {.needed = kMinBlock};
  block.type = order_.u32(window, 0);
  if (block.type == kSectionHeader) {
    // The section's byte order is needed to read even the length of this block.
    const uint32_t magic = window.u32_host(8);
    if (magic != kByteOrderMagic && magic != __builtin_bswap32(kByteOrderMagic)) {
      return torn("a section header without the byte-order magic");
    }
    order_.swapped = magic != kByteOrderMagic;
  } else if (!in_section_) {
    return torn("a block before the first section header");
  }
  const uint32_t length = order_.u32(window, 4);
  const size_t minimum = block.type == kSectionHeader ? kSectionMinBlock : kMinBlock;
  if (length < minimum || length % 4 != 0 || length > kMaxBlock) {
    return torn(fmt::format("a block cannot be {} bytes long", length));
  }
  if (!window.can_read(length)) return {.needed = length};
  const uint32_t trailing = order_.u32(window, length - 4);
  if (trailing != length) {
    return torn(
        fmt::format("a block says {} bytes at its start and {} at its end", length, trailing));
  }
  block.body = window;
  block.body.skip(8);
  block.body.truncate(length - kMinBlock);
  block.length = length;
  return {};
}

std::string PcapngParser::use_block(const Block& block, PacketBatch& batch) {
  switch (block.type) {
    case kEnhancedPacket:
      return add_packet(block.body, {order_.u32(block.body, 0), 20}, batch);
    case kObsoletePacket:
      return add_packet(block.body, {order_.u16(block.body, 0), 20}, batch);
    case kSimplePacket:
      return add_simple_packet(block.body, batch);
    case kInterfaceDescription:
      return add_interface(block.body);
    case kSectionHeader:
      return start_section(block.body);
    default:
      return {};
  }
}

std::string PcapngParser::start_section(ByteReader body) {
  const uint16_t major = order_.u16(body, 4);
  if (major != 1)
    return fmt::format("pcapng version {}.{} is not known", major, order_.u16(body, 6));
  in_section_ = true;
  interfaces_.clear();
  return {};
}

std::string PcapngParser::add_interface(ByteReader body) {
  if (!body.can_read(8)) return "an interface description is too short";
  if (interfaces_.size() == kMaxInterfaces)
    return fmt::format("more than {} interfaces", kMaxInterfaces);
  Interface interface {
    .link_type = static_cast<LinkType>(order_.u16(body, 0)), .snap_length = order_.u32(body, 4),
    .time = {}
  };
  body.skip(8);
  read_interface_options(body, interface);
  interfaces_.push_back(interface);
  return {};
}

void PcapngParser::read_interface_options(ByteReader options, Interface& interface) const {
  while (options.can_read(4)) {
    const uint16_t code = order_.u16(options, 0);
    const uint16_t length = order_.u16(options, 2);
    options.skip(4);
    if (code == kEndOfOptions || !options.can_read(length)) return;
    if (code == kTimeResolution && length == 1) interface.time.resolution = options.u8(0);
    if (code == kTimeOffset && length == 8) {
      // A 64-bit number is in the section's byte order, its halves included.
      const uint64_t high = order_.u32(options, order_.big_endian() ? 0 : 4);
      const uint64_t low = order_.u32(options, order_.big_endian() ? 4 : 0);
      interface.time.offset_seconds = static_cast<int64_t>(high << 32 | low);
    }
    options.skip(padded(length));
  }
}

std::string PcapngParser::add_packet(ByteReader body, PacketFields fields, PacketBatch& batch) {
  if (!body.can_read(fields.header)) return "a packet block is too short";
  if (fields.interface >= interfaces_.size()) {
    return fmt::format("a packet of interface {}, which the section does not describe",
                       fields.interface);
  }
  const Interface& interface = interfaces_[fields.interface];
  const uint64_t units = uint64_t{order_.u32(body, 4)} << 32 | order_.u32(body, 8);
  const uint32_t captured = order_.u32(body, 12);
  const uint32_t on_wire = order_.u32(body, 16);
  body.skip(fields.header);
  if (captured > kMaxCapturedLength || !body.can_read(captured)) {
    return fmt::format("a packet of {} captured bytes in a block with room for {}", captured,
                       body.remaining());
  }
  last_time_ = interface.time.at(units);
  batch.add() = {.data = body.data(),
                 .captured_length = captured,
                 .wire_length = on_wire,
                 .timestamp = last_time_,
                 .link_type = interface.link_type};
  return {};
}

std::string PcapngParser::add_simple_packet(ByteReader body, PacketBatch& batch) {
  if (!body.can_read(4)) return "a packet block is too short";
  if (interfaces_.empty()) return "a packet of interface 0, which the section does not describe";
  const Interface& interface = interfaces_.front();
  const uint32_t on_wire = order_.u32(body, 0);
  body.skip(4);
  // The block does not say how much was captured: all, up to the snap length.
  const uint32_t captured =
      interface.snap_length == 0 ? on_wire : std::min(on_wire, interface.snap_length);
  if (captured > kMaxCapturedLength || !body.can_read(captured)) {
    return fmt::format("a packet of {} captured bytes in a block with room for {}", captured,
                       body.remaining());
  }
  batch.add() = {.data = body.data(),
                 .captured_length = captured,
                 .wire_length = on_wire,
                 .timestamp = last_time_,
                 .link_type = interface.link_type};
  return {};
}

}  // namespace weir
