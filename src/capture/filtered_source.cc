// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/filtered_source.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <map>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "capture/bpf_filter.h"

namespace weir {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class FilteredSource final : public PacketSource {
 public:
  FilteredSource(std::unique_ptr<PacketSource> source, std::string expression)
      : source_(std::move(source)), expression_(std::move(expression)) {}

  PollStatus poll(PacketBatch& batch, milliseconds timeout) override;
  [[nodiscard]] CaptureStatistics statistics() const override {
    CaptureStatistics statistics = source_->statistics();
    statistics.packets = packets_.load(std::memory_order_relaxed);
    return statistics;
  }
  [[nodiscard]] std::string error() const override { return source_->error(); }
  [[nodiscard]] std::string_view name() const override { return source_->name(); }
  [[nodiscard]] std::string method() const override { return source_->method(); }
  [[nodiscard]] bool is_file() const override { return source_->is_file(); }
  [[nodiscard]] milliseconds hand_over_delay() const override { return source_->hand_over_delay(); }
  [[nodiscard]] double progress() const override { return source_->progress(); }

 private:
  // Null: the expression makes no sense for it.
  const PacketFilter* filter_of(LinkType link_type);
  void drop_refused(PacketBatch& batch);

  std::unique_ptr<PacketSource> source_;
  std::string expression_;
  std::map<LinkType, Result<PacketFilter>> filters_;
  std::atomic<uint64_t> packets_{0};
};

const PacketFilter* FilteredSource::filter_of(LinkType link_type) {
  auto found = filters_.find(link_type);
  if (found == filters_.end()) {
    auto filter = PacketFilter::compile(expression_, link_type);
    if (!filter)
      log_warning(fmt::format("{}: {}: packets of link type {} are left out", name(),
                              filter.error().message, static_cast<unsigned>(link_type)));
    found = filters_.emplace(link_type, std::move(filter)).first;
  }
  return found->second ? &*found->second : nullptr;
}

void FilteredSource::drop_refused(PacketBatch& batch) {
  const std::span<PacketView> packets(batch.packets.data(), batch.count);
  const auto left =
      std::remove_if(packets.begin(), packets.end(), [this](const PacketView& packet) {
        const PacketFilter* filter = filter_of(packet.link_type);
        return filter == nullptr || !filter->lets(packet);
      });
  batch.count = static_cast<size_t>(left - packets.begin());
  // One writer: a load and a store are enough.
  packets_.store(packets_.load(std::memory_order_relaxed) + batch.count, std::memory_order_relaxed);
}

PollStatus FilteredSource::poll(PacketBatch& batch, milliseconds timeout) {
  const auto deadline = steady_clock::now() + timeout;
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    const PollStatus status = source_->poll(batch, std::max(left, milliseconds(0)));
    if (status != PollStatus::kPackets) return status;
    drop_refused(batch);
    if (batch.count > 0) return PollStatus::kPackets;
    if (steady_clock::now() >= deadline) return PollStatus::kIdle;
  }
}

}  // namespace

// Of which link types a file is shows only when it is read.
Result<void> check_filter(const std::string& expression) {
  constexpr std::array kTried{LinkType::kEthernet, LinkType::kRaw, LinkType::kIeee80211,
                              LinkType::kRadiotap, LinkType::kLinuxSll2};
  Result<void> first;
  for (const LinkType type : kTried) {
    const auto filter = PacketFilter::compile(expression, type);
    if (filter) return {};
    if (first) first = filter.error();
  }
  return first;
}

Result<std::unique_ptr<PacketSource>> filter_source(std::unique_ptr<PacketSource> source,
                                                    const std::string& expression) {
  if (expression.empty()) return source;
  if (auto checked = check_filter(expression); !checked)
    return checked.error().in(std::string(source->name()));
  return std::unique_ptr<PacketSource>(new FilteredSource(std::move(source), expression));
}

}  // namespace weir
