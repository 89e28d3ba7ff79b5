// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/flow_outlets.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "base/printable.h"
#include "record/instance_paths.h"

namespace weir {
Result<std::unique_ptr<FlowOutlets>> FlowOutlets::open(Setting setting) {
  std::unique_ptr<FlowOutlets> outlets;
  if (setting.outlets.empty()) return outlets;
  outlets.reset(new FlowOutlets(std::move(setting)));
  // So that it has a number whoever else comes.
  (void)path_number(outlets->setting_.instance);
  for (const Outlet& one : outlets->setting_.outlets) {
    auto outlet =
        FlowOutlet::open(one.spec, outlets->setting_.instance, one.link ? &*one.link : nullptr);
    if (!outlet) return outlet.error();
    outlets->outlets_.push_back(*std::move(outlet));
  }
  return outlets;
}

FlowOutlets::~FlowOutlets() {
  if (thread_.joinable()) {
    thread_.request_stop();
    thread_.join();
  }
  const auto places = setting_.places ? setting_.places() : nullptr;
  while (work(places.get())) {
  }
  // All at once: each may take its two seconds.
  std::vector<std::jthread> farewells;
  for (auto& outlet : outlets_)
    farewells.emplace_back([one = std::move(outlet)]() mutable { one.reset(); });
}

FlowReports* FlowOutlets::add_shard(const std::string& interface, FlowReports::WhenFull when_full,
                                    size_t queue) {
  auto known = std::find(interfaces_.begin(), interfaces_.end(), interface);
  if (known == interfaces_.end()) known = interfaces_.insert(known, interface);
  const auto number = static_cast<uint32_t>(known - interfaces_.begin());
  reports_.push_back(std::make_unique<FlowReports>(number, setting_.every, when_full, queue));
  return reports_.back().get();
}

void FlowOutlets::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void FlowOutlets::run(const std::stop_token& stop) {
  constexpr std::chrono::milliseconds kPause{5};
  constexpr std::chrono::seconds kPlacesEvery{1};
  std::shared_ptr<const Places> places;
  std::chrono::steady_clock::time_point placed{};
  while (!stop.stop_requested()) {
    if (const auto now = std::chrono::steady_clock::now(); now >= placed + kPlacesEvery) {
      placed = now;
      if (setting_.places) places = setting_.places();
    }
    // To be woken would cost the shards a system call for each flow.
    if (!work(places.get())) std::this_thread::sleep_for(kPause);
  }
}

bool FlowOutlets::take_step(FlowOrigin& origin) {
  // Most came the way of the one before.
  if (last_way_ != kNoPath && origin.path == last_path_) {
    origin.path = last_way_;
    return true;
  }
  const uint32_t way = path_through(origin.path, setting_.instance);
  const bool is_circle = leads_through(origin.path, setting_.instance);
  // A way that has no number could be one.
  if (way != kNoPath && !is_circle) {
    last_path_ = std::exchange(origin.path, way);
    last_way_ = way;
    return true;
  }
  if (circles_.fetch_add(1, std::memory_order_relaxed) == 0)
    log_warning(fmt::format("flows came here by way of \"{}\" and go no further: {}",
                            printable(path_text(origin.path)),
                            is_circle ? "this weir has the name of one of these (--instance)"
                                      : "there is no room for a longer way"));
  return false;
}

bool FlowOutlets::work(const Places* places) {
  constexpr size_t kOfOne = 1024;  // before the next shard has its turn
  bool has_any = false;
  for (const auto& reports : reports_) {
    for (size_t i = 0; i < kOfOne; ++i) {
      std::optional<ExportedFlow> flow = reports->next();
      if (!flow) break;
      has_any = true;
      if (!take_step(flow->flow.origin)) continue;
      RecordContext context;
      context.interface = interfaces_[flow->interface];
      context.places = places;
      context.local_networks = &setting_.local_networks;
      for (const auto& outlet : outlets_) outlet->add(*flow, context);
    }
  }
  for (const auto& outlet : outlets_) outlet->flush();
  return has_any;
}

Value FlowOutlets::statistics() const {
  Value::Array rows;
  for (const auto& outlet : outlets_) rows.push_back(outlet->statistics());
  uint64_t lost = 0;
  for (const auto& reports : reports_) lost += reports->lost();
  Value all;
  all.set("instance", setting_.instance);
  all.set("outlets", std::move(rows));
  all.set("lost_flows", lost);
  all.set("circles", circles_.load());
  return all;
}

}  // namespace weir
