// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/timestamp.h"
#include "decode/plain_ipv4.h"
#include "decode/tcp_segment.h"
#include "engine/flow_shares.h"
#include "net/packet_view.h"

namespace weir {

// A packet as whoever read it hands it over: one cache line with all that a shard needs of nearly
// every packet.
struct alignas(64) SharedPacket {
  PacketView view;
  PlainIpv4 plain;     // valid when is_plain()
  TcpSegment segment;  // valid when it is plain and TCP

  // Else the packet must be decoded, which also tells whose it is.
  [[nodiscard]] bool is_plain() const { return plain.protocol != 0; }
};
static_assert(sizeof(SharedPacket) == 64);

// What one thread reads of many batches for all shards of an interface: the packets of each shard
// lie in a row, so that a processor that did not read them finds them by going straight on, without
// a look at the packets' own bytes, at those of other shards or at the batches. Owner: the thread
// that calls read(); after that immutable until the next one. Memory: 64 bytes a packet, used
// again.
class SharedPackets {
 public:
  // Forgets what was read before. The batches, and the bytes of their packets, must live as long as
  // what is read of them is used. Cost: bench/run shards; no allocation once it has grown to the
  // usual size.
  void read(std::span<const PacketBatch> batches, const FlowShares& shares);

  // The batches that were read, of which each shard is to know the times, also where no packet is
  // its own.
  [[nodiscard]] size_t batches() const { return batches_.size(); }
  [[nodiscard]] const PacketBatch& batch(size_t i) const { return batches_[i]; }
  // Of all packets of batch `i`; UINT64_MAX and 0 as order() when there are none.
  struct Times {
    Timestamp first;
    Timestamp last;
  };
  [[nodiscard]] const Times& times(size_t i) const { return times_[i]; }
  // The packets of batch `i` that are the shard's, and all that only decoding can tell whose they
  // are: each shard has to, since later fragments follow their first.
  [[nodiscard]] std::span<const SharedPacket> of(uint32_t shard, size_t i) const {
    const Part& part = parts_[shard];
    const size_t begin = i == 0 ? 0 : part.ends[i - 1];
    return std::span(part.packets).subspan(begin, part.ends[i] - begin);
  }

 private:
  struct Part {
    std::vector<SharedPacket> packets;  // room for them
    std::vector<uint32_t> ends;         // by batch
    size_t count = 0;

    // The rest is to be written where it lies: putting a packet together elsewhere and copying it
    // was no faster than having each shard read for itself.
    SharedPacket& add(const PacketView& view) {
      SharedPacket& packet = packets[count++];
      packet.view = view;
      return packet;
    }
  };

  void read_batch(const PacketBatch& batch, const FlowShares& shares);

  std::span<const PacketBatch> batches_;
  std::vector<Times> times_;
  std::vector<Part> parts_;  // by shard
};

}  // namespace weir
