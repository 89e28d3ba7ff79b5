// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/remembered_hosts.h"

#include <chrono>
#include <thread>
#include <utility>

#include "base/log.h"
#include "base/printable.h"
#include "cache/sqlite_cache.h"

namespace weir {
namespace {

// In memory each host takes so much, with what SQLite needs beside it.
constexpr size_t kBytesInMemory = 1024;

// Whether something that was kept there can be read, or will be soon. Waits, once, before anything
// is watched: afterwards it is settled where hosts are kept.
bool is_there(Cache& server) {
  constexpr std::chrono::milliseconds kPatience{2000};
  constexpr std::chrono::milliseconds kStep{20};
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < deadline) {
    if (server.statistics()["state"] == Value("connected")) return true;
    std::this_thread::sleep_for(kStep);
  }
  return false;
}

}  // namespace

Result<std::unique_ptr<Cache>> open_host_cache(const std::string& data_folder, size_t limit_bytes) {
  SqliteCacheOptions options;
  if (!data_folder.empty()) options.file = data_folder + "/" + HostCacheFile::kName;
  options.limit_bytes = limit_bytes;
  auto opened = SqliteCache::open(options);
  if (!opened) return opened.error();
  return std::unique_ptr<Cache>(*std::move(opened));
}

Result<void> RememberedHosts::use_folder(const std::string& folder) {
  auto cache = open_host_cache(folder, HostCacheFile::kLimitBytes);
  if (!cache) return cache.error();
  own_ = *std::move(cache);
  return {};
}

std::unique_ptr<RememberedHosts> RememberedHosts::open(const Setting& setting) {
  if (setting.lifetime.count() == 0) return nullptr;
  std::unique_ptr<RememberedHosts> hosts(new RememberedHosts);
  HostStore::Setting store{.lifetime = setting.lifetime, .max_hosts = setting.max_hosts};
  Result<void> used;
  if (!setting.data_folder.empty()) {
    used = hosts->use_folder(setting.data_folder);
  } else if (setting.keeps && setting.server != nullptr && !is_there(*setting.server)) {
    used = Error{"the cache is away"};
  }
  if (!used)
    log_error(printable("hosts are remembered as long as weir runs only: " + used.error().message));
  hosts->outlives_weir_ =
      setting.keeps && used.ok() && (setting.server != nullptr || hosts->own_ != nullptr);
  if (!hosts->outlives_weir_) {
    auto cache = open_host_cache("", setting.max_in_memory * kBytesInMemory);
    if (!cache) return nullptr;
    store.max_hosts = setting.max_in_memory;
    hosts->own_ = *std::move(cache);
  }
  const bool is_on_server = setting.server != nullptr && hosts->outlives_weir_;
  hosts->cache_ = is_on_server ? setting.server : hosts->own_.get();
  store.index = hosts->own_.get();
  hosts->keeper_ = std::make_unique<HostKeeper>(*hosts->cache_, store);
  return hosts;
}

Value RememberedHosts::statistics() const {
  Value value = keeper_->statistics();
  value.set("cache", cache_->statistics());
  return value;
}

}  // namespace weir
