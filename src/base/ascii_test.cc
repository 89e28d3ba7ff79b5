// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/ascii.h"

#include <gtest/gtest.h>

#include <string_view>

namespace weir {
namespace {

TEST(AsciiLower, ChangesTheCapitalsAndNothingElse) {
  constexpr std::string_view kCapitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  constexpr std::string_view kSmall = "abcdefghijklmnopqrstuvwxyz";
  for (int byte = 0; byte < 256; ++byte) {
    const auto c = static_cast<char>(byte);
    const size_t capital = kCapitals.find(c);
    EXPECT_EQ(ascii_lower(c), capital == std::string_view::npos ? c : kSmall[capital]) << byte;
  }
}

}  // namespace
}  // namespace weir
