// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "capture/packet_source.h"

namespace weir::test {

enum class Order { kLittle, kBig };

// Bytes of a capture file, field by field.
class FileBytes {
 public:
  explicit FileBytes(Order order = Order::kLittle) : order_(order) {}

  FileBytes& u8(uint8_t value) {
    bytes_.push_back(static_cast<char>(value));
    return *this;
  }
  FileBytes& u16(uint16_t value) { return number(value, 2); }
  FileBytes& u32(uint32_t value) { return number(value, 4); }
  FileBytes& u64(uint64_t value) { return number(value, 8); }
  FileBytes& text(std::string_view value) {
    bytes_ += value;
    return *this;
  }
  FileBytes& pad() {
    bytes_.resize((bytes_.size() + 3) / 4 * 4);
    return *this;
  }
  [[nodiscard]] Order order() const { return order_; }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  FileBytes& number(uint64_t value, int size) {
    for (int i = 0; i < size; ++i) {
      const int shift = 8 * (order_ == Order::kLittle ? i : size - 1 - i);
      u8(static_cast<uint8_t>(value >> shift));
    }
    return *this;
  }

  Order order_;
  std::string bytes_;
};

inline FileBytes pcap_header(uint32_t magic, Order order = Order::kLittle, uint32_t link_type = 1,
                             uint16_t minor = 4) {
  FileBytes file(order);
  file.u32(magic).u16(2).u16(minor).u32(0).u32(0).u32(65535).u32(link_type);
  return file;
}

struct RecordHeader {
  uint32_t seconds = 0;
  uint32_t fraction = 0;
  uint32_t captured = 0;
  uint32_t on_wire = 0;
};

inline void add_header(FileBytes& file, const RecordHeader& header) {
  file.u32(header.seconds).u32(header.fraction).u32(header.captured).u32(header.on_wire);
}

// A whole record: all of `data`, captured uncut.
inline void add_record(FileBytes& file, uint32_t seconds, uint32_t fraction,
                       std::string_view data) {
  const auto length = static_cast<uint32_t>(data.size());
  add_header(file, {seconds, fraction, length, length});
  file.text(data);
}

inline void add_block(FileBytes& file, uint32_t type, const FileBytes& body) {
  const auto length = static_cast<uint32_t>((body.bytes().size() + 3) / 4 * 4 + 12);
  file.u32(type).u32(length).text(body.bytes()).pad().u32(length);
}

// A section of the file's byte order.
inline void add_section(FileBytes& file) {
  FileBytes body(file.order());
  body.u32(0x1a2b3c4d).u16(1).u16(0).u64(UINT64_MAX);
  add_block(file, 0x0a0d0d0a, body);
}

struct InterfaceBlock {
  uint16_t link_type = 1;
  uint32_t snap_length = 0;
  int resolution = -1;         // if_tsresol; negative: none
  int64_t offset_seconds = 0;  // if_tsoffset; 0: none
};

inline void add_interface(FileBytes& file, const InterfaceBlock& interface) {
  FileBytes body(file.order());
  body.u16(interface.link_type).u16(0).u32(interface.snap_length);
  body.u16(2).u16(5).text("eth0x").pad();  // if_name, to be skipped
  if (interface.resolution >= 0)
    body.u16(9).u16(1).u8(static_cast<uint8_t>(interface.resolution)).pad();
  if (interface.offset_seconds != 0)
    body.u16(14).u16(8).u64(static_cast<uint64_t>(interface.offset_seconds));
  body.u16(0).u16(0);
  add_block(file, 1, body);
}

inline void add_enhanced_packet(FileBytes& file, uint32_t interface, uint64_t time,
                                std::string_view data) {
  const auto length = static_cast<uint32_t>(data.size());
  FileBytes body(file.order());
  body.u32(interface).u32(static_cast<uint32_t>(time >> 32)).u32(static_cast<uint32_t>(time));
  body.u32(length).u32(length).text(data).pad();
  body.u16(2).u16(4).u32(1).u16(0).u16(0);  // epb_flags
  add_block(file, 6, body);
}

// A packet that outlived its source.
struct Packet {
  std::string data;
  uint32_t wire_length = 0;
  Timestamp timestamp;
  LinkType link_type = LinkType::kEthernet;

  bool operator==(const Packet&) const = default;
};

struct Reading {
  std::vector<Packet> packets;
  std::string error;

  bool operator==(const Reading&) const = default;
};

inline Packet copy_of(const PacketView& view) {
  return {std::string(reinterpret_cast<const char*>(view.data), view.captured_length),
          view.wire_length, view.timestamp, view.link_type};
}

// Everything a source that ends has to give.
inline Reading read_to_end(PacketSource& source) {
  Reading reading;
  PacketBatch batch;
  while (source.poll(batch, std::chrono::seconds(10)) == PollStatus::kPackets) {
    for (size_t i = 0; i < batch.count; ++i) reading.packets.push_back(copy_of(batch.packets[i]));
  }
  reading.error = source.error();
  return reading;
}

}  // namespace weir::test
