// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/xdp_socket.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <xdp/xsk.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <span>
#include <utility>

namespace weir {
namespace {

constexpr size_t kFrameBytes = 4096;  // what every driver can do; with headroom 3840 of packet
constexpr uint32_t kLeastFrames = 64;
constexpr uint32_t kMostFrames = 1U << 18;  // 1 GiB

// Memory for packets, mapped so that its pages can be pinned.
struct Frames {
  uint8_t* data = nullptr;
  size_t size = 0;

  Frames() = default;
  Frames(const Frames&) = delete;
  Frames& operator=(const Frames&) = delete;
  ~Frames() {
    if (data != nullptr) ::munmap(data, size);
  }
  bool map(size_t bytes) {
    void* const mapped =
        ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) return false;
    data = static_cast<uint8_t*>(mapped);
    size = bytes;
    return true;
  }
};

struct CloseSocket {
  void operator()(xsk_socket* socket) const { ::xsk_socket__delete(socket); }
};
struct CloseMemory {
  void operator()(xsk_umem* memory) const { ::xsk_umem__delete(memory); }
};

// Pinned pages count against a limit unless the process has cap_ipc_lock.
void lift_limit_of_pinned_memory() {
  const rlimit unlimited{RLIM_INFINITY, RLIM_INFINITY};
  (void)::setrlimit(RLIMIT_MEMLOCK, &unlimited);  // refused: the limit stays and open() says so
}

Error open_error(const XdpSocket::Options& options, int status) {
  const std::string queue =
      options.interface + ": AF_XDP on queue " + std::to_string(options.queue);
  const bool is_no_queue = status == -EINVAL || status == -ENODEV;
  if (is_no_queue && options.queue >= options.queue_count)
    return {queue + ": there is no such queue", -status};
  if (status == -EBUSY) return {queue + ": another program has a socket there", EBUSY};
  if (status == -ENOBUFS)
    return {queue + ": the memory may not be pinned: raise \"ulimit -l\" or lower --buffer",
            ENOBUFS};
  return system_error(queue, -status);
}

}  // namespace

// Members go in reverse order: the socket before the memory it uses. libxdp 1.3.1 leaves members of
// the ring structures as they were, hence the braces.
struct XdpSocket::Parts {
  uint32_t queue = 0;
  bool is_zero_copy = false;
  Frames frames;
  xsk_ring_prod fill{};
  xsk_ring_cons completion{};
  xsk_ring_cons received{};
  std::unique_ptr<xsk_umem, CloseMemory> memory;
  std::unique_ptr<xsk_socket, CloseSocket> socket;
  std::array<uint64_t, kBatchSize> taken{};  // addresses of the frames that take() gave out
  uint32_t taken_count = 0;

  int open(const Options& options, uint32_t frame_count, uint16_t bind_flags);
  void give_all_frames(uint32_t count);
};

int XdpSocket::Parts::open(const Options& options, uint32_t frame_count, uint16_t bind_flags) {
  if (!frames.map(frame_count * kFrameBytes)) return -errno;
  const xsk_umem_config memory_config{.fill_size = frame_count,
                                      .comp_size = kLeastFrames,  // nothing is sent
                                      .frame_size = kFrameBytes,
                                      .frame_headroom = 0,
                                      .flags = 0};
  xsk_umem* new_memory = nullptr;
  int status =
      ::xsk_umem__create(&new_memory, frames.data, frames.size, &fill, &completion, &memory_config);
  if (status != 0) return status;
  memory.reset(new_memory);
  give_all_frames(frame_count);  // before the bind: a driver without buffers drops
  xsk_socket_config config{};
  config.rx_size = frame_count;
  config.libxdp_flags = XSK_LIBXDP_FLAGS__INHIBIT_PROG_LOAD;
  config.bind_flags = bind_flags;
  xsk_socket* new_socket = nullptr;
  status = ::xsk_socket__create(&new_socket, options.interface.c_str(), options.queue, memory.get(),
                                &received, nullptr, &config);
  socket.reset(new_socket);
  queue = options.queue;
  is_zero_copy = (bind_flags & XDP_ZEROCOPY) != 0;
  return status;
}

void XdpSocket::Parts::give_all_frames(uint32_t count) {
  uint32_t first = 0;
  const uint32_t reserved = ::xsk_ring_prod__reserve(&fill, count, &first);
  for (uint32_t i = 0; i < reserved; ++i)
    *::xsk_ring_prod__fill_addr(&fill, first + i) = i * kFrameBytes;
  ::xsk_ring_prod__submit(&fill, reserved);
}

Result<std::unique_ptr<XdpSocket>> XdpSocket::open(const Options& options) {
  lift_limit_of_pinned_memory();
  const auto frames = static_cast<uint32_t>(std::clamp<size_t>(
      std::bit_floor(options.memory_bytes / kFrameBytes), kLeastFrames, kMostFrames));
  int status = 0;
  for (const int copy : {XDP_ZEROCOPY, XDP_COPY}) {
    auto parts = std::make_unique<Parts>();
    status = parts->open(options, frames, static_cast<uint16_t>(copy | XDP_USE_NEED_WAKEUP));
    if (status == 0) return std::unique_ptr<XdpSocket>(new XdpSocket(std::move(parts)));
    if (status == -EPERM || status == -EBUSY || status == -ENOBUFS) break;
  }
  return open_error(options, status);
}

XdpSocket::XdpSocket(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
XdpSocket::~XdpSocket() = default;

int XdpSocket::descriptor() const {
  return ::xsk_socket__fd(parts_->socket.get());
}
uint32_t XdpSocket::queue() const {
  return parts_->queue;
}
size_t XdpSocket::frames() const {
  return parts_->frames.size / kFrameBytes;
}
bool XdpSocket::is_zero_copy() const {
  return parts_->is_zero_copy;
}

void XdpSocket::take(PacketBatch& batch) {
  Parts& parts = *parts_;
  uint32_t first = 0;
  const auto room = static_cast<uint32_t>(kBatchSize - batch.count);
  const uint32_t count = ::xsk_ring_cons__peek(&parts.received, room, &first);
  const std::span<uint8_t> memory(parts.frames.data, parts.frames.size);
  for (uint32_t i = 0; i < count; ++i) {
    const xdp_desc& frame = *::xsk_ring_cons__rx_desc(&parts.received, first + i);
    PacketView& packet = batch.add();
    packet = {};
    packet.data = memory.subspan(frame.addr, frame.len).data();
    packet.captured_length = frame.len;
    packet.wire_length = frame.len;
    packet.link_type = LinkType::kEthernet;
    parts.taken[i] = frame.addr;
  }
  parts.taken_count = count;
  if (count != 0) ::xsk_ring_cons__release(&parts.received, count);
}

void XdpSocket::release() {
  Parts& parts = *parts_;
  const uint32_t count = std::exchange(parts.taken_count, 0);
  uint32_t first = 0;
  // There is room: the ring is as large as there are frames.
  if (count == 0 || ::xsk_ring_prod__reserve(&parts.fill, count, &first) != count) return;
  for (uint32_t i = 0; i < count; ++i)
    *::xsk_ring_prod__fill_addr(&parts.fill, first + i) = parts.taken[i];
  ::xsk_ring_prod__submit(&parts.fill, count);
  if (::xsk_ring_prod__needs_wakeup(&parts.fill) != 0)
    (void)::recvfrom(descriptor(), nullptr, 0, MSG_DONTWAIT, nullptr, nullptr);
}

XdpSocket::Counters XdpSocket::counters() const {
  xdp_statistics statistics{};
  socklen_t size = sizeof statistics;
  if (::getsockopt(descriptor(), SOL_XDP, XDP_STATISTICS, &statistics, &size) != 0) return {};
  return {statistics.rx_ring_full, statistics.rx_dropped, statistics.rx_fill_ring_empty_descs};
}

}  // namespace weir
