// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/printable.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(Printable, LeavesTextOfAnyLanguageAsItIs) {
  EXPECT_EQ(printable("eth0: ärger \xe6\xb5\x81 ok"), "eth0: ärger \xe6\xb5\x81 ok");
  EXPECT_EQ(printable(""), "");
}

TEST(Printable, EscapesWhatCouldForgeALogLineOrDriveATerminal) {
  EXPECT_EQ(printable("a\nERROR b"), "a\\x0aERROR b");
  EXPECT_EQ(printable("\x1b[31m"), "\\x1b[31m");
  EXPECT_EQ(printable(std::string_view("\0\x7f", 2)), "\\x00\\x7f");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\xc2\\x9b31m");
}

TEST(Printable, EscapesWhatTurnsTextRound) {
  EXPECT_EQ(printable("a\xe2\x80\xae"
                      "b"),
            "a\\u202eb");
  EXPECT_EQ(printable("\xd8\x9c\xe2\x80\x8e\xe2\x81\xa9"), "\\u061c\\u200e\\u2069");
  EXPECT_EQ(printable("\xe2\x80\xaf\xe2\x81\xa5"), "\xe2\x80\xaf\xe2\x81\xa5")
      << "their neighbours";
}

TEST(Printable, EscapesBytesThatAreNotUtf8) {
  EXPECT_EQ(printable("a\xff"
                      "b\xc3"),
            "a\\xffb\\xc3");
}

}  // namespace
}  // namespace weir
