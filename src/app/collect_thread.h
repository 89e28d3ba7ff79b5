// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "app/collector_board.h"
#include "collect/collector.h"
#include "collect/export_listener.h"
#include "engine/interface.h"
#include "export/flow_reports.h"

namespace weir {

// Carries what exporters send from a socket to the first shard of an interface until it is
// destroyed. Once a second it tells its board what it knows of them. Interface and board must
// outlive it. `templates`: of before a restart, as templates_text(); "" when there are none.
class CollectThread {
 public:
  struct Setting {
    std::unique_ptr<ExportListener> listener;
    CollectorOptions collector;
    std::string templates;
    FlowReports* relayed = nullptr;            // takes what was counted; null: nobody
    std::function<void(const Value&)> tell{};  // takes events; may be empty
    std::optional<uint32_t> cpu{};
  };
  CollectThread(Setting setting, Interface& interface, CollectorBoard& board);

 private:
  void run(const std::stop_token& stop);
  void restore(std::string_view templates);
  void take(const ReceivedExport& message);
  void hand_over();
  void tell();
  void tell_events();

  std::unique_ptr<ExportListener> listener_;
  Collector collector_;
  Interface& interface_;
  Shard& shard_;
  InputStatus& status_;
  CollectorBoard& board_;
  FlowReports* relayed_;
  std::function<void(const Value&)> tell_;
  uint64_t told_events_ = 0;  // in this second
  std::optional<uint32_t> cpu_;
  std::shared_ptr<const std::string> templates_;
  std::chrono::steady_clock::time_point told_;
  std::chrono::steady_clock::time_point templates_told_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace weir
