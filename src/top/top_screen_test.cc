// SPDX-License-Identifier: GPL-3.0-or-later
#include "top/top_screen.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "top/terminal.h"

namespace weir {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string text_of(const TopLine& line) {
  std::string text;
  for (const TopSpan& span : line) text += span.text;
  return text;
}

class TopScreenTest : public ::testing::Test {
 protected:
  TopScreenTest() {
    use_utf8();
    interfaces_.rows = {Value::Object{{"id", "eth0"},
                                      {"bits_per_second", 1.24e9},
                                      {"packets", 980},
                                      {"flows", 84'210},
                                      {"hosts", 12}},
                        Value::Object{{"id", "eth1"}, {"kernel_drops", 20}}};
    list_.total = 2;
    list_.time = 1000;
    list_.rows = {Value::Object{{"key", "192.168.100.200"},
                                {"interface", "eth0"},
                                {"bits_per_second", 912e6},
                                {"bytes", 1'240'000'000'000.0},
                                {"flows", 41},
                                {"last_seen", 998.6},
                                {"name", "nas.lan"}},
                  Value::Object{{"key", "2001:db8:1111:2222:3333:4444:5555:6666"},
                                {"interface", "eth0"},
                                {"name", "<b>\x1b[31m\"\xe2\x80\xae"}}};
    state_.see(list_, 19);
  }
  [[nodiscard]] TopScreen draw(TopSize size = {}, const std::string& trouble = "") const {
    return draw_top({state_, list_, interfaces_, trouble, 3.2}, size);
  }
  void press(TopKey key, const std::string& text = "") {
    (void)state_.press({key, text}, 19, list_);
  }

  TopState state_{{}};
  TopAnswer list_;
  TopAnswer interfaces_;
};

TEST_F(TopScreenTest, FillsEachSizeExactly) {
  for (const auto mode : {"", "h", "d", ">", "/"}) {
    press(TopKey::kText, mode);
    for (const TopSize size : {TopSize{24, 80}, {50, 200}, {6, 20}, {1, 1}, {3, 7}}) {
      const TopScreen screen = draw(size);
      ASSERT_EQ(screen.lines.size(), size.lines) << mode;
      for (const TopLine& line : screen.lines)
        EXPECT_EQ(shown_width(text_of(line)), size.columns) << mode << text_of(line);
    }
    press(TopKey::kEscape);
  }
}

TEST_F(TopScreenTest, SaysWhoHowMuchAndWhatIsLost) {
  const std::string head = text_of(draw({24, 100}).lines[0]);
  EXPECT_THAT(head,
              StartsWith(" weir eth0 +1  1.24Gbit/s  0pkt/s  84.2k flows  12 hosts  20 lost (2%)"));
  EXPECT_THAT(head, HasSubstr(" LIVE "));
  EXPECT_THAT(text_of(draw({24, 80}, "Connection refused").lines[23]),
              HasSubstr("Connection refused"));
  EXPECT_THAT(text_of(draw({24, 100}, "Connection refused").lines[0]), HasSubstr(" NO ANSWER 3s "));
}

TEST_F(TopScreenTest, ShowsTheColumnsThatFitAt80) {
  const TopScreen screen = draw();
  EXPECT_EQ(text_of(screen.lines[3]),
            "HOST              BIT/S   SENT   RECV  BYTES  FLOWS  SEEN NAME               CC ");
  EXPECT_EQ(text_of(screen.lines[4]),
            "192.168.100.200    912M                1.24T     41    1s nas.lan               ");
  EXPECT_THAT(text_of(draw({24, 160}).lines[3]), HasSubstr("VENDOR"));
}

TEST_F(TopScreenTest, WritesNothingThatATerminalObeys) {
  const std::string row = text_of(draw({24, 160}).lines[5]);
  EXPECT_THAT(row, HasSubstr(R"(<b>\x1b[31m"\u202e)"));
  EXPECT_THAT(row, StartsWith("2001:db8:1111:2222:3333:4444:5555:6666 "));
}

TEST_F(TopScreenTest, PutsWhatIsWrongUnderTheFilter) {
  press(TopKey::kText, "/");
  for (const char c : std::string("flows = x")) press(TopKey::kText, std::string(1, c));
  TopScreen screen = draw();
  EXPECT_EQ(screen.cursor_line, 2U);
  EXPECT_EQ(screen.cursor_column, 18U);
  press(TopKey::kEnter);
  list_.problem = "a number is expected";
  list_.column = 9;
  screen = draw();
  EXPECT_EQ(screen.cursor_line, SIZE_MAX);
  EXPECT_THAT(text_of(screen.lines[2]), StartsWith(" Filter: flows = x"));
  EXPECT_THAT(text_of(screen.lines[3]), StartsWith("                 ^ a number is expected"));
  EXPECT_THAT(text_of(screen.lines[4]), HasSubstr("192.168.100.200")) << "the rows stay";
}

TEST_F(TopScreenTest, KeepsTheCursorInSightInALongFilter) {
  press(TopKey::kText, "/");
  for (int i = 0; i < 200; ++i) press(TopKey::kText, i == 199 ? "z" : "x");
  const TopScreen screen = draw();
  EXPECT_LT(screen.cursor_column, 80U);
  EXPECT_EQ(text_of(screen.lines[2])[screen.cursor_column - 1], 'z');
}

TEST_F(TopScreenTest, SaysWhyThereIsNothing) {
  list_.rows.clear();
  list_.total = 0;
  EXPECT_THAT(text_of(draw().lines[4]), HasSubstr("Nothing yet"));
  press(TopKey::kText, "/");
  press(TopKey::kText, "x");
  press(TopKey::kEnter);
  EXPECT_THAT(text_of(draw().lines[4]), HasSubstr("Nothing matches the filter"));
}

TEST(Fit, CutsAndFillsByColumns) {
  use_utf8();
  EXPECT_EQ(fit("abc", 5), "abc  ");
  EXPECT_EQ(fit("abc", 5, true), "  abc");
  EXPECT_EQ(fit("abcdef", 5), "abcd…");
  EXPECT_EQ(fit("äöü", 3), "äöü");
  EXPECT_EQ(fit("日本語", 5), "日本…");
  EXPECT_EQ(fit("日本語", 4), "日… ");
  EXPECT_EQ(fit("e\xcc\x81", 1), "e\xcc\x81");
  EXPECT_EQ(fit("abc", 1), "…");
  EXPECT_EQ(fit("abc", 0), "");
}

TEST(SiText, HasThreeDigits) {
  EXPECT_EQ(si_text(0), "0");
  EXPECT_EQ(si_text(0.5), "0.5");
  EXPECT_EQ(si_text(999), "999");
  EXPECT_EQ(si_text(999.6), "1.00k");
  EXPECT_EQ(si_text(1234), "1.23k");
  EXPECT_EQ(si_text(99'960), "100k");
  EXPECT_EQ(si_text(1e18), "1.00E");
  EXPECT_EQ(si_text(-1), "");
}

}  // namespace
}  // namespace weir
