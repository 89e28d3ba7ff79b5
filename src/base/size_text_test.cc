// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/size_text.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(ParseSize, CountsInPowersOf1024) {
  const std::vector<std::pair<std::string_view, size_t>> sizes{{"0", 0},
                                                               {"65536", 65536},
                                                               {"1k", 1024},
                                                               {"1K", 1024},
                                                               {"5B", 5},
                                                               {"256M", 256U << 20},
                                                               {"256MB", 256U << 20},
                                                               {"256MiB", 256U << 20},
                                                               {"1.5G", 1536ULL << 20},
                                                               {"2T", 2ULL << 40},
                                                               {".5k", 512}};
  for (const auto& [text, bytes] : sizes) {
    const auto size = parse_size(text);
    ASSERT_TRUE(size) << text;
    EXPECT_EQ(*size, bytes) << text;
  }
}

TEST(ParseSize, RefusesWhatIsNone) {
  for (const std::string_view text :
       {"", "M", "x", "-1", "1X", "1 M", "1MM", "256MXB", "1MBB", "0x10", "nan", "inf", "infinity",
        "nanM", "1e16", "1000T", "1e999"}) {
    const auto size = parse_size(text);
    ASSERT_FALSE(size) << text;
    EXPECT_EQ(size.error().message, "\"" + std::string(text) + "\" is no size: write 256M or 2G");
  }
}

}  // namespace
}  // namespace weir
