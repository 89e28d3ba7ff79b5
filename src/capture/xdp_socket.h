// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "net/packet_view.h"

namespace weir {

// An AF_XDP socket on one receive queue of an interface, with its packet memory (UMEM). The only
// place that knows libxdp. It receives what an XDP program redirects to it. Owner: the capture
// thread, counters() apart. Source: Documentation/networking/af_xdp.rst.
class XdpSocket {
 public:
  struct Options {
    std::string interface {};
    uint32_t queue = 0;
    uint32_t queue_count = 1;         // that the interface has; to say what is wrong
    size_t memory_bytes = 16U << 20;  // in frames of 4 KiB; at least 64, a power of two is used
  };

  // Zero-copy where the driver can, otherwise a copy by the kernel; need-wakeup in both. Errors:
  // EPERM (cap_net_raw); EBUSY: the queue has a socket already; no such queue; memory that the
  // kernel refuses to pin.
  static Result<std::unique_ptr<XdpSocket>> open(const Options& options);
  ~XdpSocket();
  XdpSocket(const XdpSocket&) = delete;
  XdpSocket& operator=(const XdpSocket&) = delete;

  [[nodiscard]] int descriptor() const;
  [[nodiscard]] uint32_t queue() const;
  [[nodiscard]] bool is_zero_copy() const;
  [[nodiscard]] size_t frames() const;  // packets it has room for

  // Adds received frames to `batch` until it is full or there is no more. They are Ethernet, have
  // no time and live until release(). REQUIRES: released since the last take().
  void take(PacketBatch& batch);
  // Gives the frames that were taken back to the kernel, and wakes the driver where it sleeps.
  void release();

  // What the kernel lost, since the socket was opened. Any thread.
  struct Counters {
    uint64_t ring_full = 0;
    uint64_t other = 0;            // no buffer, or larger than a frame
    uint64_t fill_ring_empty = 0;  // times, not packets
  };
  [[nodiscard]] Counters counters() const;

 private:
  struct Parts;
  explicit XdpSocket(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace weir
