// SPDX-License-Identifier: GPL-3.0-or-later
// The sums of HTTP transactions of captures that hold each response whole, against the status codes
// that tshark counts in them; and that sums agree with their distributions and parts.
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>

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

}  // namespace
}  // namespace weir
