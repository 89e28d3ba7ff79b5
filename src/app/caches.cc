// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/caches.h"

#include <string>
#include <utility>

#include "base/log.h"
#include "base/printable.h"
#include "cache/redis_cache.h"
#include "cache/sqlite_cache.h"

namespace weir {
namespace {

// Null: no memory.
std::unique_ptr<Cache> open_embedded(const std::string& data_folder) {
  SqliteCacheOptions options;
  if (!data_folder.empty()) options.file = data_folder + "/cache.sqlite";
  auto opened = SqliteCache::open(options);
  if (!opened.ok() && !options.file.empty()) {
    log_error(printable("cache: " + opened.error().message + ": nothing is kept this time"));
    options.file.clear();
    opened = SqliteCache::open(options);
  }
  if (!opened.ok()) return nullptr;
  return *std::move(opened);
}

// If there is to be one. Preferences are kept in the data folder where there is one that can
// be used.
std::unique_ptr<Cache> open_redis(const MonitorOptions& options, Cache& embedded) {
  if (!options.redis) return nullptr;
  RedisCacheOptions redis;
  redis.address = *options.redis;
  if (embedded.statistics()["kind"] == Value("file")) redis.preferences = &embedded;
  return std::make_unique<RedisCache>(std::move(redis));
}

}  // namespace

Result<Caches> Caches::open(const MonitorOptions& options) {
  Caches caches;
  caches.embedded_ = open_embedded(options.data_folder);
  if (caches.embedded_ == nullptr) return Error{"no memory for the cache"};
  caches.redis_ = open_redis(options, *caches.embedded_);
  return caches;
}

}  // namespace weir
