// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/risks.h"

#include <set>

#include <gtest/gtest.h>

#include "record/record_fields.h"

namespace weir {
namespace {

TEST(Risks, HaveNamesOfTheirOwnAndAScore) {
  std::set<std::string_view> names;
  for (size_t i = 0; i < static_cast<size_t>(Risk::kCount); ++i) {
    EXPECT_TRUE(names.insert(risk_name(static_cast<Risk>(i))).second) << i;
    EXPECT_GE(risk_score(static_cast<Risk>(i)), 10U);
  }
}

TEST(RiskSet, AddsUpItsScores) {
  RiskSet risks;
  EXPECT_EQ(risks.score(), 0U);
  risks.add(Risk::kTlsWeakCipher);
  risks.add_if(true, Risk::kUnsafeProtocol);
  risks.add_if(false, Risk::kDnsError);
  EXPECT_EQ(risks.score(), 110U);
  EXPECT_EQ(risks.names(), (std::vector<std::string>{"tls_weak_cipher", "unsafe_protocol"}));
}

TEST(RiskSet, ComesBackOutOfItsText) {
  RiskSet risks;
  for (size_t i = 0; i < static_cast<size_t>(Risk::kCount); ++i) {
    risks.add(static_cast<Risk>(i));
    EXPECT_EQ(RiskSet::of_text(risks.text()), risks);
  }
  EXPECT_TRUE(RiskSet::of_text("").empty());
  EXPECT_TRUE(RiskSet::of_text("no").empty());
  EXPECT_EQ(RiskSet::of_text("ffffffffffffffff"), risks);
}

TEST(RiskSet, FindsRoomInMetadataThatIsFull) {
  FlowMetadata metadata;
  for (int i = 0; i < 100; ++i)
    metadata.add(MetadataField::kDnsQuery, std::to_string(i) + std::string(100, 'x'));
  RiskSet risks;
  risks.add(Risk::kDnsError);
  set_risks(metadata, risks);
  EXPECT_EQ(risks_in(metadata), risks);
  risks.add(Risk::kDnsLargePacket);
  set_risks(metadata, risks);
  EXPECT_EQ(risks_in(metadata), risks);
  const uint32_t revision = metadata.revision();
  set_risks(metadata, risks);
  EXPECT_EQ(metadata.revision(), revision);
  set_risks(metadata, {});
  EXPECT_TRUE(risks_in(metadata).empty());
}

TEST(RiskSet, IsTwoFieldsOfAFlow) {
  FlowRecord flow;
  EXPECT_EQ(flow_field(flow, FlowField::kRisks, {}), FieldValue());
  EXPECT_EQ(flow_field(flow, FlowField::kScore, {}), FieldValue());
  RiskSet risks;
  risks.add(Risk::kTlsWeakCipher);
  set_risks(flow.metadata, risks);
  EXPECT_EQ(flow_field(flow, FlowField::kRisks, {}), FieldValue(std::string("tls_weak_cipher")));
  risks.add(Risk::kTlsMissingSni);
  set_risks(flow.metadata, risks);
  EXPECT_EQ(flow_field(flow, FlowField::kRisks, {}),
            FieldValue(std::vector<std::string>{"tls_weak_cipher", "tls_missing_sni"}));
  EXPECT_EQ(flow_field(flow, FlowField::kScore, {}), FieldValue(uint64_t{150}));
}

}  // namespace
}  // namespace weir
