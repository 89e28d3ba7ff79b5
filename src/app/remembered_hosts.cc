// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/remembered_hosts.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/printable.h"
#include "cache/sqlite_cache.h"

namespace weir {
namespace {

// In memory each host takes so much, with what SQLite needs beside it.
constexpr size_t kBytesInMemory = 1024;

}  // namespace

Result<std::unique_ptr<Cache>> open_host_cache(const std::string& data_folder, size_t limit_bytes) {
  SqliteCacheOptions options;
  if (!data_folder.empty()) options.file = data_folder + "/" + HostCacheFile::kName;
  options.limit_bytes = limit_bytes;
  auto opened = SqliteCache::open(options);
  if (!opened) return opened.error();
  return std::unique_ptr<Cache>(*std::move(opened));
}

std::unique_ptr<RememberedHosts> RememberedHosts::open(const Setting& setting) {
  if (setting.lifetime.count() == 0 || setting.max_hosts == 0) return nullptr;
  std::unique_ptr<RememberedHosts> hosts(new RememberedHosts);
  hosts->cache_ = setting.server;
  const auto use_folder = [&]() -> Result<void> {
    auto lock = FolderLock::take(setting.data_folder);
    if (!lock) return lock.error();
    auto cache = open_host_cache(setting.data_folder, HostCacheFile::kLimitBytes);
    if (!cache) return cache.error();
    hosts->lock_ = *std::move(lock);
    hosts->own_ = *std::move(cache);
    return {};
  };
  if (hosts->cache_ == nullptr && !setting.data_folder.empty()) {
    if (auto used = use_folder(); !used)
      log_error(
          printable("hosts are remembered as long as weir runs only: " + used.error().message));
  }
  if (hosts->cache_ == nullptr && hosts->own_ == nullptr) {
    auto cache = open_host_cache("", setting.max_hosts * kBytesInMemory);
    if (!cache) return nullptr;
    hosts->own_ = *std::move(cache);
    hosts->outlives_weir_ = false;
  }
  if (hosts->cache_ == nullptr) hosts->cache_ = hosts->own_.get();
  hosts->keeper_ = std::make_unique<HostKeeper>(
      *hosts->cache_, HostStore::Setting{setting.lifetime, setting.max_hosts});
  return hosts;
}

Value RememberedHosts::statistics() const {
  Value value = keeper_->statistics();
  value.set("cache", cache_->statistics());
  return value;
}

}  // namespace weir
