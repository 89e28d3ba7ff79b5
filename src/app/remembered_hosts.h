// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "app/host_keeper.h"
#include "base/result.h"
#include "base/value.h"
#include "cache/cache.h"

namespace weir {

// Where pasts of hosts are kept: hosts.sqlite in the data folder, apart from what scripts keep, so
// that a flood of hosts takes no room of theirs; in memory without a folder.
struct HostCacheFile {
  static constexpr const char* kName = "hosts.sqlite";
  // Some 700 bytes a host.
  static constexpr size_t kLimitBytes = size_t{96} << 20;
};
// Error: the file cannot be used.
[[nodiscard]] Result<std::unique_ptr<Cache>> open_host_cache(const std::string& data_folder,
                                                             size_t limit_bytes);

// A keeper and what it keeps hosts in.
class RememberedHosts {
 public:
  struct Setting {
    std::string data_folder;  // that of a DataFolder; empty: in memory
    bool keeps = true;        // false: in memory whatever else there is
    std::chrono::seconds lifetime{};
    size_t max_hosts = 0;
    size_t max_in_memory = 0;
    Cache* server = nullptr;  // of --cache, instead; must outlive this. Null: there is none
  };
  // Null when hosts are not to be remembered. With a server the file says only which hosts there
  // are; without a folder the server says it, which is waited for a little. When the folder cannot
  // be used, or there is none and the server is away, that is logged, and they are remembered in
  // memory.
  static std::unique_ptr<RememberedHosts> open(const Setting& setting);

  [[nodiscard]] HostKeeper& keeper() { return *keeper_; }
  [[nodiscard]] const HostKeeper& keeper() const { return *keeper_; }
  // Whether what is kept is there when weir is started again.
  [[nodiscard]] bool outlives_weir() const { return outlives_weir_; }
  // HostKeeper::statistics(), with those of the cache as "cache".
  [[nodiscard]] Value statistics() const;

 private:
  RememberedHosts() = default;
  Result<void> use_folder(const std::string& folder);

  std::unique_ptr<Cache> own_;
  Cache* cache_ = nullptr;
  bool outlives_weir_ = true;
  std::unique_ptr<HostKeeper> keeper_;
};

}  // namespace weir
