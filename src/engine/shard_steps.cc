// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Shard that times its steps. Two reads of the clock a batch: some 40 ns.
#include "engine/shard.h"

namespace weir {

Shard::StepStart Shard::begin_step() {
  eviction_is_fruitless_ = false;
  host_eviction_is_fruitless_ = false;
  host_room_is_fruitless_ = false;
  return {std::chrono::steady_clock::now(), budget_->used(), things_ended()};
}

uint64_t Shard::things_ended() const {
  return flows_->created() - flows_->live() + counters_->hosts_gone.get();
}

void Shard::end_step(const StepStart& start, StepKind kind) {
  const size_t memory = budget_->used();
  if (memory > start.memory) {
    kind = StepKind::kGrowth;
  } else if (kind != StepKind::kIdle && (memory < start.memory || things_ended() != start.ended)) {
    kind = StepKind::kPurge;
  }
  step_times_.add(kind, std::chrono::steady_clock::now() - start.when);
}

}  // namespace weir
