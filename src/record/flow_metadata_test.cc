// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/flow_metadata.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace weir {
namespace {

TEST(FlowMetadata, KeepsAValueOfAFieldOnce) {
  FlowMetadata metadata;
  EXPECT_TRUE(metadata.add(MetadataField::kDnsQuery, "a"));
  EXPECT_FALSE(metadata.add(MetadataField::kDnsQuery, "a"));
  EXPECT_TRUE(metadata.add(MetadataField::kDnsQuery, "b"));
  EXPECT_TRUE(metadata.add(MetadataField::kServerName, "a"));
  EXPECT_FALSE(metadata.add(MetadataField::kServerName, ""));
  EXPECT_EQ(metadata.entries().size(), 3U);
  EXPECT_EQ(metadata.first(MetadataField::kDnsQuery), "a");
  EXPECT_EQ(metadata.first(MetadataField::kJa4), "");
}

TEST(FlowMetadata, PutsAMorePreciseValueInPlaceOfAnother) {
  FlowMetadata metadata;
  metadata.add(MetadataField::kTlsVersion, "TLS 1.3");
  metadata.add(MetadataField::kTlsVersion, "TLS 1.1");
  const uint32_t before = metadata.revision();
  metadata.set(MetadataField::kTlsVersion, "TLS 1.2");
  EXPECT_EQ(metadata.entries(),
            (std::vector<MetadataEntry>{{MetadataField::kTlsVersion, "TLS 1.2"}}));
  EXPECT_NE(metadata.revision(), before);
  const uint32_t after = metadata.revision();
  metadata.set(MetadataField::kTlsVersion, "TLS 1.2");
  EXPECT_EQ(metadata.revision(), after);
}

TEST(FlowMetadata, TellsWhatChanged) {
  FlowMetadata metadata;
  metadata.add(MetadataField::kTlsVersion, "TLS 1.3");
  metadata.add(MetadataField::kDnsQuery, "a");
  EXPECT_EQ(metadata.changed(), 3U);
  metadata.forget_changes();
  metadata.add(MetadataField::kDnsQuery, "a");
  EXPECT_EQ(metadata.changed(), 0U);
  metadata.set(MetadataField::kTlsVersion, "TLS 1.2");
  EXPECT_EQ(metadata.changed(), 1U);
  metadata.add(MetadataField::kDnsQuery, "b");
  EXPECT_EQ(metadata.changed(), 5U);
  metadata.forget_changes();
  metadata.set(MetadataField::kDnsQuery, "c");
  EXPECT_EQ(metadata.changed() & 3U, 3U) << "what stood behind the two has moved";
}

TEST(FlowMetadata, KeepsItsValuesThroughCopiesMovesAndManyReplacements) {
  FlowMetadata metadata;
  metadata.add(MetadataField::kServerName, "example.org");
  for (int i = 0; i < 1000; ++i)
    metadata.set(MetadataField::kHttpUrl,
                 std::string(400 + i % 100, static_cast<char>('a' + i % 26)));
  EXPECT_LE(metadata.allocated(), size_t{4} << 10);
  const size_t allocated = metadata.allocated();
  metadata.set(MetadataField::kHttpUrl, "short");
  metadata.clear();
  metadata.add(MetadataField::kServerName, "example.org");
  for (int i = 0; i < 1000; ++i)
    metadata.set(MetadataField::kHttpUrl, std::string(300, static_cast<char>('a' + i % 26)));
  EXPECT_EQ(metadata.allocated(), allocated) << "the next flow's takes no more";
  const FlowMetadata copy = metadata;
  EXPECT_EQ(copy.entries(), metadata.entries());
  FlowMetadata moved = std::move(metadata);
  EXPECT_EQ(moved.entries(), copy.entries());
  // A value that lies in the memory that must grow for it.
  for (int i = 0; i < 5; ++i)
    moved.add(static_cast<MetadataField>(40 + i), moved.first(MetadataField::kHttpUrl));
  EXPECT_EQ(moved.first(static_cast<MetadataField>(42)), copy.first(MetadataField::kHttpUrl));
  moved.clear();
  EXPECT_TRUE(moved.empty());
  EXPECT_EQ(moved.first(MetadataField::kServerName), "");
  EXPECT_TRUE(moved.add(MetadataField::kServerName, "example.net"));
  moved = copy;
  EXPECT_EQ(moved.entries(), copy.entries());
}

TEST(FlowMetadata, IsBounded) {
  FlowMetadata metadata;
  metadata.add(MetadataField::kHttpUrl, std::string(10'000, 'x'));
  EXPECT_EQ(metadata.first(MetadataField::kHttpUrl).size(), FlowMetadata::kMaxValueBytes);
  for (int i = 0; i < 100; ++i) metadata.add(MetadataField::kDnsQuery, std::to_string(i));
  EXPECT_EQ(metadata.entries().size(), FlowMetadata::kMaxEntries);
  EXPECT_EQ(metadata.left_out(), 101 - FlowMetadata::kMaxEntries);
  FlowMetadata large;
  for (char c = 'a'; c < 'h'; ++c) large.add(MetadataField::kHttpUrl, std::string(500, c));
  EXPECT_EQ(large.entries().size(), 4U);
  EXPECT_EQ(large.left_out(), 3U);
}

TEST(FlowMetadata, NamesEveryField) {
  for (size_t i = 0; i < static_cast<size_t>(MetadataField::kCount); ++i)
    EXPECT_NE(metadata_field_name(static_cast<MetadataField>(i)), "");
}

}  // namespace
}  // namespace weir
