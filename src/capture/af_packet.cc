// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/af_packet.h"

#include <net/if.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <mutex>
#include <utility>

#include "capture/packet_socket.h"

namespace weir {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// How long after the interface has gone its last packets may still be in a block the kernel has not
// handed over.
constexpr milliseconds kLastBlock{2 * PacketRing::kRetireMilliseconds + 20};

bool interface_exists(unsigned index) {
  std::array<char, IF_NAMESIZE> name{};
  return ::if_indextoname(index, name.data()) != nullptr;
}

class AfPacketSource final : public PacketSource {
 public:
  AfPacketSource(std::string name, LinkType link_type, PacketSocket socket)
      : name_(std::move(name)),
        link_type_(link_type),
        device_drops_before_(device_drops(name_)),
        socket_(std::move(socket)) {}

  PollStatus poll(PacketBatch& batch, milliseconds timeout) override;
  [[nodiscard]] CaptureStatistics statistics() const override;
  [[nodiscard]] std::string error() const override { return error_; }
  [[nodiscard]] std::string_view name() const override { return name_; }
  [[nodiscard]] bool is_file() const override { return false; }

 private:
  bool take(PacketBatch& batch);
  void wait(milliseconds timeout);
  void look_at_interface();

  const std::string name_;
  const LinkType link_type_;
  const uint64_t device_drops_before_;
  PacketSocket socket_;
  std::string error_;
  bool is_gone_ = false;
  steady_clock::time_point gone_since_;

  std::atomic<uint64_t> packets_{0};
  mutable std::mutex drops_mutex_;  // of the threads that ask for statistics; never taken by poll()
  mutable SocketDrops drops_;       // sum of what the kernel has told so far
  mutable uint64_t device_drops_ = 0;
};

PollStatus AfPacketSource::poll(PacketBatch& batch, milliseconds timeout) {
  batch.clear();
  socket_.ring.release();
  if (take(batch)) return PollStatus::kPackets;
  if (is_gone_ && steady_clock::now() - gone_since_ >= kLastBlock) return PollStatus::kEnd;
  wait(timeout);
  return take(batch) ? PollStatus::kPackets : PollStatus::kIdle;
}

bool AfPacketSource::take(PacketBatch& batch) {
  socket_.ring.take(batch, link_type_);
  if (batch.count == 0) return false;
  packets_.store(packets_.load(std::memory_order_relaxed) + batch.count, std::memory_order_relaxed);
  return true;
}

void AfPacketSource::wait(milliseconds timeout) {
  if (is_gone_) timeout = std::min(timeout, kLastBlock);
  pollfd waiting{.fd = socket_.descriptor.get(), .events = POLLIN, .revents = 0};
  const int wait = static_cast<int>(std::clamp<int64_t>(timeout.count(), 0, INT_MAX));
  if (::poll(&waiting, 1, wait) > 0 && (waiting.revents & POLLERR) != 0) look_at_interface();
  const bool was_down = !error_.empty() && !is_gone_;
  if (was_down && is_interface_up(name_)) error_.clear();
}

void AfPacketSource::look_at_interface() {
  const int error_number = take_socket_error(socket_.descriptor.get());
  if (error_number == 0) return;
  if (interface_exists(socket_.interface_index)) {
    error_ = interface_is_down(name_).message;
    return;
  }
  error_ = name_ + ": the interface is gone";
  is_gone_ = true;
  gone_since_ = steady_clock::now();
}

CaptureStatistics AfPacketSource::statistics() const {
  const std::lock_guard lock(drops_mutex_);
  const SocketDrops recent = take_socket_drops(socket_.descriptor.get());
  drops_.drops += recent.drops;
  drops_.freezes += recent.freezes;
  // The counter goes back to 0 with a driver's reset; what was counted stays counted.
  const uint64_t now = device_drops(name_);
  device_drops_ = std::max(device_drops_, now - std::min(now, device_drops_before_));
  return {.packets = packets_.load(std::memory_order_relaxed),
          .kernel_drops = drops_.drops,
          .interface_drops = device_drops_,
          .ring_freezes = drops_.freezes};
}

}  // namespace

bool af_packet_reads(const std::string& interface) {
  return af_packet_link_type(interface).has_value();
}

Result<std::unique_ptr<PacketSource>> open_af_packet(const LiveOptions& options) {
  const std::optional<LinkType> link_type = af_packet_link_type(options.interface);
  if (!link_type) return no_such_interface(options.interface);
  BpfProgram filter;
  if (!options.bpf.empty()) {
    auto compiled = compile_bpf(options.bpf, options.interface, *link_type);
    if (!compiled) return compiled.error().in(options.interface);
    filter = *std::move(compiled);
  }
  auto socket = open_packet_socket(options, filter);
  if (!socket) return socket.error();
  return std::unique_ptr<PacketSource>(
      new AfPacketSource(options.interface, *link_type, *std::move(socket)));
}

}  // namespace weir
