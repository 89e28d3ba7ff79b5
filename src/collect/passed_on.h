// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "collect/data_record.h"
#include "record/flow_record.h"

namespace weir {

// What weirs say of flows that they pass on: the way they took, and who told of them first. Anybody
// may say so; no more of either is believed than hierarchies have. Owner: the collector's thread.
class PassedOn {
 public:
  static constexpr size_t kMostWays = 256;
  static constexpr size_t kMostExporters = 1024;

  void take(const DataRecord& record, FlowOrigin& origin);

  // Times that one was not believed.
  [[nodiscard]] uint64_t refused() const { return refused_; }

 private:
  // kNoPath when it is not believed.
  [[nodiscard]] uint32_t way_of(std::string_view text);

  std::string last_text_;  // most are the one before
  uint32_t last_way_ = 0;
  std::set<uint32_t> ways_;  // numbers of record/instance_paths.h
  std::set<IpAddress> exporters_;
  uint64_t refused_ = 0;
};

}  // namespace weir
