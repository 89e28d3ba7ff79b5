// SPDX-License-Identifier: GPL-3.0-or-later
// What exporters say of their sampling, and what it makes of their counters.
#include <gtest/gtest.h>

#include "collect/collector.h"
#include "collect/test_messages.h"

namespace weir {
namespace {

using namespace test_messages;  // NOLINT(google-build-using-namespace): made for tests

constexpr uint16_t kSystem = 1;  // scopes of NetFlow 9
constexpr uint16_t kInterface = 2;

// Options of NetFlow 9: their template, whose first field is the scope, and a record of them.
std::vector<Bytes> options_sets(const std::vector<Field>& fields,
                                const std::vector<uint64_t>& values) {
  constexpr uint16_t kId = 257;
  Bytes layout;
  put(layout, kId, 2);
  put(layout, 4, 2);
  put(layout, (fields.size() - 1) * 4, 2);
  Bytes record;
  for (size_t i = 0; i < fields.size(); ++i) {
    put(layout, fields[i].id, 2);
    put(layout, fields[i].length, 2);
    put(record, values[i], fields[i].length);
  }
  return {set_of(1, layout), set_of(kId, record)};
}

class CollectorSamplingTest : public ::testing::Test {
 protected:
  void take(const Bytes& message) { (void)collector_.take(message, peer(), kNow, false); }
  [[nodiscard]] const Exporter& exporter() const { return only_exporter(collector_); }
  [[nodiscard]] const std::vector<CollectedFlow>& flows() const { return collector_.flows(); }

  Collector collector_{{.secret = {1, 2, 3, 4}}};
};

TEST_F(CollectorSamplingTest, ScalesBySamplerAlsoWhenItIsToldLater) {
  // Sampler 3, one in 100 (Cisco's 48 and 50).
  const std::vector<Bytes> options = options_sets({{kSystem, 4}, {48, 1}, {50, 4}}, {0, 3, 100});
  const std::vector<Field> fields{{8, 4}, {12, 4}, {48, 1}, {1, 4}, {2, 4}};
  Bytes record;
  put(record, 1, 4);
  put(record, 2, 4);
  put(record, 3, 1);
  put(record, 500, 4);
  put(record, 5, 4);
  take(netflow9(0, {set_of(0, template_record(256, fields)), set_of(256, record)}));
  take(netflow9(1, options));
  take(netflow9(2, {set_of(256, record)}));
  ASSERT_EQ(flows().size(), 2U);
  EXPECT_EQ(flows()[0].forward, (Traffic{5, 500}));
  EXPECT_EQ(exporter().counters.unscaled, 1U);
  EXPECT_EQ(flows()[1].forward, (Traffic{500, 50000}));
  EXPECT_EQ(exporter().sampling.common(), 100U);
}

TEST_F(CollectorSamplingTest, ScalesNoInterfaceByTheRateOfAnother) {
  // Interface 1, one in 100.
  const std::vector<Bytes> options = options_sets({{kInterface, 4}, {34, 4}}, {1, 100});
  const std::vector<Field> fields{{8, 4}, {12, 4}, {10, 2}, {1, 4}, {2, 4}};
  Bytes records;
  for (const uint64_t input : {1, 2, 0}) {
    put(records, 1, 4);
    put(records, 2, 4);
    put(records, input, 2);
    put(records, 500, 4);
    put(records, 5, 4);
  }
  take(netflow9(0, options));
  take(netflow9(1, {set_of(0, template_record(256, fields)), set_of(256, records)}));
  ASSERT_EQ(flows().size(), 3U);
  EXPECT_EQ(flows()[0].forward, (Traffic{500, 50000}));
  EXPECT_EQ(flows()[1].forward, (Traffic{5, 500}));
  EXPECT_EQ(flows()[2].forward, (Traffic{500, 50000})) << "it names none, and all known are alike";
  EXPECT_EQ(exporter().counters.unscaled, 1U);
}

TEST_F(CollectorSamplingTest, AppliesNoAbsurdSampling) {
  take(netflow9(0, options_sets({{kSystem, 4}, {34, 4}}, {0, 4'000'000'000})));
  take(netflow9(
      1, {set_of(0, template_record(kPlain, plain_fields())), set_of(kPlain, plain_record())}));
  ASSERT_EQ(flows().size(), 1U);
  EXPECT_EQ(flows()[0].forward, (Traffic{10, 1000}));
  EXPECT_EQ(exporter().sampling.absurd(), 1U);
}

}  // namespace
}  // namespace weir
