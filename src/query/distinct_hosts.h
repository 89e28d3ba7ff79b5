// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/distinct_count.h"
#include "query/shard_answers.h"

namespace weir {

// Counts different hosts by their hashes: exactly up to kMostExact of them, then by an estimate, in
// at most 64 KB. The order of additions does not matter. Owner: the thread that asks. Cost: a look
// into a small table, or at one register.
class DistinctHosts {
 public:
  static constexpr size_t kMostExact = 4096;

  // `hash`: 64 good bits of the host's key; two that are equal are the same host.
  void add(uint64_t hash) {
    if (registers_ != nullptr) return DistinctCount::add(*registers_, hash);
    add_exactly(hash);
  }
  // Counts the hosts of both from here on.
  void merge(const DistinctHosts& other);
  [[nodiscard]] HostCount count() const;

 private:
  void add_exactly(uint64_t hash);
  void grow();
  void estimate_from_now_on();
  // False when it is there already.
  bool insert(uint64_t hash);

  size_t hosts_ = 0;
  std::vector<uint64_t> places_;  // 0: free; a power of two, at most half of them taken
  std::unique_ptr<DistinctCount::Registers> registers_;  // once there are too many
};

}  // namespace weir
