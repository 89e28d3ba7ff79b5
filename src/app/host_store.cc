// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/host_store.h"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/json_reader.h"
#include "engine/flow_key.h"
#include "record/host_json.h"
#include "record/record_fields.h"

namespace weir {
namespace {

constexpr std::string_view kSecretKey = "hosts:secret";
// Of which hosts there are: a value for each so many of them, the last one shorter or empty.
constexpr size_t kHashesInAChunk = size_t{1} << 16;

std::string chunk_key(size_t chunk) {
  return fmt::format("hosts:index:{}", chunk);
}

std::string key_of(std::string_view interface, const HostKey& key) {
  return fmt::format("host:{}:{}", interface, host_key_text(key));
}

Value traffic_value(const Traffic& traffic) {
  return Value::Object{{"packets", traffic.packets}, {"bytes", traffic.bytes}};
}

// Zero where it is not said.
uint64_t count_in(const Value& value) {
  if (const auto* number = value.as<uint64_t>(); number != nullptr) return *number;
  const auto* const number = value.as<int64_t>();
  return number != nullptr && *number > 0 ? static_cast<uint64_t>(*number) : 0;
}
Traffic traffic_in(const Value& value) {
  return {count_in(value["packets"]), count_in(value["bytes"])};
}

// The same for any build of weir (FNV-1a), unlike std::hash.
uint64_t hash_of_text(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3;
  return hash;
}

}  // namespace

HostStore::HostStore(Cache& cache, Setting setting)
    : cache_(cache),
      index_cache_(setting.index == nullptr ? cache : *setting.index),
      setting_(setting),
      run_(fmt::format("{:016x}", KeyedHash::random_secret()[0])),
      index_(setting.max_hosts),
      filter_(setting.max_hosts) {
  if (load_secret()) {
    load();
  } else {
    keep_secret();
  }
  estimator_ = fmt::format("{:016x}", KeyedHash(secret_).of(1, 2));
}

bool HostStore::load_secret() {
  const auto text = index_cache_.get(kSecretKey);
  if (!text || text->size() != sizeof(secret_)) return false;
  std::memcpy(secret_.data(), text->data(), sizeof(secret_));
  return true;
}

void HostStore::keep_secret() {
  secret_ = KeyedHash::random_secret();
  const std::string_view bytes(reinterpret_cast<const char*>(secret_.data()), sizeof(secret_));
  index_cache_.set(kSecretKey, bytes, Cache::kForever);
}

void HostStore::load() {
  constexpr size_t kMostChunks = 64;
  size_t hashes_in_it = kHashesInAChunk;
  for (size_t chunk = 0; hashes_in_it == kHashesInAChunk && chunk < kMostChunks; ++chunk) {
    const std::string text = index_cache_.get(chunk_key(chunk)).value_or("");
    hashes_in_it = std::min(text.size() / sizeof(uint64_t), kHashesInAChunk);
    for (size_t i = 0; i < hashes_in_it; ++i) {
      uint64_t hash = 0;
      std::memcpy(&hash, text.data() + i * sizeof(hash), sizeof(hash));
      index_.add(hash);
      filter_.add(hash);
    }
  }
  hosts_.set(index_.archived());
}

void HostStore::save() {
  if (!std::exchange(is_changed_, false)) return;
  // Where the cache drops what was written the longest time ago, this stays.
  const std::string_view secret(reinterpret_cast<const char*>(secret_.data()), sizeof(secret_));
  index_cache_.set(kSecretKey, secret, Cache::kForever);
  const std::vector<uint64_t> hashes = index_.hashes();
  for (size_t first = 0, chunk = 0;; first += kHashesInAChunk, ++chunk) {
    const size_t count = std::min(kHashesInAChunk, hashes.size() - first);
    const std::string_view bytes(reinterpret_cast<const char*>(hashes.data() + first),
                                 count * sizeof(uint64_t));
    index_cache_.set(chunk_key(chunk), bytes, Cache::kForever);
    if (count < kHashesInAChunk) break;
  }
}

KeyedHash HostStore::hash_for(std::string_view interface) const {
  KeyedHash::Secret secret = secret_;
  secret[0] ^= hash_of_text(interface);
  return KeyedHash(secret);
}

uint64_t HostStore::hash_of(std::string_view interface, const HostKey& key) const {
  return hash_host(key.address, key.vlan, hash_for(interface));
}

void HostStore::put(std::string_view interface, HostPast&& past) {
  const uint64_t hash = hash_of(interface, past.host.key);
  // What was taken out is in the tables, or in `past`.
  if (index_.state(hash) == HostIndex::State::kArchived) {
    if (const auto kept = read(interface, past.host.key)) {
      merge_past(past.host, kept->host);
      past.counted_sent += kept->counted_sent;
      past.counted_received += kept->counted_received;
    }
  }
  Value entry;
  entry.set("host", host_to_value(past.host, estimator_));
  entry.set("run", run_);
  entry.set("sent", traffic_value(past.counted_sent));
  entry.set("received", traffic_value(past.counted_received));
  cache_.set(key_of(interface, past.host.key), to_json(entry), setting_.lifetime);
  index_.add(hash);
  filter_.add(hash);
  is_changed_ = true;
  written_.add(1);
  hosts_.set(index_.archived());
}

std::optional<HostPast> HostStore::take(std::string_view interface, const HostKey& key) {
  const uint64_t hash = hash_of(interface, key);
  if (index_.state(hash) != HostIndex::State::kArchived) return std::nullopt;
  auto past = read(interface, key);
  if (!past) {
    // It may be there again later, when a server can be reached.
    missed_.add(1);
    return std::nullopt;
  }
  index_.take(hash);
  restored_.add(1);
  is_changed_ = true;
  hosts_.set(index_.archived());
  return past;
}

std::optional<HostRecord> HostStore::find(std::string_view interface, const HostKey& key) const {
  auto past = read(interface, key);
  if (!past) return std::nullopt;
  return std::move(past->host);
}

std::optional<HostPast> HostStore::read(std::string_view interface, const HostKey& key) const {
  const auto text = cache_.get(key_of(interface, key));
  if (!text) return std::nullopt;
  auto past = parse(*text);
  if (past && past->host.key == key) return past;
  unreadable_.fetch_add(1, std::memory_order_relaxed);
  return std::nullopt;
}

std::optional<HostPast> HostStore::parse(std::string_view text) const {
  const auto entry = parse_json(text);
  if (!entry) return std::nullopt;
  auto host = host_from_value((*entry)["host"], estimator_);
  if (!host) return std::nullopt;
  HostPast past{*std::move(host), {}, {}};
  const auto* const run = (*entry)["run"].as<std::string>();
  if (run == nullptr || *run != run_) return past;
  past.counted_sent = traffic_in((*entry)["sent"]);
  past.counted_received = traffic_in((*entry)["received"]);
  return past;
}

}  // namespace weir
