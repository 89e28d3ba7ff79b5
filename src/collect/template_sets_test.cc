// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/template_sets.h"

#include <gtest/gtest.h>

#include "collect/test_messages.h"

namespace weir {
namespace {

using namespace test_messages;  // NOLINT(google-build-using-namespace): made for tests

struct ReadSet {
  ExportError error = ExportError::kNone;
  std::vector<TemplateRecord> records;
};

ReadSet read(const Bytes& content, ExportVersion version = ExportVersion::kIpfix,
             TemplateSetKind kind = TemplateSetKind::kData) {
  ReadSet result;
  result.error =
      read_template_set(ByteReader(content), version, kind,
                        [&](const TemplateRecord& record) { result.records.push_back(record); });
  return result;
}

TEST(TemplateSets, HoldSeveralTemplatesAndPadding) {
  Bytes content = template_record(256, plain_fields());
  append(content, template_record(257, {{8, 4}, {12, 4}}));
  for (const size_t padding : {0U, 1U, 2U, 3U, 7U}) {
    Bytes padded = content;
    put(padded, 0, padding);
    const ReadSet set = read(padded);
    EXPECT_EQ(set.error, ExportError::kNone);
    ASSERT_EQ(set.records.size(), 2U);
    EXPECT_EQ(set.records[0].made->min_bytes(), 21U);
    EXPECT_EQ(set.records[1].id, 257);
  }
}

TEST(TemplateSets, KnowEnterprisesInIpfixOnly) {
  const Bytes content = template_record(256, {{100, 4, 6871}, {8, 4}});
  const ReadSet ipfix = read(content);
  ASSERT_EQ(ipfix.records.size(), 1U);
  EXPECT_EQ(ipfix.records[0].made->fields()[0], (TemplateField{6871, 100, 4}));
  EXPECT_EQ(ipfix.records[0].made->fields()[1], (TemplateField{0, 8, 4}));
  // NetFlow 9 has no such bit: nProbe's types begin at 57472.
  Bytes nprobe;
  put(nprobe, 258, 2);
  put(nprobe, 2, 2);
  put(nprobe, 57943, 2);
  put(nprobe, 2, 2);
  put(nprobe, 8, 2);
  put(nprobe, 4, 2);
  const ReadSet netflow = read(nprobe, ExportVersion::kNetflow9);
  ASSERT_EQ(netflow.records.size(), 1U);
  EXPECT_EQ(netflow.records[0].made->fields()[0], (TemplateField{0, 57943, 2}));
  EXPECT_EQ(netflow.records[0].made->min_bytes(), 6U);
}

TEST(TemplateSets, CountScopesInFieldsOrInBytes) {
  Bytes ipfix;
  put(ipfix, 259, 2);
  put(ipfix, 2, 2);
  put(ipfix, 1, 2);
  for (const uint64_t field : {144, 4, 160, 8}) put(ipfix, field, 2);
  ReadSet set = read(ipfix, ExportVersion::kIpfix, TemplateSetKind::kOptions);
  ASSERT_EQ(set.records.size(), 1U);
  EXPECT_EQ(set.records[0].made->scopes(), 1U);
  EXPECT_TRUE(set.records[0].made->has(Element::kSystemInit));

  Bytes netflow;
  put(netflow, 259, 2);
  put(netflow, 4, 2);
  put(netflow, 8, 2);
  for (const uint64_t field : {2, 4, 34, 4, 82, 16}) put(netflow, field, 2);
  set = read(netflow, ExportVersion::kNetflow9, TemplateSetKind::kOptions);
  ASSERT_EQ(set.records.size(), 1U);
  EXPECT_EQ(set.records[0].made->fields().size(), 3U);
  // Scope 2 is an interface, not the element 2 (packets).
  EXPECT_TRUE(set.records[0].made->has(Element::kScopeInterface));
  EXPECT_FALSE(set.records[0].made->has(Element::kPackets));
}

TEST(TemplateSets, NameWhatIsWrongAndReadOn) {
  Bytes content = template_record(255, {{8, 4}});
  append(content, template_record(300, std::vector<Field>(257, Field{8, 4})));
  append(content, template_record(301, {{8, 0}, {12, 0}}));
  append(content, template_record(302, {{8, 40000}, {12, 40000}}));
  append(content, template_record(303, {{8, 4}}));
  const ReadSet set = read(content);
  EXPECT_EQ(set.error, ExportError::kNone);
  ASSERT_EQ(set.records.size(), 5U);
  EXPECT_EQ(set.records[0].error, ExportError::kBadTemplate);
  EXPECT_EQ(set.records[1].error, ExportError::kTooManyFields);
  EXPECT_EQ(set.records[2].error, ExportError::kEmptyRecord);
  EXPECT_EQ(set.records[3].error, ExportError::kLongRecord);
  EXPECT_EQ(set.records[4].error, ExportError::kNone);
}

TEST(TemplateSets, RefuseOptionsWithoutAScopeInIpfix) {
  Bytes content;
  put(content, 259, 2);
  put(content, 1, 2);
  put(content, 0, 2);
  for (const uint64_t field : {160, 8}) put(content, field, 2);
  const ReadSet set = read(content, ExportVersion::kIpfix, TemplateSetKind::kOptions);
  ASSERT_EQ(set.records.size(), 1U);
  EXPECT_EQ(set.records[0].error, ExportError::kBadTemplate);
}

TEST(TemplateSets, EndWhereTheBytesDo) {
  const Bytes whole = template_record(256, plain_fields());
  for (size_t length = 4; length < whole.size(); ++length) {
    const ReadSet set = read(Bytes(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(length)));
    EXPECT_EQ(set.error, ExportError::kTruncated) << length;
    EXPECT_TRUE(set.records.empty()) << length;
  }
  // A count of fields that no set can hold.
  Bytes lie;
  put(lie, 256, 2);
  put(lie, 65535, 2);
  EXPECT_EQ(read(lie).error, ExportError::kTruncated);
}

TEST(TemplateSets, TellWithdrawals) {
  Bytes content;
  for (const uint64_t id : {256, 2}) {
    put(content, id, 2);
    put(content, 0, 2);
  }
  const ReadSet set = read(content);
  ASSERT_EQ(set.records.size(), 2U);
  EXPECT_TRUE(set.records[0].is_withdrawal());
  EXPECT_TRUE(set.records[1].is_withdrawal());
  EXPECT_EQ(read(content, ExportVersion::kNetflow9).records[0].error, ExportError::kBadTemplate);
}

}  // namespace
}  // namespace weir
