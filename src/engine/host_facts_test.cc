// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/host_facts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <string>
#include <thread>

namespace weir {
namespace {

using Kind = HostFactKind;

constexpr uint32_t kNow = 1'700'000'000;

class HostFactsTest : public testing::Test {
 protected:
  MemoryBudget budget{size_t{64} << 20};
  // All bits are needed: with small numbers hashes lack their upper half.
  KeyedHash hash{{0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9, 0x94d049bb133111eb, 0xd6e8feb86659fd93}};
  std::unique_ptr<HostFacts> facts = *HostFacts::create(size_t{2} << 20, hash, budget);

  std::vector<HostFact> of(uint64_t host, uint32_t now = kNow) const {
    std::vector<HostFact> found;
    facts->read(host, now, found);
    return found;
  }
  uint64_t host(uint64_t number) const { return hash.of(number, 0); }
};

TEST_F(HostFactsTest, TellWhatWasLearntOfAHost) {
  facts->learn(host(1), Kind::kDnsName, "www.example.org", kNow);
  facts->learn(host(1), Kind::kDnsName, "www.example.org", kNow);
  facts->learn(host(1), Kind::kDhcpName, "laptop", kNow);
  facts->learn(host(2), Kind::kDnsName, "www.example.org", kNow);
  EXPECT_EQ(of(host(1)), (std::vector<HostFact>{{Kind::kDhcpName, "laptop"},
                                                {Kind::kDnsName, "www.example.org"}}));
  EXPECT_EQ(of(host(2)).size(), 1U);
  EXPECT_TRUE(of(host(3)).empty());
  EXPECT_EQ(facts->facts(), 3U);
}

TEST_F(HostFactsTest, KeepTheShortestOfAKindInWhateverOrderTheyCome) {
  std::vector<std::string> names;
  for (int i = 0; i < 8; ++i) names.push_back(std::string(i + 3, 'a') + ".example");
  const std::vector<std::string> shortest(names.begin(), names.begin() + 4);
  std::mt19937 random(1);
  for (uint64_t round = 0; round < 50; ++round) {
    std::shuffle(names.begin(), names.end(), random);
    for (const std::string& name : names) facts->learn(host(round), Kind::kTlsName, name, kNow);
    std::vector<std::string> found;
    for (const HostFact& fact : of(host(round))) found.push_back(fact.text);
    EXPECT_EQ(found, shortest);
  }
}

TEST_F(HostFactsTest, ForgetWhatNobodyConfirmedForADay) {
  facts->learn(host(1), Kind::kDnsName, "old.example", kNow);
  facts->learn(host(1), Kind::kDnsName, "fresh.example", kNow);
  facts->learn(host(1), Kind::kDnsName, "fresh.example", kNow + 80'000);
  EXPECT_EQ(of(host(1), kNow + 80'000).size(), 2U);
  const auto later = of(host(1), kNow + 90'000);
  ASSERT_EQ(later.size(), 1U);
  EXPECT_EQ(later[0].text, "fresh.example");
  EXPECT_EQ(of(host(1), kNow - 1000).size(), 2U) << "time jumped back";
}

TEST_F(HostFactsTest, CutLongTextsAndLeaveEmptyOnesOut) {
  facts->learn(host(1), Kind::kUserAgent, std::string(5000, 'x'), kNow);
  facts->learn(host(1), Kind::kHttpServer, "", kNow);
  ASSERT_EQ(of(host(1)).size(), 1U);
  EXPECT_EQ(of(host(1))[0].text.size(), kMaxFactBytes);
  const std::string bytes("\0\xff\n\"", 4);
  facts->learn(host(2), Kind::kDhcpName, bytes, kNow);
  EXPECT_EQ(of(host(2))[0].text, bytes) << "what it is, escaped where it is shown";
}

TEST_F(HostFactsTest, AreBoundedAndTheOldestGiveWay) {
  const size_t before = budget.used();
  for (uint64_t i = 0; i < 200'000; ++i) {
    const auto now = static_cast<uint32_t>(kNow + i / 100);
    facts->learn(host(i), Kind::kDnsName, "host-" + std::to_string(i) + ".example.org", now);
  }
  EXPECT_GT(facts->evicted(), 100'000U);
  EXPECT_LE(budget.used() - before, size_t{2} << 20);
  const uint32_t now = kNow + 2000;
  size_t known = 0;
  for (uint64_t i = 199'000; i < 200'000; ++i) known += of(host(i), now).size();
  EXPECT_GT(known, 900U) << "of the latest thousand";
  EXPECT_TRUE(of(host(0), now).empty());
}

TEST_F(HostFactsTest, AreReadWholeWhileTheyChange) {
  std::atomic<bool> done{false};
  std::atomic<uint64_t> seen{0};
  std::atomic<uint64_t> torn{0};
  const auto read = [&] {
    while (!done.load()) {
      for (uint64_t i = 0; i < 64; ++i) {
        for (const HostFact& fact : of(host(i))) {
          seen.fetch_add(1, std::memory_order_relaxed);
          // Each text is one letter that its host decides, many times.
          const char letter = static_cast<char>('a' + i % 26);
          if (fact.text.find_first_not_of(letter) != std::string::npos) torn.fetch_add(1);
        }
      }
    }
  };
  std::jthread first(read);
  std::jthread second(read);
  std::mt19937 random(2);
  for (int i = 0; i < 30'000 || seen.load() == 0; ++i) {
    const uint64_t number = random() % 64;
    facts->learn(host(number), static_cast<Kind>(random() % static_cast<size_t>(Kind::kCount)),
                 std::string(1 + random() % 200, static_cast<char>('a' + number % 26)),
                 static_cast<uint32_t>(kNow + i));
    // Others whose facts make the texts move.
    facts->learn(host(64 + random() % 5000), Kind::kDnsName, std::string(1 + random() % 200, 'Z'),
                 static_cast<uint32_t>(kNow + i));
  }
  done.store(true);
  first.join();
  second.join();
  EXPECT_EQ(torn.load(), 0U);
}

}  // namespace
}  // namespace weir
