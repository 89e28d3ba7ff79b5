// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/metadata_store.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace weir {
namespace {

class MetadataStoreTest : public testing::Test {
 protected:
  MetadataStoreTest() {
    auto store = MetadataStore::create(size_t{4} << 20, hash_, budget_);
    EXPECT_TRUE(store.ok());
    store_ = std::move(*store);
  }

  KeyedHash hash_{KeyedHash::random_secret()};
  MemoryBudget budget_{size_t{16} << 20};
  std::unique_ptr<MetadataStore> store_;
};

FlowMetadata some(std::string_view name) {
  FlowMetadata metadata;
  metadata.add(MetadataField::kServerName, name);
  metadata.add(MetadataField::kTlsVersion, "TLS 1.3");
  metadata.add(MetadataField::kDnsQuery, "a");
  metadata.add(MetadataField::kDnsQuery, "b");
  return metadata;
}

TEST_F(MetadataStoreTest, GivesBackWhatItWasGiven) {
  const FlowMetadata metadata = some("example.org");
  const uint32_t list = store_->put(metadata);
  ASSERT_NE(list, MetadataStore::kNone);
  EXPECT_EQ(store_->read(list).entries(), metadata.entries());
  EXPECT_TRUE(store_->read(MetadataStore::kNone).empty());
  EXPECT_EQ(store_->put(FlowMetadata()), MetadataStore::kNone);
}

TEST_F(MetadataStoreTest, KeepsAValueOnceAndAsLongAsAListHasIt) {
  const uint32_t first = store_->put(some("example.org"));
  EXPECT_EQ(store_->values(), 4U);
  const uint32_t second = store_->put(some("example.com"));
  EXPECT_EQ(store_->values(), 5U);
  store_->release(first);
  EXPECT_EQ(store_->values(), 4U);
  EXPECT_EQ(store_->read(second).first(MetadataField::kServerName), "example.com");
  EXPECT_EQ(store_->read(second).first(MetadataField::kTlsVersion), "TLS 1.3");
  store_->release(second);
  EXPECT_EQ(store_->values(), 0U);
}

TEST_F(MetadataStoreTest, TakesOverWhatAnEarlierListBeginsWith) {
  FlowMetadata metadata = some("example.org");
  uint32_t list = store_->put(metadata);
  metadata.forget_changes();
  metadata.add(MetadataField::kHttpUrl, std::string(200, 'x'));
  list = store_->put(metadata, list);
  EXPECT_EQ(store_->read(list).entries(), metadata.entries());
  // Another value at the same place; one of two goes, and what is behind it moves up.
  metadata.forget_changes();
  metadata.set(MetadataField::kTlsVersion, "TLS 1.2");
  list = store_->put(metadata, list);
  EXPECT_EQ(store_->read(list).entries(), metadata.entries());
  metadata.forget_changes();
  metadata.set(MetadataField::kDnsQuery, "c");
  list = store_->put(metadata, list);
  EXPECT_EQ(store_->read(list).entries(), metadata.entries());
  EXPECT_EQ(store_->values(), 4U);
  // Nothing new: the same once more.
  metadata.forget_changes();
  list = store_->put(metadata, list);
  EXPECT_EQ(store_->read(list).entries(), metadata.entries());
  EXPECT_EQ(store_->put(FlowMetadata(), list), MetadataStore::kNone);
  EXPECT_EQ(store_->values(), 0U);
}

TEST_F(MetadataStoreTest, HoldsTheRisksBesideTheLongestList) {
  FlowMetadata metadata;
  for (size_t i = 0; i <= FlowMetadata::kMaxEntries; ++i)
    metadata.add(MetadataField::kHttpUrl, std::to_string(i));
  metadata.set(MetadataField::kRisks, "ff");
  ASSERT_EQ(metadata.entries().size(), FlowMetadata::kMaxEntries + 1);
  const uint32_t list = store_->put(metadata);
  EXPECT_EQ(store_->read(list).entries(), metadata.entries());
}

TEST_F(MetadataStoreTest, HoldsTheLongestListsAndValues) {
  FlowMetadata metadata;
  for (size_t i = 0; i < FlowMetadata::kMaxEntries; ++i) {
    const size_t length = i < 3 ? FlowMetadata::kMaxValueBytes : 20;
    metadata.add(MetadataField::kHttpUrl, std::string(length, static_cast<char>('a' + i)));
  }
  ASSERT_EQ(metadata.entries().size(), FlowMetadata::kMaxEntries);
  const uint32_t list = store_->put(metadata);
  EXPECT_EQ(store_->read(list).entries(), metadata.entries());
  store_->release(list);
  EXPECT_EQ(store_->values(), 0U);
}

TEST_F(MetadataStoreTest, HoldsValuesOfEveryLength) {
  for (size_t length = 1; length <= FlowMetadata::kMaxValueBytes; ++length) {
    FlowMetadata metadata;
    metadata.add(MetadataField::kHttpUrl, std::string(length, '\0'));
    const uint32_t list = store_->put(metadata);
    EXPECT_EQ(store_->read(list).entries(), metadata.entries());
  }
  EXPECT_EQ(store_->values(), FlowMetadata::kMaxValueBytes);
}

TEST_F(MetadataStoreTest, LeavesOutWhatFindsNoRoomAndGivesEverythingBack) {
  const size_t before = budget_.used();
  std::vector<uint32_t> lists;
  for (int i = 0; i < 200'000 && store_->left_out() == 0; ++i)
    lists.push_back(store_->put(some("host" + std::to_string(i))));
  EXPECT_GT(lists.size(), 10'000U);
  EXPECT_EQ(store_->left_out(), 1U);
  EXPECT_LE(budget_.used() - before, size_t{8} << 20);
  EXPECT_EQ(store_->read(lists[77]).first(MetadataField::kServerName), "host77");
  for (const uint32_t list : lists) store_->release(list);
  EXPECT_EQ(store_->values(), 0U);
  EXPECT_NE(store_->put(some("again")), MetadataStore::kNone);
}

TEST_F(MetadataStoreTest, StaysRightThroughManyChanges) {
  std::mt19937 random(5);
  std::vector<std::pair<uint32_t, FlowMetadata>> held;
  for (int round = 0; round < 20'000; ++round) {
    if (held.size() > 500 || (!held.empty() && random() % 2 == 0)) {
      const size_t which = random() % held.size();
      ASSERT_EQ(store_->read(held[which].first).entries(), held[which].second.entries());
      store_->release(held[which].first);
      held.erase(held.begin() + static_cast<ptrdiff_t>(which));
    } else if (!held.empty() && random() % 2 == 0) {
      auto& [list, metadata] = held[random() % held.size()];
      const auto field = static_cast<MetadataField>(random() % 20);
      const std::string value(random() % 130, static_cast<char>('a' + random() % 3));
      metadata.forget_changes();
      random() % 2 == 0 ? metadata.set(field, value)
                        : static_cast<void>(metadata.add(field, value));
      list = store_->put(metadata, list);
    } else {
      FlowMetadata metadata;
      for (auto left = random() % 8; left > 0; --left)
        metadata.add(static_cast<MetadataField>(random() % 20),
                     std::string(random() % 130, static_cast<char>('a' + random() % 3)));
      held.emplace_back(store_->put(metadata), metadata);
    }
  }
}

}  // namespace
}  // namespace weir
