// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/cell.h"
#include "engine/shard.h"
#include "net/drop_place.h"

namespace weir {

enum class InterfaceState : uint8_t { kRunning, kEnded, kFailed };

// How the input of one shard is doing, as its capture thread last said. Any thread may read.
struct InputStatus {
  Cell<uint64_t> kernel_drops{};
  Cell<uint64_t> interface_drops{};
  Cell<uint64_t> ring_freezes{};
  Cell<uint64_t> fill_ring_empty{};
  Cell<uint32_t> missing{};  // of a collector: parts in 10^9 of the traffic that exporters saw
  std::array<Cell<uint64_t>, kDropPlaces> drops{};  // the first two by place

  // Of its thread; 0 before it runs. Nanoseconds: on a processor, and ready but waiting for one.
  Cell<int32_t> thread_id{};
  Cell<uint64_t> cpu_ns{};
  Cell<uint64_t> waiting_ns{};
  Cell<int32_t> cpu{};  // where it is pinned, + 1; 0: anywhere
};

// One input as the user sees it: eth0, capture.pcap. It owns its shards, which share nothing with
// each other or with other interfaces; the set of shards never changes. Thread-safe, apart from the
// shards' own rules.
class Interface {
 public:
  // `first_shard`: the number of its first shard among those of all interfaces, for names that are
  // unique.
  Interface(std::string id, std::string name, uint32_t first_shard,
            std::vector<std::unique_ptr<Shard>> shards)
      : id_(std::move(id)),
        name_(std::move(name)),
        first_shard_(first_shard),
        shards_(std::move(shards)),
        inputs_(shards_.size()) {}

  [[nodiscard]] const std::string& id() const { return id_; }      // in URLs and rows
  [[nodiscard]] const std::string& name() const { return name_; }  // as the user gave it
  [[nodiscard]] const std::vector<std::unique_ptr<Shard>>& shards() const { return shards_; }
  [[nodiscard]] uint32_t first_shard() const { return first_shard_; }
  [[nodiscard]] InputStatus& input(size_t shard) { return inputs_[shard]; }
  [[nodiscard]] const InputStatus& input(size_t shard) const { return inputs_[shard]; }

  [[nodiscard]] InterfaceState state() const { return state_.load(std::memory_order_acquire); }
  // Why it failed or what was wrong with its end; "" when there is nothing to say.
  [[nodiscard]] std::string error() const {
    const std::lock_guard lock(error_mutex_);
    return error_;
  }
  // How packets come: by what, and by what they are shared out to the shards ("" where there is
  // only one). For people.
  struct Capture {
    std::string method;
    std::string balance;
  };
  [[nodiscard]] Capture capture() const {
    const std::lock_guard lock(error_mutex_);
    return capture_;
  }
  void set_capture(Capture capture) {
    const std::lock_guard lock(error_mutex_);
    capture_ = std::move(capture);
  }
  // The input of one shard is over; once for each. The interface has ended when those of all have.
  // A reason makes it failed at once: part of its packets is missing from then on.
  void end(const std::string& reason) {
    const std::lock_guard lock(error_mutex_);
    ++ended_inputs_;
    if (!reason.empty()) {
      error_ = reason;
      state_.store(InterfaceState::kFailed, std::memory_order_release);
    } else if (ended_inputs_ == shards_.size() && state() != InterfaceState::kFailed) {
      state_.store(InterfaceState::kEnded, std::memory_order_release);
    }
  }

 private:
  std::string id_;
  std::string name_;
  uint32_t first_shard_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::vector<InputStatus> inputs_;  // one a shard
  std::atomic<InterfaceState> state_{InterfaceState::kRunning};
  mutable std::mutex error_mutex_;  // of what follows
  size_t ended_inputs_ = 0;
  std::string error_;
  Capture capture_;
};

}  // namespace weir
