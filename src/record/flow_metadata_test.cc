// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/flow_metadata.h"

#include <gtest/gtest.h>

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
