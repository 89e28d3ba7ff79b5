// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/passed_on.h"

#include <gtest/gtest.h>

#include <string>

#include "collect/collector.h"
#include "collect/test_messages.h"
#include "record/instance_paths.h"
#include "record/weir_fields.h"

namespace weir {
namespace {

using namespace test_messages;  // NOLINT(google-build-using-namespace): made for tests

// A flow that a weir passed on, with the way it took and who told of it first.
Bytes passed_on(uint32_t number, std::string_view way) {
  std::vector<Field> fields = plain_fields();
  fields.push_back({1, 65535, kWeirEnterprise});
  fields.push_back({5, 16, kWeirEnterprise});
  fields.push_back({136, 1});
  PlainRecord plain;
  plain.source = 0x0a000000 + number;
  Bytes record = plain_record(plain);
  put(record, way.size(), 1);
  for (const char c : way) put(record, static_cast<uint8_t>(c), 1);
  put(record, 0, 10);
  put(record, 0xffff, 2);
  put(record, 0xc6330000 + number, 4);
  put(record, 3, 1);
  return ipfix(number, {set_of(2, template_record(300, fields)), set_of(300, record)});
}

class PassedOnTest : public ::testing::Test {
 protected:
  void take(const Bytes& message, int64_t when = kNow) {
    EXPECT_EQ(collector_.take(message, peer(), when), ExportError::kNone);
  }
  [[nodiscard]] const std::vector<CollectedFlow>& flows() const { return collector_.flows(); }

  Collector collector_{{.secret = {1, 2, 3, 4}}};
};

TEST_F(PassedOnTest, KnowsTheWayThatAFlowTookAndWhoToldOfItFirst) {
  take(passed_on(1, "leaf/middle"));
  ASSERT_EQ(flows().size(), 1U);
  EXPECT_EQ(path_text(flows()[0].origin.path), "leaf/middle");
  EXPECT_EQ(flows()[0].origin.exporter.to_string(), "198.51.0.1");
  EXPECT_EQ(flows()[0].end_reason, EndReason::kClosed);
}

TEST_F(PassedOnTest, BelievesNoMoreWaysThanThereMayBe) {
  for (uint32_t i = 0; i < PassedOn::kMostExporters + 10; ++i)
    take(passed_on(i, "way" + std::to_string(i)));
  EXPECT_EQ(collector_.passed_on().refused(),
            10 + (PassedOn::kMostExporters + 10 - PassedOn::kMostWays));
  EXPECT_EQ(flows().back().origin.path, kNoPath);
  EXPECT_EQ(flows().back().origin.exporter.to_string(), "192.0.2.1");
  // Those that are known go on to be.
  take(passed_on(0, "way0"), kNow + 100 * kSecond);
  EXPECT_EQ(path_text(flows().back().origin.path), "way0");
}

}  // namespace
}  // namespace weir
