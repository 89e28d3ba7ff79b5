// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/value.h"
#include "export/flow_outlet.h"
#include "export/flow_reports.h"
#include "export/outlet_spec.h"
#include "net/prefix.h"
#include "record/places.h"
#include "zmq/zmq_link.h"

namespace weir {

// Takes what shards tell of their flows and gives it to every --export. Its thread does no more
// than write messages, so that none of those who may be down or slow holds up the others.
class FlowOutlets {
 public:
  struct Outlet {
    OutletSpec spec;
    std::optional<ZmqLinkOptions> link{};  // for ZeroMQ
  };
  struct Setting {
    std::vector<Outlet> outlets;
    std::string instance;            // the name of this weir
    std::chrono::seconds every{60};  // how often a flow that goes on is told of; 0: at its end
    std::vector<Prefix> local_networks;
    std::function<std::shared_ptr<const Places>()> places;  // any thread; may be empty
  };

  // Null when the setting has no outlets. Errors: as FlowOutlet::open().
  static Result<std::unique_ptr<FlowOutlets>> open(Setting setting);
  // Writes what was told until now and lets each outlet send it, for at most two seconds.
  // REQUIRES: no shard tells anything any more.
  ~FlowOutlets();

  // For one more shard of an interface (its id), before start(). It lives as long as this.
  [[nodiscard]] FlowReports* add_shard(const std::string& interface,
                                       FlowReports::WhenFull when_full,
                                       size_t queue = FlowReports::kQueue);
  void start();

  // {"instance", "outlets": a row for each ...}. Any thread, for as long as this lives.
  [[nodiscard]] Value statistics() const;

 private:
  explicit FlowOutlets(Setting setting) : setting_(std::move(setting)) {}

  void run(const std::stop_token& stop);
  // Writes what was told; false when there was nothing.
  [[nodiscard]] bool work(const Places* places);
  // Adds this instance to the flow's way. False when it has been here, or the way is too long.
  [[nodiscard]] bool take_step(FlowOrigin& origin);

  const Setting setting_;
  std::vector<std::string> interfaces_;
  std::vector<std::unique_ptr<FlowReports>> reports_;
  std::vector<std::unique_ptr<FlowOutlet>> outlets_;
  std::atomic<uint64_t> circles_{0};
  uint32_t last_path_ = 0;  // of the flow before, and its way through this instance
  uint32_t last_way_ = 0;   // kNoPath: there was none
  std::jthread thread_;     // last: it uses the others
};

}  // namespace weir
