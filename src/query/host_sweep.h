// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/interface.h"
#include "record/host_record.h"

namespace weir {

// Goes round the hosts of some interfaces, some of them at a time. The interfaces must outlive it.
// Owner: one thread, any.
class HostSweep {
 public:
  explicit HostSweep(const std::vector<const Interface*>& interfaces) {
    for (const Interface* interface : interfaces) {
      for (const auto& shard : interface->shards()) tables_.push_back(&shard->hosts());
    }
  }

  // Calls visit(HostKey) for the hosts in the next `slots` places for hosts, but for none twice. A
  // host with flows in several shards is visited for each. Cost: one or two cache lines a place.
  template <typename Visit>
  void next(size_t slots, Visit&& visit) {
    size_t left = std::min(slots, places());
    for (size_t ends = 0; left > 0 && ends <= tables_.size();) {
      const HostTable& table = *tables_[table_];
      if (slot_ >= table.limit()) {
        table_ = (table_ + 1) % tables_.size();
        slot_ = HostTable::kOther + 1;
        ++ends;
        continue;
      }
      if (const auto key = table.key(slot_)) visit(*key);
      ++slot_;
      --left;
    }
  }

 private:
  // That there are at the moment.
  [[nodiscard]] size_t places() const {
    size_t sum = 0;
    for (const HostTable* table : tables_) sum += std::max<uint32_t>(table->limit(), 1) - 1;
    return sum;
  }

  std::vector<const HostTable*> tables_;
  size_t table_ = 0;
  uint32_t slot_ = HostTable::kOther + 1;
};

}  // namespace weir
