// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "capture/capture_parser.h"
#include "capture/field_order.h"
#include "capture/pcapng_time.h"

namespace weir {

// pcapng: any number of sections, each of its own byte order, any number of interfaces, each of its
// own link type and clock. Enhanced, simple and obsolete packet blocks are packets; blocks of other
// types are skipped. A simple packet block has no time: it gets that of the packet before it.
// Source: draft-ietf-opsawg-pcapng.
class PcapngParser final : public CaptureParser {
 public:
  [[nodiscard]] static bool recognises(ByteReader start);

  ParseOutcome parse(ByteReader window, PacketBatch& batch) override;

 private:
  struct Interface {
    LinkType link_type = LinkType::kEthernet;
    uint32_t snap_length = 0;  // 0: no limit
    PcapngTime time;
  };
  struct Block {
    uint32_t type = 0;
    size_t length = 0;  // whole
    ByteReader body;    // without type and lengths; only when the whole block is there
  };
  // Where a packet block keeps its fields.
  struct PacketFields {
    uint32_t interface;
    size_t header;  // length of the fixed part
  };

  ParseOutcome read_block(ByteReader window, Block& block);
  // What is wrong with the block; empty when it was read or skipped.
  std::string use_block(const Block& block, PacketBatch& batch);
  std::string start_section(ByteReader body);
  std::string add_interface(ByteReader body);
  std::string add_packet(ByteReader body, PacketFields fields, PacketBatch& batch);
  std::string add_simple_packet(ByteReader body, PacketBatch& batch);
  void read_interface_options(ByteReader options, Interface& interface) const;

  FieldOrder order_;
  bool in_section_ = false;
  std::vector<Interface> interfaces_;  // of the current section
  Timestamp last_time_;
};

}  // namespace weir
