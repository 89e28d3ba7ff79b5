// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "collect/sflow.h"
#include "collect/template_cache.h"
#include "record/flow_record.h"

namespace weir {

// One interface of an exporter: what it is called, what flows say went through it, and what it says
// of itself (sFlow). A plain value.
struct ExporterInterface {
  uint32_t index = 0;
  std::string name;  // any bytes: escaped where it is shown
  std::string description;
  Traffic input;  // by flow records
  Traffic output;
  std::optional<SflowInterfaceCounters> counters;
};

// All that are known of one exporter, by index. Bounded: there is no room for more than kMax, and
// the rest is counted. Owner: the collector's thread.
class ExporterInterfaces {
 public:
  static constexpr size_t kMax = 1024;
  static constexpr size_t kMaxNameBytes = 64;

  explicit ExporterInterfaces(ExportBudget& budget) : budget_(&budget) {}
  ExporterInterfaces(const ExporterInterfaces&) = delete;
  ExporterInterfaces& operator=(const ExporterInterfaces&) = delete;
  ~ExporterInterfaces() { budget_->give_back(by_index_.size() * kBytes); }

  // Index 0 is none. Cost: a look-up where it is not the last one again.
  void count_input(uint32_t index, const Traffic& traffic);
  void count_output(uint32_t index, const Traffic& traffic);
  // Padding with zero bytes is left out; a name that is empty then changes nothing.
  void name(uint32_t index, std::span<const uint8_t> name, std::span<const uint8_t> description);
  void report(const SflowInterfaceCounters& counters);

  [[nodiscard]] size_t size() const { return by_index_.size(); }
  [[nodiscard]] uint64_t refused() const { return refused_; }
  // By index.
  [[nodiscard]] std::vector<ExporterInterface> list() const;

 private:
  static constexpr size_t kBytes = sizeof(ExporterInterface) + 2 * kMaxNameBytes + 64;

  // Null when there is no room.
  [[nodiscard]] ExporterInterface* at(uint32_t index);

  ExportBudget* budget_;
  std::map<uint32_t, ExporterInterface> by_index_;
  ExporterInterface* last_input_ = nullptr;  // nodes never move
  ExporterInterface* last_output_ = nullptr;
  uint64_t refused_ = 0;
};

}  // namespace weir
