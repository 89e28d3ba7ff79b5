// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/origin_table.h"

#include <gtest/gtest.h>

#include "engine/test_traffic.h"

namespace weir {
namespace {

TEST(OriginTable, KnowsEachPlaceOnce) {
  OriginTable table{KeyedHash(test_traffic::kSecret)};
  const FlowOrigin one{*IpAddress::parse("192.0.2.1"), 1, 2};
  const FlowOrigin other{*IpAddress::parse("192.0.2.1"), 2, 1};
  const uint32_t number = table.number_of(one);
  EXPECT_NE(table.number_of(other), number);
  EXPECT_EQ(table.number_of(one), number);
  EXPECT_EQ(table.read(number), one);
  EXPECT_EQ(table.read(OriginTable::kNone), FlowOrigin{});
}

TEST(OriginTable, KnowsTheExporterWhereThereIsNoRoomForItsInterfaces) {
  OriginTable table{KeyedHash(test_traffic::kSecret)};
  const IpAddress exporter = *IpAddress::parse("192.0.2.1");
  for (uint32_t i = 1; i < OriginTable::kMax; ++i) (void)table.number_of({exporter, i, 1});
  EXPECT_GT(table.refused(), 0U);
  EXPECT_EQ(table.read(table.number_of({exporter, OriginTable::kMax, 1})),
            (FlowOrigin{exporter, 0, 0}));
  const IpAddress late = *IpAddress::parse("192.0.2.2");
  EXPECT_EQ(table.read(table.number_of({late, 7, 8})), (FlowOrigin{late, 0, 0}));
}

}  // namespace
}  // namespace weir
