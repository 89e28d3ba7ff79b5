// SPDX-License-Identifier: GPL-3.0-or-later
// scripts/lib/rest.lua: lists whose rows a script makes.
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "script/fake_questions.h"
#include "script/test_scripts.h"

namespace weir {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RestLibrary : public WrittenScripts<FakeQuestions> {
 protected:
  RestLibrary() {
    folder_.bring("lib/rest.lua");
    folder_.bring("lib/csv.lua");
    folder_.write("rest/mixed.lua", R"(
local rest = require("rest")
rest.made_list({ names = { "n", "v" }, rows = function()
  return { { n = 1, v = "b" }, { n = 2, v = true }, { n = 3 }, { n = 4, v = 10 }, { n = 5, v = "a" }, { n = 6, v = false },
           { n = 7, v = 9 }, { n = 8, v = {} }, { n = 9, v = true }, { n = 10, v = {} } }
end }))");
  }
  // The n of the rows.
  std::string order(Parameters parameters) {
    parameters.emplace_back("columns", "n");
    parameters.emplace_back("format", "csv");
    std::string text = runner_->run({"mixed", "", std::move(parameters)}).body;
    EXPECT_THAT(errors_, IsEmpty());
    std::string line;
    for (const char c : text) {
      if (c >= '0' && c <= '9') line += c;
      if (c == '\n' && !line.empty()) line += ' ';
    }
    return line;
  }
};

TEST_F(RestLibrary, SortsByMembersOfAnyKind) {
  EXPECT_EQ(order({{"sort", "v"}, {"order", "asc"}}), "3 8 10 7 4 5 1 6 2 9 ");
  EXPECT_EQ(order({{"sort", "v"}}), "2 9 6 1 5 4 7 3 8 10 ");
  EXPECT_EQ(order({{"limit", "2"}}), "10 9 ");
}

TEST_F(RestLibrary, GivesCsvTheSameNamesWhateverTheRows) {
  const auto csv = [&](const std::string& limit) {
    return runner_->run({"mixed", "", {{"limit", limit}, {"format", "csv"}}}).body;
  };
  EXPECT_EQ(csv("0"), "n,v\r\n");
  EXPECT_EQ(csv("1"), "n,v\r\n10,{}\r\n");
  EXPECT_EQ(runner_->run({"mixed", "", {{"limit", "0"}}}).body,
            R"({"offset":0,"rows":[],"total":10})");
}

TEST_F(RestLibrary, NamesWhatIsNoMember) {
  EXPECT_THAT(runner_->run({"mixed", "", {{"sort", "w"}}}).body,
              HasSubstr(R"("parameter":"sort")"));
  EXPECT_THAT(runner_->run({"mixed", "", {{"columns", "n,w"}}}).body,
              HasSubstr(R"("parameter":"columns")"));
}

}  // namespace
}  // namespace weir
