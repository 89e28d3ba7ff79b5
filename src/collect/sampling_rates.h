// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

#include "collect/data_record.h"
#include "collect/export_budget.h"

namespace weir {

// How many packets stand behind one that an exporter counted: by its options, by sampler, by
// interface or for all of it. Bounded, alone and with those of all exporters: what does not fit is
// not known. Never learnt from another exporter. Owner: the collector's thread.
class SamplingRates {
 public:
  static constexpr size_t kMaxEntries = 1024;
  static constexpr size_t kEntryBytes = 128;  // of one, and of the rate that it may be the first of
  // More than that is an error or an attack: shown, not applied.
  static constexpr uint64_t kMostBelieved = 1'000'000;

  // `budget` outlives it.
  explicit SamplingRates(ExportBudget& budget) : budget_(&budget) {}
  SamplingRates(const SamplingRates&) = delete;
  SamplingRates& operator=(const SamplingRates&) = delete;
  ~SamplingRates() {
    budget_->give_back((by_sampler_.size() + by_interface_.size()) * kEntryBytes);
  }

  // An options record.
  void learn(const DataRecord& options);
  // What the header of each of its messages says (NetFlow 5): 0: nothing, or nothing any more.
  void learn_for_all(uint64_t rate) {
    if (rate == 0) for_all_ = 0;
    keep(for_all_, rate);
  }

  // For a record's counters, at least 1. `is_known`: false when it names a sampler of which nothing
  // was said yet, or interfaces that are not among those of which something was.
  struct Rate {
    uint32_t rate = 1;
    bool is_known = true;
  };
  [[nodiscard]] Rate of(const DataRecord& record) const;

  // The one that holds for all or is the same for all; 0 when none is known or they differ.
  [[nodiscard]] uint32_t common() const;
  // Rates that were not believed.
  [[nodiscard]] uint64_t absurd() const { return absurd_; }

 private:
  void keep(uint32_t& place, uint64_t rate);
  void keep(std::map<uint32_t, uint32_t>& rates, uint64_t key, uint64_t rate);

  ExportBudget* budget_;
  std::map<uint32_t, uint32_t> by_sampler_;
  std::map<uint32_t, uint32_t> by_interface_;
  std::map<uint32_t, uint32_t> uses_;  // how many entries have a rate
  uint32_t for_all_ = 0;               // 0: not known
  uint64_t absurd_ = 0;
};

}  // namespace weir
