// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "app/host_store.h"
#include "base/cell.h"
#include "base/keyed_hash.h"
#include "base/spsc_queue.h"
#include "record/host_archive.h"

namespace weir {

// The archive as one shard sees it: three bounded queues between its thread and the keeper's, who
// answers what was asked only after he took over what had gone before. So a host that goes and
// comes back at once finds what it had: its past was pushed before the question, and each push is
// released and each pop acquires (SpscQueue), so whoever has the question finds the past in the
// other queue. Nobody waits.
class HostChannel final : public HostArchive {
 public:
  static constexpr size_t kGone = 512;  // about 300 KB, each filled before it is used again
  static constexpr size_t kAsked = 2048;
  static constexpr size_t kFound = 128;

  // `store` must outlive it; only what it says to any thread is asked of it.
  HostChannel(std::string interface, const HostStore& store)
      : interface_(std::move(interface)), store_(store), hash_(store.hash_for(interface_)) {}

  // The shard's thread.
  [[nodiscard]] bool has_room(HostLeaves why) override;
  bool accept(HostPast&& past) override;
  void ask(const HostKey& key) override;
  [[nodiscard]] std::optional<HostPast> take() override { return found_.pop(); }

  // The keeper's thread.
  [[nodiscard]] const std::string& interface() const { return interface_; }
  [[nodiscard]] std::optional<HostPast> next_gone() { return gone_.pop(); }
  [[nodiscard]] std::optional<HostKey> next_asked() { return asked_.pop(); }
  [[nodiscard]] bool has_room_for_found() { return found_.room() > 0; }
  // REQUIRES: has_room_for_found().
  void give(HostPast&& past) { (void)found_.push(std::move(past)); }

  // Any thread: hosts that may have had a past of which nobody could be asked.
  [[nodiscard]] uint64_t unasked() const { return unasked_.read(); }

 private:
  std::string interface_;
  const HostStore& store_;
  KeyedHash hash_;
  SpscQueue<HostPast> gone_{kGone};
  SpscQueue<HostKey> asked_{kAsked};
  SpscQueue<HostPast> found_{kFound};
  Cell<uint64_t> unasked_{};
};

}  // namespace weir
