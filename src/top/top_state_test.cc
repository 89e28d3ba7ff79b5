// SPDX-License-Identifier: GPL-3.0-or-later
#include "top/top_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr size_t kRows = 10;

TopAnswer hosts(uint64_t total, uint64_t offset = 0) {
  TopAnswer answer;
  answer.total = total;
  answer.offset = offset;
  answer.time = 1000;
  for (uint64_t i = offset; i < std::min<uint64_t>(total, offset + kRows); ++i)
    answer.rows.emplace_back(
        Value::Object{{"key", "10.0.0." + std::to_string(i)}, {"interface", "eth0"}});
  return answer;
}

class TopStateTest : public ::testing::Test {
 protected:
  bool press(TopKey key, unsigned number = 0) {
    return state_.press({key, {}, number}, kRows, answer_);
  }
  bool type(const std::string& text) {
    for (const char c : text) {
      if (!state_.press({TopKey::kText, std::string(1, c)}, kRows, answer_)) return false;
    }
    return true;
  }
  // As the loop does: a new answer for where we are.
  void answer(uint64_t total) {
    answer_ = hosts(total, state_.view().offset);
    state_.see(answer_, kRows);
  }
  [[nodiscard]] std::string selected() const {
    const TopView& view = state_.view();
    return *answer_.rows.at(view.offset + view.selected - answer_.offset)["key"].as<std::string>();
  }

  TopState state_{{}};
  TopAnswer answer_ = hosts(100);
};

TEST_F(TopStateTest, AsksForWhatItShows) {
  EXPECT_THAT(state_.question(kRows),
              StartsWith("hosts?limit=10&offset=0&sort=bits_per_second&order=desc&columns=key,"
                         "interface,bits_per_second,"));
  type("M");
  EXPECT_THAT(state_.question(kRows), HasSubstr("sort=bytes&order=desc"));
  type("M");
  EXPECT_THAT(state_.question(kRows), HasSubstr("sort=bytes&order=asc"));
  type("I");
  EXPECT_THAT(state_.question(kRows), HasSubstr("order=desc"));
  type("2");
  EXPECT_THAT(state_.question(kRows), StartsWith("flows?limit=10"));
  type("T");
  EXPECT_THAT(state_.question(kRows), HasSubstr("sort=first_seen&order=desc"));
  press(TopKey::kBackTab);
  EXPECT_THAT(state_.question(kRows), StartsWith("hosts?"));
}

TEST_F(TopStateTest, ScrollsAsLittleAsShowsTheRow) {
  for (int i = 0; i < 9; ++i) press(TopKey::kDown);
  EXPECT_EQ(state_.view().offset, 0U);
  press(TopKey::kDown);
  EXPECT_EQ(state_.view().offset, 1U);
  answer(100);
  EXPECT_EQ(selected(), "10.0.0.10");
  press(TopKey::kEnd);
  EXPECT_EQ(state_.view().offset, 90U);
  answer(100);
  EXPECT_EQ(selected(), "10.0.0.99");
  press(TopKey::kDown);
  EXPECT_EQ(state_.view().offset, 90U);
  press(TopKey::kPageUp);
  answer(100);
  EXPECT_EQ(selected(), "10.0.0.90");
  press(TopKey::kHome);
  press(TopKey::kUp);
  EXPECT_EQ(state_.view().offset + state_.view().selected, 0U);
}

TEST_F(TopStateTest, TheSelectionFollowsItsRow) {
  press(TopKey::kDown);
  press(TopKey::kDown);
  answer(100);
  ASSERT_EQ(selected(), "10.0.0.2");
  std::swap(answer_.rows[2], answer_.rows[7]);
  state_.see(answer_, kRows);
  EXPECT_EQ(selected(), "10.0.0.2");
  EXPECT_EQ(state_.view().selected, 7U);
}

TEST_F(TopStateTest, StaysAmongTheRowsThereAre) {
  press(TopKey::kEnd);
  answer(100);
  ASSERT_EQ(state_.view().offset, 90U);
  answer(23);  // the list is shorter now: nothing there
  EXPECT_TRUE(answer_.rows.empty());
  EXPECT_THAT(state_.question(kRows), HasSubstr("offset=13"));
  answer(23);
  EXPECT_LT(state_.view().offset + state_.view().selected, 23U);
  EXPECT_EQ(selected().substr(0, 6), "10.0.0");
  answer(0);
  EXPECT_THAT(state_.question(kRows), HasSubstr("offset=0"));
  EXPECT_TRUE(press(TopKey::kEnter));  // there is nothing to open
  EXPECT_EQ(state_.depth(), 1U);
}

TEST_F(TopStateTest, EditsTheFilter) {
  press(TopKey::kFunction, 4);
  ASSERT_EQ(state_.mode(), TopState::Mode::kFilter);
  type("app = DNSq");
  press(TopKey::kBackspace);
  press(TopKey::kHome);
  type("not ");
  press(TopKey::kRight);
  press(TopKey::kDelete);
  press(TopKey::kEnd);
  press(TopKey::kLeft);
  EXPECT_EQ(state_.edited(), "not ap = DNS");
  EXPECT_THAT(state_.question(kRows), Not(HasSubstr("filter")));
  press(TopKey::kEnter);
  EXPECT_EQ(state_.mode(), TopState::Mode::kList);
  EXPECT_THAT(state_.question(kRows), EndsWith("&filter=not%20ap%20%3D%20DNS"));
  type("/x");
  press(TopKey::kEscape);
  EXPECT_EQ(state_.view().filter, "not ap = DNS");
  press(TopKey::kEscape);
  EXPECT_EQ(state_.view().filter, "");
}

TEST_F(TopStateTest, EditsLettersOfSeveralBytes) {
  type("/");
  for (const char* letter : {"a", "\xc3\xa4", "\xe2\x82\xac"})
    (void)state_.press({TopKey::kText, letter}, kRows, answer_);
  press(TopKey::kLeft);
  EXPECT_EQ(state_.cursor(), 3U);
  press(TopKey::kBackspace);
  EXPECT_EQ(state_.edited(), "a\xe2\x82\xac");
  press(TopKey::kDelete);
  press(TopKey::kDelete);
  EXPECT_EQ(state_.edited(), "a");
}

TEST_F(TopStateTest, OpensWhatARowHasAndGoesBack) {
  press(TopKey::kDown);
  answer(100);
  press(TopKey::kEnter);
  EXPECT_EQ(state_.depth(), 2U);
  EXPECT_THAT(state_.question(kRows), EndsWith("&filter=ip%20%3D%2010.0.0.1"));
  press(TopKey::kEscape);
  EXPECT_EQ(state_.list().path, "hosts");
  EXPECT_EQ(state_.view().selected, 1U);

  type("3");
  answer_.rows = {Value::Object{{"name", "a \"b\" \\"}}};
  answer_.total = 1;
  state_.see(answer_, kRows);
  press(TopKey::kEnter);
  EXPECT_EQ(state_.list().path, "flows");
  EXPECT_EQ(state_.view().filter, R"(application = "a \"b\" \\")");

  type("5");
  answer_.rows = {Value::Object{{"id", "eth0"}}};
  state_.see(answer_, kRows);
  press(TopKey::kEnter);
  EXPECT_THAT(state_.question(kRows), HasSubstr("&interface=eth0"));
}

TEST_F(TopStateTest, ShowsAllThatIsKnownOfARow) {
  type("d");
  ASSERT_EQ(state_.mode(), TopState::Mode::kDetail);
  EXPECT_EQ(state_.detail_question(), "hosts/10.0.0.0");
  TopAnswer one;
  Value::Object row{{"key", "10.0.0.0"}, {"interface", "eth0"}};
  for (int i = 0; i < 30; ++i) row.emplace_back("field" + std::to_string(i), i);
  one.rows = {row};
  state_.see_detail(one);
  EXPECT_EQ(state_.detail()["field29"], Value(29));
  press(TopKey::kEnd);
  EXPECT_EQ(state_.scrolled(), 22U);
  press(TopKey::kDown);
  EXPECT_EQ(state_.scrolled(), 22U);
  press(TopKey::kPageUp);
  EXPECT_EQ(state_.scrolled(), 12U);
  one.rows = {Value::Object{{"key", "10.0.0.9"}, {"interface", "eth0"}}};
  state_.see_detail(one);  // of another: late
  EXPECT_EQ(state_.detail()["field29"], Value(29));
  EXPECT_TRUE(type("q"));
  EXPECT_EQ(state_.mode(), TopState::Mode::kList);
}

TEST_F(TopStateTest, SortsByAColumnOfTheMenu) {
  press(TopKey::kFunction, 6);
  ASSERT_EQ(state_.mode(), TopState::Mode::kSort);
  EXPECT_EQ(state_.choice(), 1U);
  press(TopKey::kUp);
  press(TopKey::kEnter);
  EXPECT_THAT(state_.question(kRows), HasSubstr("sort=key&order=asc"));
}

TEST_F(TopStateTest, EndsPausesAndHelps) {
  EXPECT_TRUE(type(" "));
  EXPECT_TRUE(state_.is_paused());
  EXPECT_TRUE(type("Z"));
  EXPECT_FALSE(state_.is_paused());
  EXPECT_TRUE(type("h"));
  EXPECT_EQ(state_.mode(), TopState::Mode::kHelp);
  EXPECT_TRUE(type("q"));  // leaves the help
  EXPECT_FALSE(type("q"));
  EXPECT_FALSE(press(TopKey::kFunction, 10));
}

}  // namespace
}  // namespace weir
