// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/drop_place.h"
#include "net/packet_view.h"

namespace weir {

// What a source lost and where. All counts are since it was opened.
struct CaptureStatistics {
  uint64_t packets = 0;          // handed over by poll()
  uint64_t kernel_drops = 0;     // the kernel had no room in the socket or ring
  uint64_t interface_drops = 0;  // the device says it dropped them before the kernel saw them
  DropCounts drops{};            // the same by place
  uint64_t ring_freezes = 0;     // TPACKET_V3: times the ring stood still because it was full
  uint64_t fill_ring_empty = 0;  // AF_XDP: times the kernel found no free buffer

  // Fills in the two sums.
  CaptureStatistics& sum_up() {
    kernel_drops = drops.sum(is_kernel_drop);
    interface_drops = drops.sum(is_interface_drop);
    return *this;
  }
};

enum class PollStatus : uint8_t {
  kPackets,  // the batch holds at least one
  kIdle,     // nothing came within the timeout
  kEnd,  // there will never be more (end of file, device gone); error() says why when it is not the
         // plain end
};

// One input of packets. Owner: the thread that polls it; statistics() may be called by any thread.
class PacketSource {
 public:
  virtual ~PacketSource() = default;

  // Clears and fills `batch` with up to kBatchSize packets; waits at most `timeout` for the first
  // one, for none of the others. The views live until the next poll().
  virtual PollStatus poll(PacketBatch& batch, std::chrono::milliseconds timeout) = 0;

  [[nodiscard]] virtual CaptureStatistics statistics() const = 0;

  // After kEnd: "" at the plain end, else a sentence for people ("capture.pcap: torn after packet
  // 17 at byte 1804: ..."). Before: "", or why nothing can come at the moment ("eth0: the interface
  // is down"). For the owner.
  [[nodiscard]] virtual std::string error() const { return {}; }

  // What the user called it: "eth0", "capture.pcap", "-".
  [[nodiscard]] virtual std::string_view name() const = 0;

  // How it captures, for people: "AF_PACKET", "libpcap", "AF_XDP zero-copy", "file".
  [[nodiscard]] virtual std::string method() const { return "file"; }

  // True for files and standard input: time is the packets' own and nothing may be dropped for
  // being late.
  [[nodiscard]] virtual bool is_file() const = 0;

  // How old a packet may be that poll() has not seen when it says kIdle: the kernel hands packets
  // over in blocks. 0: none is there.
  [[nodiscard]] virtual std::chrono::milliseconds hand_over_delay() const {
    return std::chrono::milliseconds(0);
  }

  // For files of known size: how much of it was read, 0 to 1; negative when that cannot be known.
  // Any thread.
  [[nodiscard]] virtual double progress() const { return -1; }
};

}  // namespace weir
