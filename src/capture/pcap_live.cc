// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/pcap_live.h"

#include <fmt/format.h>
#include <pcap/pcap.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/byte_reader.h"

namespace weir {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using PcapHandle = std::unique_ptr<pcap_t, decltype(&::pcap_close)>;

constexpr int kSnapLength = 262144;
constexpr int kHandOverMilliseconds = 40;  // libpcap's "packet buffer timeout"
constexpr milliseconds kBlindWait{10};     // for devices that cannot be waited for
constexpr milliseconds kLastPackets{3 * kHandOverMilliseconds};
constexpr milliseconds kStatisticsInterval{100};

// The number in a file for what libpcap calls `dlt` on this system. They differ where systems
// disagreed.
LinkType link_type_of(int dlt) {
  return dlt == DLT_RAW ? LinkType::kRaw : static_cast<LinkType>(dlt);
}

class PcapLiveSource final : public PacketSource {
 public:
  PcapLiveSource(const LiveOptions& options, PcapHandle handle)
      : name_(options.interface),
        is_busy_(options.busy_poll),
        handle_(std::move(handle)),
        link_type_(link_type_of(::pcap_datalink(handle_.get()))),
        nanoseconds_(::pcap_get_tstamp_precision(handle_.get()) == PCAP_TSTAMP_PRECISION_NANO),
        device_drops_(name_) {}

  PollStatus poll(PacketBatch& batch, milliseconds timeout) override;
  [[nodiscard]] CaptureStatistics statistics() const override;
  [[nodiscard]] std::string error() const override { return error_; }
  [[nodiscard]] std::string_view name() const override { return name_; }
  [[nodiscard]] std::string method() const override { return "libpcap"; }
  [[nodiscard]] bool is_file() const override { return false; }
  [[nodiscard]] milliseconds hand_over_delay() const override {
    return 2 * milliseconds(kHandOverMilliseconds);
  }

 private:
  // Of one counter of pcap_stats(), which wraps at 32 bits.
  struct Counter {
    uint32_t last = 0;
    std::atomic<uint64_t> sum{0};
    void update(uint32_t now) {
      sum.fetch_add(now - last, std::memory_order_relaxed);
      last = now;
    }
  };

  static void keep(u_char* self, const pcap_pkthdr* header, const u_char* bytes);
  bool dispatch(PacketBatch& batch);
  void wait(milliseconds timeout) const;
  void refresh_statistics();

  const std::string name_;
  const bool is_busy_;
  PcapHandle handle_;
  const LinkType link_type_;
  const bool nanoseconds_;
  std::string error_;
  bool has_ended_ = false;
  steady_clock::time_point last_look_;  // meaningful when there is an error
  PacketBatch* batch_ = nullptr;        // only while dispatching
  std::vector<uint8_t> bytes_;          // of the batch's packets, one after the other
  steady_clock::time_point statistics_due_;
  std::atomic<uint64_t> packets_{0};
  Counter kernel_drops_;
  Counter interface_drops_;
  mutable std::mutex
      device_mutex_;  // of the threads that ask for statistics; never taken by poll()
  mutable DeviceDrops device_drops_;
};

PollStatus PcapLiveSource::poll(PacketBatch& batch, milliseconds timeout) {
  batch.clear();
  if (has_ended_) return PollStatus::kEnd;
  if (!dispatch(batch)) {
    const auto deadline = steady_clock::now() + timeout;
    if (!is_busy_) wait(timeout);
    while (!dispatch(batch) && is_busy_ && error_.empty() && steady_clock::now() < deadline) {
    }
  }
  refresh_statistics();
  if (batch.count != 0) return PollStatus::kPackets;
  has_ended_ = !error_.empty() && steady_clock::now() >= last_look_;
  return has_ended_ ? PollStatus::kEnd : PollStatus::kIdle;
}

bool PcapLiveSource::dispatch(PacketBatch& batch) {
  bytes_.clear();
  batch_ = &batch;
  errno = 0;
  int got = ::pcap_dispatch(handle_.get(), static_cast<int>(kBatchSize), &PcapLiveSource::keep,
                            reinterpret_cast<u_char*>(this));
  batch_ = nullptr;
  // Some of libpcap's devices (nflog) take "nothing there yet" for an error.
  if (got < 0 && errno == EAGAIN) got = 0;
  if (got < 0 && error_.empty()) {
    // When a device is gone libpcap says so before its last packets are handed over.
    last_look_ = steady_clock::now() + kLastPackets;
    error_ = fmt::format("{}: {}", name_, ::pcap_geterr(handle_.get()));
  }
  // The bytes have stopped moving only now.
  ByteReader left(bytes_);
  for (PacketView& packet : std::span(batch.packets).first(batch.count)) {
    packet.data = left.data();
    left.skip(packet.captured_length);
  }
  packets_.fetch_add(batch.count, std::memory_order_relaxed);
  return batch.count != 0;
}

void PcapLiveSource::keep(u_char* self, const pcap_pkthdr* header, const u_char* bytes) {
  auto& source = *reinterpret_cast<PcapLiveSource*>(self);
  if (source.batch_->full()) return;  // libpcap does not hand over more than it was asked for
  const std::span<const u_char> captured(bytes, header->caplen);
  source.bytes_.insert(source.bytes_.end(), captured.begin(), captured.end());
  const auto fraction = static_cast<uint32_t>(header->ts.tv_usec);
  source.batch_->add() = {.captured_length = header->caplen,
                          .wire_length = header->len,
                          .timestamp = {static_cast<uint32_t>(header->ts.tv_sec),
                                        source.nanoseconds_ ? fraction : fraction * 1000},
                          .link_type = source.link_type_};
}

void PcapLiveSource::wait(milliseconds timeout) const {
  pollfd waiting{.fd = ::pcap_get_selectable_fd(handle_.get()), .events = POLLIN, .revents = 0};
  const bool can_wait =
      waiting.fd >= 0 && ::pcap_get_required_select_timeout(handle_.get()) == nullptr;
  if (!can_wait) timeout = std::min(timeout, kBlindWait);
  ::poll(&waiting, 1, static_cast<int>(std::clamp<int64_t>(timeout.count(), 0, INT_MAX)));
}

void PcapLiveSource::refresh_statistics() {
  const auto now = steady_clock::now();
  if (now < statistics_due_) return;
  statistics_due_ = now + kStatisticsInterval;
  pcap_stat counters{};
  if (::pcap_stats(handle_.get(), &counters) != 0) return;
  kernel_drops_.update(counters.ps_drop);
  interface_drops_.update(counters.ps_ifdrop);
}

CaptureStatistics PcapLiveSource::statistics() const {
  CaptureStatistics statistics;
  statistics.packets = packets_.load(std::memory_order_relaxed);
  {
    const std::lock_guard lock(device_mutex_);
    device_drops_.add_to(statistics.drops);
  }
  // On Linux these two are what libpcap calls ps_ifdrop.
  statistics.drops[DropPlace::kNicMissed] = 0;
  statistics.drops[DropPlace::kNicFifo] = 0;
  statistics.drops[DropPlace::kLibpcapInterface] =
      interface_drops_.sum.load(std::memory_order_relaxed);
  statistics.drops[DropPlace::kLibpcap] = kernel_drops_.sum.load(std::memory_order_relaxed);
  return statistics.sum_up();
}

Error activation_error(const std::string& name, int status, pcap_t* handle) {
  switch (status) {
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED:
      return no_permission_to_capture(name);
    case PCAP_ERROR_NO_SUCH_DEVICE:
      return no_such_interface(name);
    case PCAP_ERROR_IFACE_NOT_UP:
      return interface_is_down(name);
    default:
      break;
  }
  const std::string detail = ::pcap_geterr(handle);
  return {fmt::format("{}: {}", name, detail.empty() ? ::pcap_statustostr(status) : detail)};
}

Result<void> set_filter(const LiveOptions& options, pcap_t* handle) {
  if (options.bpf.empty()) return {};
  bpf_program program{};
  bool done = ::pcap_compile(handle, &program, options.bpf.c_str(), 1, PCAP_NETMASK_UNKNOWN) == 0;
  if (done) {
    done = ::pcap_setfilter(handle, &program) == 0;
    ::pcap_freecode(&program);
  }
  if (done) return {};
  return Error{
      fmt::format("{}: filter \"{}\": {}", options.interface, options.bpf, ::pcap_geterr(handle))};
}

}  // namespace

Result<std::unique_ptr<PacketSource>> open_pcap_live(const LiveOptions& options) {
  const std::string& name = options.interface;
  if (options.fanout_group)
    return Error{name + ": libpcap cannot share an interface between shards; use one"};
  std::array<char, PCAP_ERRBUF_SIZE> message{};
  PcapHandle handle(::pcap_create(name.c_str(), message.data()), &::pcap_close);
  if (!handle) return Error{fmt::format("{}: {}", name, message.data())};
  pcap_t* const pcap = handle.get();
  ::pcap_set_snaplen(pcap, kSnapLength);
  ::pcap_set_promisc(pcap, options.promiscuous ? 1 : 0);
  ::pcap_set_timeout(pcap, kHandOverMilliseconds);
  ::pcap_set_buffer_size(pcap, static_cast<int>(std::min<size_t>(options.buffer_bytes, INT_MAX)));
  ::pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);  // stays microseconds if it cannot
  if (const int status = ::pcap_activate(pcap); status < 0)
    return activation_error(name, status, pcap);
  if (::pcap_setnonblock(pcap, 1, message.data()) != 0)
    return Error{fmt::format("{}: {}", name, message.data())};
  if (auto filter = set_filter(options, pcap); !filter) return filter.error();
  return std::unique_ptr<PacketSource>(new PcapLiveSource(options, std::move(handle)));
}

}  // namespace weir
