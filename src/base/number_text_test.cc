// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/number_text.h"

#include <cstdint>

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(NumberText, IsANumberFromItsBeginningToItsEnd) {
  EXPECT_EQ(number_in<uint16_t>("65535"), 65535);
  EXPECT_EQ(number_in<int64_t>("-7"), -7);
  EXPECT_EQ(number_in<uint8_t>("007"), 7);
}

TEST(NumberText, IsNothingElse) {
  for (const std::string_view text : {"", " 1", "1 ", "+1", "-1", "65536", "1x", "0x1", "1.0"})
    EXPECT_FALSE(number_in<uint16_t>(text)) << text;
}

}  // namespace
}  // namespace weir
