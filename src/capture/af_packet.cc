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
#include <vector>

#include "capture/packet_socket.h"

namespace weir {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

bool interface_exists(unsigned index) {
  std::array<char, IF_NAMESIZE> name{};
  return ::if_indextoname(index, name.data()) != nullptr;
}

class AfPacketSource final : public PacketSource {
 public:
  AfPacketSource(const LiveOptions& options, LinkType link_type, PacketSocket socket)
      : name_(options.interface),
        link_type_(link_type),
        is_busy_(options.busy_poll),
        hand_over_delay_(2 * options.block_timeout),
        socket_(std::move(socket)) {
    if (options.counts_device_drops) device_drops_.emplace(name_);
  }

  PollStatus poll(PacketBatch& batch, milliseconds timeout) override;
  [[nodiscard]] CaptureStatistics statistics() const override;
  [[nodiscard]] std::string error() const override { return error_; }
  [[nodiscard]] std::string_view name() const override { return name_; }
  [[nodiscard]] std::string method() const override { return "AF_PACKET"; }
  [[nodiscard]] bool is_file() const override { return false; }
  [[nodiscard]] milliseconds hand_over_delay() const override { return hand_over_delay_; }

 private:
  bool take(PacketBatch& batch);
  void sleep(milliseconds timeout);
  bool spin(PacketBatch& batch, milliseconds timeout);
  void look_at_interface();

  const std::string name_;
  const LinkType link_type_;
  const bool is_busy_;
  const milliseconds hand_over_delay_;
  PacketSocket socket_;
  std::string error_;
  bool is_gone_ = false;
  steady_clock::time_point gone_since_;

  std::atomic<uint64_t> packets_{0};
  mutable std::mutex drops_mutex_;  // of the threads that ask for statistics; never taken by poll()
  mutable SocketDrops drops_;       // sum of what the kernel has told so far
  mutable std::optional<DeviceDrops> device_drops_;
};

PollStatus AfPacketSource::poll(PacketBatch& batch, milliseconds timeout) {
  batch.clear();
  socket_.ring.release();
  if (take(batch)) return PollStatus::kPackets;
  // Its last packets may still be in a block that the kernel has not handed over.
  const milliseconds last_block = hand_over_delay_ + milliseconds(20);
  if (is_gone_ && steady_clock::now() - gone_since_ >= last_block) return PollStatus::kEnd;
  if (is_gone_) timeout = std::min(timeout, last_block);
  if (is_busy_ && spin(batch, timeout)) return PollStatus::kPackets;
  sleep(is_busy_ ? milliseconds(0) : timeout);
  return take(batch) ? PollStatus::kPackets : PollStatus::kIdle;
}

bool AfPacketSource::take(PacketBatch& batch) {
  socket_.ring.take(batch, link_type_);
  if (batch.count == 0) return false;
  packets_.store(packets_.load(std::memory_order_relaxed) + batch.count, std::memory_order_relaxed);
  return true;
}

bool AfPacketSource::spin(PacketBatch& batch, milliseconds timeout) {
  const auto deadline = steady_clock::now() + timeout;
  do {
    if (take(batch)) return true;
  } while (steady_clock::now() < deadline);
  return false;
}

void AfPacketSource::sleep(milliseconds timeout) {
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
  CaptureStatistics statistics;
  statistics.packets = packets_.load(std::memory_order_relaxed);
  statistics.drops[DropPlace::kPacketRing] = drops_.drops;
  statistics.ring_freezes = drops_.freezes;
  if (device_drops_) device_drops_->add_to(statistics.drops);
  return statistics.sum_up();
}

}  // namespace

bool af_packet_reads(const std::string& interface) {
  return af_packet_link_type(interface).has_value();
}

Result<std::vector<std::unique_ptr<PacketSource>>> open_af_packet(const LiveOptions& options,
                                                                  size_t sources) {
  const std::optional<LinkType> link_type = af_packet_link_type(options.interface);
  if (!link_type) return no_such_interface(options.interface);
  BpfProgram filter;
  if (!options.bpf.empty()) {
    auto compiled = compile_bpf(options.bpf, options.interface, *link_type);
    if (!compiled) return compiled.error().in(options.interface);
    filter = *std::move(compiled);
  }
  std::vector<PacketSocket> sockets;
  for (size_t i = 0; i < sources; ++i) {
    auto socket = open_packet_socket(options, filter);
    if (!socket) return socket.error();
    sockets.push_back(*std::move(socket));
  }
  // The group is complete: from its first packet on each flow goes where it will always go.
  std::vector<std::unique_ptr<PacketSource>> opened;
  LiveOptions one = options;
  for (PacketSocket& socket : sockets) {
    one.counts_device_drops = options.counts_device_drops && opened.empty();
    if (options.fanout_group) {
      if (auto set = set_filter(options, socket.descriptor.get(), filter); !set) return set.error();
    }
    opened.push_back(std::make_unique<AfPacketSource>(one, *link_type, std::move(socket)));
  }
  return opened;
}

}  // namespace weir
