// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/xdp_source.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstring>
#include <mutex>
#include <numeric>
#include <optional>
#include <span>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "capture/bpf_filter.h"
#include "capture/kernel_objects.h"
#include "capture/packet_socket.h"
#include "capture/xdp_socket.h"

namespace weir {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// So short that three million packets a second do not fill the frames.
std::chrono::microseconds nap_for(size_t frames) {
  return std::chrono::microseconds(frames / 3);
}

Timestamp wall_clock() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return Timestamp::from_nanoseconds(
      std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

// What the sources of an interface share; the last one lets go of the interface.
struct XdpInterface {
  std::string name{};
  unsigned index = 0;
  std::shared_ptr<const KernelProgram> program{};
  Descriptor promiscuous{};
  KernelProgram::XdpAttachment attachment{};
  PacketFilter filter{};
};

class XdpSource final : public PacketSource {
 public:
  using Sockets = std::vector<std::unique_ptr<XdpSocket>>;

  XdpSource(std::shared_ptr<const XdpInterface> interface, Sockets sockets,
            const LiveOptions& options)
      : interface_(std::move(interface)),
        sockets_(std::move(sockets)),
        is_busy_(options.busy_poll) {
    if (options.counts_device_drops) device_drops_.emplace(interface_->name);
    for (const auto& socket : sockets_) {
      nap_ = std::min(nap_, nap_for(socket->frames()));
      waiting_.push_back({.fd = socket->descriptor(), .events = POLLIN, .revents = 0});
    }
  }

  PollStatus poll(PacketBatch& batch, milliseconds timeout) override;
  [[nodiscard]] CaptureStatistics statistics() const override;
  [[nodiscard]] std::string error() const override { return error_; }
  [[nodiscard]] std::string_view name() const override { return interface_->name; }
  [[nodiscard]] std::string method() const override;
  [[nodiscard]] bool is_file() const override { return false; }

 private:
  bool take(PacketBatch& batch);
  void drop_refused(PacketBatch& batch) const;
  void wait(milliseconds timeout);
  void look_at_interface();

  const std::shared_ptr<const XdpInterface> interface_;
  const Sockets sockets_;
  std::vector<pollfd> waiting_;  // one for each of them
  const bool is_busy_;
  // An AF_XDP socket wakes its reader for every few packets: 40,000 times a second and 3 us a
  // packet at 0.2 Mpps, 300 times and 0.2 us with this. While little comes, what follows a packet
  // is waited for.
  std::chrono::microseconds nap_{6000};
  size_t since_wait_ = 0;  // packets taken
  size_t next_ = 0;        // the socket that is asked first: none starves
  std::string error_;
  bool is_gone_ = false;

  std::atomic<uint64_t> packets_{0};
  mutable std::mutex
      device_mutex_;  // of the threads that ask for statistics; never taken by poll()
  mutable std::optional<DeviceDrops> device_drops_;
};

PollStatus XdpSource::poll(PacketBatch& batch, milliseconds timeout) {
  batch.clear();
  for (const auto& socket : sockets_) socket->release();
  if (take(batch)) return PollStatus::kPackets;
  if (is_gone_) return PollStatus::kEnd;
  if (!is_busy_) {
    wait(timeout);
  } else {
    const auto deadline = steady_clock::now() + timeout;
    do {
      if (take(batch)) return PollStatus::kPackets;
      wait(milliseconds(0));  // a driver that sleeps is woken by this
    } while (steady_clock::now() < deadline);
  }
  if (take(batch)) return PollStatus::kPackets;
  look_at_interface();
  return PollStatus::kIdle;
}

bool XdpSource::take(PacketBatch& batch) {
  for (size_t i = 0; i < sockets_.size() && !batch.full(); ++i)
    sockets_[(next_ + i) % sockets_.size()]->take(batch);
  next_ = (next_ + 1) % sockets_.size();
  if (batch.count == 0) return false;
  since_wait_ += batch.count;
  const Timestamp now = wall_clock();
  for (PacketView& packet : std::span(batch.packets).first(batch.count)) packet.timestamp = now;
  drop_refused(batch);
  // Frames of which none passed wait for the next poll() to be released.
  packets_.store(packets_.load(std::memory_order_relaxed) + batch.count, std::memory_order_relaxed);
  if (batch.count != 0) return true;
  for (const auto& socket : sockets_) socket->release();
  return false;
}

void XdpSource::drop_refused(PacketBatch& batch) const {
  if (interface_->filter.lets_all_through()) return;
  const auto first = batch.packets.begin();
  const auto kept =
      std::remove_if(first, first + static_cast<std::ptrdiff_t>(batch.count),
                     [this](const PacketView& packet) { return !interface_->filter.lets(packet); });
  batch.count = static_cast<size_t>(kept - first);
}

void XdpSource::wait(milliseconds timeout) {
  const bool is_quiet = std::exchange(since_wait_, 0) < kBatchSize && timeout.count() != 0;
  const int wait = static_cast<int>(std::clamp<int64_t>(timeout.count(), 0, INT_MAX));
  // The packet that ended the wait waits on for those that follow it: see nap_.
  if (::poll(waiting_.data(), waiting_.size(), wait) > 0 && is_quiet)
    std::this_thread::sleep_for(nap_);
}

void XdpSource::look_at_interface() {
  std::array<char, IF_NAMESIZE> name{};
  if (::if_indextoname(interface_->index, name.data()) == nullptr) {
    is_gone_ = true;
    error_ = interface_->name + ": the interface is gone";
  } else {
    error_ = is_interface_up(interface_->name) ? "" : interface_is_down(interface_->name).message;
  }
}

std::string XdpSource::method() const {
  const bool is_zero_copy = std::all_of(sockets_.begin(), sockets_.end(),
                                        [](const auto& socket) { return socket->is_zero_copy(); });
  return fmt::format("AF_XDP {}, {} XDP", is_zero_copy ? "zero-copy" : "copy",
                     interface_->attachment.is_native ? "native" : "generic");
}

CaptureStatistics XdpSource::statistics() const {
  CaptureStatistics statistics;
  statistics.packets = packets_.load(std::memory_order_relaxed);
  for (const auto& socket : sockets_) {
    const XdpSocket::Counters counters = socket->counters();
    statistics.drops[DropPlace::kXdpRing] += counters.ring_full;
    statistics.drops[DropPlace::kXdpOther] += counters.other;
    statistics.fill_ring_empty += counters.fill_ring_empty;
  }
  const std::lock_guard lock(device_mutex_);
  if (device_drops_) device_drops_->add_to(statistics.drops);
  return statistics.sum_up();
}

Error program_error(const std::string& name, const Error& error) {
  if (error.code == EPERM || error.code == EACCES) {
    return {name +
                ": no permission for AF_XDP: run as root or give weir the capabilities "
                "cap_net_raw,cap_net_admin,cap_bpf",
            EPERM};
  }
  if (error.code == EBUSY)
    return {name + ": another XDP program is attached (ip link show)", error.code};
  return error.in(name);
}

Result<XdpInterface> prepare(const LiveOptions& options, uint32_t queues) {
  XdpInterface interface {
    .name = options.interface, .index = ::if_nametoindex(options.interface.c_str())
  };
  if (interface.index == 0) return no_such_interface(options.interface);
  if (!is_interface_up(options.interface)) return interface_is_down(options.interface);
  if (af_packet_link_type(options.interface) != LinkType::kEthernet)
    return Error{options.interface + ": AF_XDP is for Ethernet interfaces"};
  auto filter = PacketFilter::compile(options.bpf, LinkType::kEthernet);
  if (!filter) return filter.error().in(options.interface);
  interface.filter = *std::move(filter);
  auto program = KernelProgram::load(
      {.object = xdp_to_sockets_object(), .map = "sockets", .map_size = queues});
  if (!program) return program_error(options.interface, program.error());
  interface.program = *std::move(program);
  if (!options.promiscuous) return interface;
  auto held = hold_promiscuous(options.interface);
  if (!held) return held.error();
  interface.promiscuous = *std::move(held);
  return interface;
}

// One list of sockets for each source. None receives anything before the program is attached.
Result<std::vector<XdpSource::Sockets>> open_sockets(const LiveOptions& options,
                                                     const std::vector<uint32_t>& queues,
                                                     size_t sources, const KernelProgram& program) {
  std::vector<XdpSource::Sockets> dealt(sources);
  for (size_t i = 0; i < queues.size(); ++i) {
    auto socket = XdpSocket::open({.interface = options.interface,
                                   .queue = queues[i],
                                   .queue_count = receive_queues(options.interface),
                                   .memory_bytes = options.buffer_bytes / queues.size()});
    if (!socket) {
      return socket.error().code == EPERM ? program_error(options.interface, socket.error())
                                          : socket.error();
    }
    if (auto set = program.set("sockets", queues[i], (*socket)->descriptor()); !set)
      return set.error().in(options.interface);
    dealt[i % sources].push_back(*std::move(socket));
  }
  return dealt;
}

}  // namespace

uint32_t receive_queues(const std::string& interface) {
  ethtool_channels channels{};
  channels.cmd = ETHTOOL_GCHANNELS;
  ifreq request{};
  if (interface.size() >= sizeof request.ifr_name) return 1;
  std::memcpy(request.ifr_name, interface.data(), interface.size());
  request.ifr_data = reinterpret_cast<char*>(&channels);
  const Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket.is_open() || ::ioctl(socket.get(), SIOCETHTOOL, &request) != 0) return 1;
  return std::max(1U, channels.rx_count + channels.combined_count);
}

Result<std::vector<std::unique_ptr<PacketSource>>> open_xdp(const LiveOptions& options,
                                                            std::vector<uint32_t> queues,
                                                            size_t sources) {
  const uint32_t there = receive_queues(options.interface);
  if (queues.empty()) {
    queues.resize(there);
    std::iota(queues.begin(), queues.end(), 0U);
  }
  auto interface =
      prepare(options, std::max(there, *std::max_element(queues.begin(), queues.end()) + 1));
  if (!interface) return interface.error();
  if (queues.size() < sources) {
    return Error{fmt::format("{}: {} queue{} cannot be shared by {} shards", options.interface,
                             queues.size(), queues.size() == 1 ? "" : "s", sources)};
  }
  auto dealt = open_sockets(options, queues, sources, *interface->program);
  if (!dealt) return dealt.error();
  auto attachment = interface->program->attach_xdp(interface->index);
  if (!attachment) return program_error(options.interface, attachment.error());
  interface->attachment = *std::move(attachment);
  const auto shared = std::make_shared<const XdpInterface>(*std::move(interface));
  std::vector<std::unique_ptr<PacketSource>> opened;
  LiveOptions one = options;
  for (XdpSource::Sockets& sockets : *dealt) {
    one.counts_device_drops = options.counts_device_drops && opened.empty();
    opened.push_back(std::make_unique<XdpSource>(shared, std::move(sockets), one));
  }
  return opened;
}

}  // namespace weir
