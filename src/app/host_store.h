// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "app/host_filter.h"
#include "app/host_index.h"
#include "base/cell.h"
#include "base/keyed_hash.h"
#include "cache/cache.h"
#include "record/host_archive.h"

namespace weir {

// The pasts of hosts in a Cache, as JSON under a key for each interface and host (docs/archive.md),
// and which of them are there, so that nobody asks the cache for a stranger. put(), take() and
// save() belong to one thread; find(), may_have() and the counters are for any.
class HostStore {
 public:
  struct Setting {
    std::chrono::seconds lifetime{7 * 86'400};  // of a past that nobody asked for
    size_t max_hosts = size_t{1} << 17;         // of all interfaces
    Cache* index = nullptr;  // where it is kept which hosts there are; null: with the hosts
  };

  // Reads which hosts earlier runs left; where that cannot be read, they are strangers. The caches
  // must outlive the store.
  HostStore(Cache& cache, Setting setting);

  [[nodiscard]] size_t max_hosts() const { return setting_.max_hosts; }
  // What hosts of an interface are hashed by.
  [[nodiscard]] KeyedHash hash_for(std::string_view interface) const;
  // By which peers and ports must be estimated so that the sets of several runs add up.
  [[nodiscard]] const KeyedHash::Secret& estimate_secret() const { return secret_; }
  // Tells estimates by that secret from others.
  [[nodiscard]] const std::string& estimator() const { return estimator_; }

  // Adds to what is kept of the host.
  void put(std::string_view interface, HostPast&& past);
  // Takes out what is kept of it; nothing when there is nothing.
  [[nodiscard]] std::optional<HostPast> take(std::string_view interface, const HostKey& key);
  // Keeps in mind for the next run which hosts there are, when that changed since the last time.
  void save();

  // What was kept of a host last, also when it was taken out since. Any thread.
  [[nodiscard]] std::optional<HostRecord> find(std::string_view interface,
                                               const HostKey& key) const;
  // False for nearly every host that take() would find nothing of. Any thread. `hash`:
  // hash_host() by hash_for(interface).
  [[nodiscard]] bool may_have(uint64_t hash) const { return filter_.may_have(hash); }

  // Any thread.
  [[nodiscard]] uint64_t hosts() const { return hosts_.read(); }
  [[nodiscard]] uint64_t written() const { return written_.read(); }
  [[nodiscard]] uint64_t restored() const { return restored_.read(); }
  // Asked for and no longer in the cache: too old, or others needed the room.
  [[nodiscard]] uint64_t missed() const { return missed_.read(); }
  // What was in the cache and is no past of a host.
  [[nodiscard]] uint64_t unreadable() const { return unreadable_; }

 private:
  void load();
  bool load_secret();
  void keep_secret();
  [[nodiscard]] uint64_t hash_of(std::string_view interface, const HostKey& key) const;
  [[nodiscard]] std::optional<HostPast> read(std::string_view interface, const HostKey& key) const;
  [[nodiscard]] std::optional<HostPast> parse(std::string_view text) const;

  Cache& cache_;
  Cache& index_cache_;
  Setting setting_;
  KeyedHash::Secret secret_{};
  std::string estimator_;
  std::string run_;  // tells what this run counted
  HostIndex index_;
  HostFilter filter_;
  bool is_changed_ = false;  // since save()
  Cell<uint64_t> hosts_{};
  Cell<uint64_t> written_{};
  Cell<uint64_t> restored_{};
  Cell<uint64_t> missed_{};
  mutable std::atomic<uint64_t> unreadable_{0};
};

}  // namespace weir
