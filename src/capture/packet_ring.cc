// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/packet_ring.h"

#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <utility>

namespace weir {
namespace {

constexpr unsigned kFrameBytes =
    2048;  // with TPACKET_V3 the kernel only checks that it divides the block
constexpr uint32_t kVlanTagBytes = 4;

// The kernel puts these structures into the mapping, aligned as they need it.
template <typename T>
T& structure_at(std::span<uint8_t> bytes, size_t offset) {
  return *reinterpret_cast<T*>(bytes.subspan(offset, sizeof(T)).data());
}

std::atomic_ref<uint32_t> status_of(std::span<uint8_t> block) {
  return std::atomic_ref<uint32_t>(structure_at<tpacket_block_desc>(block, 0).hdr.bh1.block_status);
}

void read_vlan(const tpacket3_hdr& header, PacketView& packet) {
  const bool has_tag =
      (header.tp_status & TP_STATUS_VLAN_VALID) != 0 || header.hv1.tp_vlan_tci != 0;
  if (!has_tag) return;
  const bool has_tpid = (header.tp_status & TP_STATUS_VLAN_TPID_VALID) != 0;
  packet.vlan_tpid = has_tpid ? header.hv1.tp_vlan_tpid : uint16_t{ETHERTYPE_VLAN};
  packet.vlan_tci = static_cast<uint16_t>(header.hv1.tp_vlan_tci);
  packet.wire_length += kVlanTagBytes;
}

}  // namespace

PacketRing::PacketRing(PacketRing&& other) noexcept {
  *this = std::move(other);
}

PacketRing& PacketRing::operator=(PacketRing&& other) noexcept {
  if (this == &other) return *this;
  unmap();
  data_ = std::exchange(other.data_, nullptr);
  size_ = std::exchange(other.size_, 0);
  block_bytes_ = other.block_bytes_;
  blocks_ = std::exchange(other.blocks_, 0);
  current_ = other.current_;
  to_release_ = other.to_release_;
  packets_left_ = other.packets_left_;
  offset_ = other.offset_;
  return *this;
}

PacketRing::~PacketRing() {
  unmap();
}

void PacketRing::unmap() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

Result<PacketRing> PacketRing::create(int socket, const Shape& shape) {
  const int version = TPACKET_V3;
  if (::setsockopt(socket, SOL_PACKET, PACKET_VERSION, &version, sizeof version) != 0) {
    return system_error("TPACKET_V3", errno);
  }
  constexpr size_t kMostBlocks = 16384;
  PacketRing ring;
  ring.block_bytes_ = shape.block_bytes;
  ring.blocks_ = std::clamp<size_t>(shape.bytes / shape.block_bytes, 2, kMostBlocks);
  ring.size_ = ring.blocks_ * shape.block_bytes;
  const tpacket_req3 request{
      .tp_block_size = static_cast<unsigned>(shape.block_bytes),
      .tp_block_nr = static_cast<unsigned>(ring.blocks_),
      .tp_frame_size = kFrameBytes,
      .tp_frame_nr = static_cast<unsigned>(ring.size_ / kFrameBytes),
      .tp_retire_blk_tov = static_cast<unsigned>(shape.block_timeout.count()),
      .tp_sizeof_priv = 0,
      .tp_feature_req_word = 0};
  if (::setsockopt(socket, SOL_PACKET, PACKET_RX_RING, &request, sizeof request) != 0) {
    return system_error("a ring of " + std::to_string(ring.size_ >> 20) + " MiB", errno);
  }
  void* const data = ::mmap(nullptr, ring.size_, PROT_READ | PROT_WRITE, MAP_SHARED, socket, 0);
  if (data == MAP_FAILED) return system_error("map the ring", errno);
  ring.data_ = static_cast<uint8_t*>(data);
  return ring;
}

std::span<uint8_t> PacketRing::block(size_t index) const {
  return std::span(data_, size_).subspan(index * block_bytes_, block_bytes_);
}

void PacketRing::take(PacketBatch& batch, LinkType link_type) {
  // A block that was taken whole is still the user's: the ring must not be walked round into it.
  while (!batch.full() && to_release_ < blocks_) {
    const std::span<uint8_t> bytes = block(current_);
    if (packets_left_ == 0) {
      if ((status_of(bytes).load(std::memory_order_acquire) & TP_STATUS_USER) == 0) return;
      const auto& header = structure_at<tpacket_block_desc>(bytes, 0).hdr.bh1;
      packets_left_ = header.num_pkts;
      offset_ = header.offset_to_first_pkt;
    }
    while (packets_left_ != 0 && !batch.full()) take_packet(bytes, batch, link_type);
    if (packets_left_ != 0) return;
    current_ = (current_ + 1) % blocks_;
    ++to_release_;
  }
}

void PacketRing::take_packet(std::span<uint8_t> block, PacketBatch& batch, LinkType link_type) {
  const auto& header = structure_at<tpacket3_hdr>(block, offset_);
  PacketView& packet = batch.add();
  packet = {.data = block.subspan(offset_ + header.tp_mac, header.tp_snaplen).data(),
            .captured_length = header.tp_snaplen,
            .wire_length = header.tp_len,
            .timestamp = {header.tp_sec, header.tp_nsec},
            .link_type = link_type};
  read_vlan(header, packet);
  offset_ += header.tp_next_offset;
  --packets_left_;
}

void PacketRing::release() {
  for (; to_release_ != 0; --to_release_) {
    const size_t index = (current_ + blocks_ - to_release_) % blocks_;
    status_of(block(index)).store(TP_STATUS_KERNEL, std::memory_order_release);
  }
}

}  // namespace weir
