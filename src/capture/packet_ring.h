// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/result.h"
#include "net/packet_view.h"

namespace weir {

// The receive ring of a packet socket (TPACKET_V3): blocks of packets that the kernel fills and
// hands over whole. Owns the mapping, not the socket. Owner: the capture thread. Source:
// Documentation/networking/packet_mmap.rst.
class PacketRing {
 public:
  struct Shape {
    size_t bytes = 64U << 20;  // about; at least two blocks
    // A power of two, at least a page. Small enough that a ring of half-empty blocks, as the timer
    // makes them of slow traffic, still bridges seconds in which nobody reads: 10 s with 64 MiB.
    size_t block_bytes = 256U << 10;
    // A block is handed over at the latest twice this long after its first packet.
    std::chrono::milliseconds block_timeout{40};
  };

  PacketRing() = default;
  PacketRing(PacketRing&& other) noexcept;
  PacketRing& operator=(PacketRing&& other) noexcept;
  PacketRing(const PacketRing&) = delete;
  PacketRing& operator=(const PacketRing&) = delete;
  ~PacketRing();

  // Gives `socket` a ring. REQUIRES: the socket is not bound yet.
  static Result<PacketRing> create(int socket, const Shape& shape);

  // Adds packets of what the kernel handed over until `batch` is full or there is no more. Views
  // live until release().
  void take(PacketBatch& batch, LinkType link_type);
  // Gives the blocks that were taken whole back to the kernel.
  void release();

 private:
  [[nodiscard]] std::span<uint8_t> block(size_t index) const;
  // The block's packet at `offset_` added to the batch; moves on to the next one.
  void take_packet(std::span<uint8_t> block, PacketBatch& batch, LinkType link_type);
  void unmap();

  uint8_t* data_ = nullptr;
  size_t size_ = 0;
  size_t block_bytes_ = 0;
  size_t blocks_ = 0;
  size_t current_ = 0;         // the block being read or waited for
  size_t to_release_ = 0;      // so many blocks before `current_` are taken whole
  uint32_t packets_left_ = 0;  // in the current block; 0: it has not been opened
  size_t offset_ = 0;          // of the next packet in the current block
};

}  // namespace weir
