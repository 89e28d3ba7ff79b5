// SPDX-License-Identifier: GPL-3.0-or-later
// The sums of HTTP transactions of captures that hold each response whole, against the status codes
// that tshark counts in them; the statements of databases; and that sums agree with their
// distributions and parts.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "corpus/corpus.h"
#include "engine/shard.h"

namespace weir {
namespace {

using Json = nlohmann::json;

struct Counts {
  uint64_t transactions = 0;
  uint64_t errors = 0;
};

std::unique_ptr<Shard> read(const std::filesystem::path& file) {
  ShardOptions options;
  options.memory_bytes = size_t{64} << 20;
  options.inspects = true;
  auto shard = Shard::create(options, nullptr);
  EXPECT_TRUE(shard.ok());
  const std::string error = corpus::for_each_packet(file, [&](const PacketView& view) {
    PacketBatch batch;
    batch.add() = view;
    (*shard)->process(batch);
  });
  EXPECT_EQ(error, "") << file;
  (*shard)->finish();
  return std::move(*shard);
}

// Also looks whether each record agrees with itself.
Counts count_http(const Shard& shard) {
  Counts counts;
  for (uint32_t i = 0; i < shard.transactions()->limit(); ++i) {
    const auto record = shard.transactions()->snapshot(i, shard.clock_second());
    if (!record) continue;
    EXPECT_EQ(record->all.count(), record->count - record->unanswered) << record->key;
    EXPECT_LE(record->split_count, record->all.count()) << record->key;
    if (record->split_count == record->all.count()) {
      EXPECT_GE(record->split.total(), record->total_ns) << record->key;
    }
    if (record->protocol != "HTTP") continue;
    counts.transactions += record->count;
    counts.errors += record->errors;
  }
  return counts;
}

Counts expected(const std::filesystem::path& file) {
  std::ifstream stream(file);
  const Json answers = Json::parse(stream);
  Counts counts;
  for (const auto& [status, responses] : answers["http"]["status"].items()) {
    counts.transactions += responses.get<uint64_t>();
    if (std::stoi(status) >= 400) counts.errors += responses.get<uint64_t>();
  }
  return counts;
}

TEST(TransactionCorpus, CountsTheResponsesThatTsharkCounts) {
  const auto folder = corpus::find_captures();
  if (!folder) GTEST_SKIP() << "no captures with known answers";
  for (const std::string name :
       {"P-four_ipv6_http_streams.pcap", "N-http.pcapng", "A-80211http.pcap"}) {
    const auto shard = read(*folder / "pcap" / name);
    const Counts wanted = expected(*folder / "expected" / (name + ".json"));
    const Counts found = count_http(*shard);
    EXPECT_GT(wanted.transactions, 0U) << name;
    EXPECT_EQ(found.transactions, wanted.transactions) << name;
    EXPECT_EQ(found.errors, wanted.errors) << name;
  }
}

using Keys = std::map<std::string, uint64_t>;

Keys keys_of(const Shard& shard, std::string_view protocol) {
  Keys keys;
  for (uint32_t i = 0; i < shard.transactions()->limit(); ++i) {
    const auto record = shard.transactions()->snapshot(i, shard.clock_second());
    if (record && record->protocol == protocol) keys[record->key] += record->count;
  }
  return keys;
}

TEST(TransactionCorpus, FindsTheStatementsOfDatabases) {
  const auto folder = corpus::find_captures();
  if (!folder) GTEST_SKIP() << "no captures with known answers";
  const auto mysql = read(*folder / "pcap/N-mysql.pcapng");
  EXPECT_EQ(keys_of(*mysql, "MySQL"), (Keys{{"SELECT @@version_comment LIMIT ?", 1}}));
  const auto postgresql = read(*folder / "pcap/N-pgsql.pcap");
  EXPECT_EQ(keys_of(*postgresql, "PostgreSQL"),
            (Keys{{"BEGIN", 1},
                  {"SELECT * FROM mailboxes", 1},
                  {"SELECT id, name FROM flag_names WHERE id > ?", 1},
                  {"SELECT revision FROM mailstore FOR UPDATE", 1},
                  {"COMMIT", 1},
                  {"SELECT u.id, u.address, u.inbox, n.name AS parentspace, u.login, u.id, "
                   "u.secret, a.name, a.localpart, a.domain FROM users u, addresses a, namespaces "
                   "n WHERE u.login = ? AND u.id = a.id AND n.id = u.parentspace",
                   2}}));
}

}  // namespace
}  // namespace weir
