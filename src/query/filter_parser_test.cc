// SPDX-License-Identifier: GPL-3.0-or-later
// What the filter language refuses: the column and the words.
#include <algorithm>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "query/filter.h"

namespace weir {
namespace {

void expect_error(std::string_view text, int column, std::string_view message) {
  const auto filter = Filter::parse(text, Entity::kFlow);
  ASSERT_FALSE(filter) << text;
  EXPECT_EQ(filter.error().column, column) << text;
  EXPECT_EQ(filter.error().message, message) << text;
  EXPECT_EQ(filter.error().parameter, "filter");
  EXPECT_EQ(filter.error().kind, QueryError::Kind::kBadParameter);
}

TEST(FilterParser, RefusesFieldsThatAreNotThere) {
  expect_error("colour = red", 1, "there is no field \"colour\"");
  expect_error("app = DNS and  Bytes > 5", 16, "there is no field \"Bytes\"");
  expect_error("colour exists", 1, "there is no field \"colour\"");
  expect_error("colour not in (1)", 1, "there is no field \"colour\"");
  expect_error("id = 5", 1, "there is no field \"id\"");
}

TEST(FilterParser, RefusesAnEndInTheMiddle) {
  expect_error("bytes >", 8, "expected a value, but the filter ends");
  expect_error("(tls", 5, "expected \")\", but the filter ends");
  expect_error("port in (1", 11, "expected \",\" or \")\", but the filter ends");
  expect_error("port in", 8, "expected a value, but the filter ends");
  constexpr std::string_view kTest =
      "expected a field, a word to search for, \"not\" or \"(\", but the filter ends";
  expect_error("not", 4, kTest);
  expect_error("tls and", 8, kTest);
  expect_error("tls or ", 8, kTest);
  expect_error("(", 2, kTest);
}

TEST(FilterParser, RefusesWhatStandsInTheWrongPlace) {
  expect_error("a b", 3, "expected \"and\", \"or\" or the end, but there is \"b\"");
  expect_error("a)", 2, "expected \"and\", \"or\" or the end, but there is \")\"");
  expect_error("\"app\" = tls", 7, "expected \"and\", \"or\" or the end, but there is \"=\"");
  expect_error("port in ()", 10, "expected a value, but there is \")\"");
  expect_error("port in (1,)", 12, "expected a value, but there is \")\"");
  expect_error("port in (1 2)", 12, "expected \",\" or \")\", but there is \"2\"");
  expect_error("port = = 2", 8, "expected a value, but there is \"=\"");
  expect_error(")", 1,
               "expected a field, a word to search for, \"not\" or \"(\", but there is \")\"");
  expect_error("= 5", 1,
               "expected a field, a word to search for, \"not\" or \"(\", but there is \"=\"");
}

TEST(FilterParser, RefusesWhatIsNoNumber) {
  for (const std::string_view value :
       {"x", "5x", "5kk", "1.2.3", "5s", "-", "nan", "inf", "infinity", "0x10", "1e999"}) {
    expect_error(
        "bytes > " + std::string(value), 9,
        "\"bytes\" wants a number such as 20, 10k or 1.5M, not \"" + std::string(value) + "\"");
  }
  expect_error("duration_s > 5M", 14,
               "\"duration_s\" wants a number such as 20, 30s or 5m, not \"5M\"");
  expect_error("initial_rtt_ms > 5s", 18,
               "\"initial_rtt_ms\" wants a number such as 20, not \"5s\"");
  expect_error("port in (80, x)", 14, "\"client_port\" wants a number such as 20, not \"x\"");
}

TEST(FilterParser, RefusesWhatIsNoAddress) {
  expect_error(
      "client in 10.0.0.0/33", 11,
      "\"client_ip\" wants an address or a network such as 10.0.0.0/8, not \"10.0.0.0/33\"");
  expect_error("host = here", 8,
               "\"client_ip\" wants an address or a network such as 10.0.0.0/8, not \"here\"");
}

TEST(FilterParser, OrdersNumbersOnly) {
  expect_error("app > x", 5, "\">\" compares numbers, and \"application\" is none");
  expect_error("client_ip <= 10.0.0.1", 11, "\"<=\" compares numbers, and \"client_ip\" is none");
}

TEST(FilterParser, RefusesCharactersItDoesNotKnow) {
  expect_error("a & b", 3, "\"&\" begins nothing that a filter knows");
  expect_error("app = \"x", 7, "the quote is not closed");
  expect_error("app = 'x\\'", 7, "the quote is not closed");
  expect_error("!tls", 1, "\"!\" begins nothing that a filter knows");
}

TEST(FilterParser, CountsColumnsInBytes) {
  expect_error("\xc3\xa4 &", 4, "\"&\" begins nothing that a filter knows");
}

TEST(FilterParser, BoundsDepthAndLength) {
  const std::string open(Filter::kMaxDepth, '(');
  const std::string close(Filter::kMaxDepth, ')');
  EXPECT_TRUE(Filter::parse(open + "tls" + close, Entity::kFlow));
  expect_error("(" + open + "tls" + close + ")", 66, "the filter is nested too deeply");
  std::string nots;
  for (int i = 0; i < 100; ++i) nots += "not ";
  expect_error(nots + "tls", 65 * 4 + 1, "the filter is nested too deeply");
  EXPECT_TRUE(Filter::parse(std::string(Filter::kMaxLength, 'a'), Entity::kFlow));
  expect_error(std::string(Filter::kMaxLength + 1, 'a'), 4096, "the filter is too long");
}

TEST(FilterParser, ChecksAgainstTheFieldsOfItsEntity) {
  EXPECT_TRUE(Filter::parse("address = 10.0.0.1", Entity::kHost));
  EXPECT_FALSE(Filter::parse("address = 10.0.0.1", Entity::kFlow));
  EXPECT_TRUE(Filter::parse("state = failed", Entity::kInterface));
  EXPECT_FALSE(Filter::parse("protocols exists", Entity::kInterface));
  EXPECT_TRUE(Filter::parse("app = DNS", Entity::kApplication));
}

// The names of the fields in which a word is looked for.
std::vector<std::string_view> fields_for(std::string_view word, Entity entity) {
  std::vector<std::string_view> names;
  const auto filter = Filter::parse(word, entity);
  if (!filter) return names;
  for (const uint8_t field : filter->nodes().front().test.fields)
    names.push_back(fields_of(entity)[field].name);
  return names;
}

TEST(FilterParser, LooksForAWordWhereItMayBe) {
  using Names = std::vector<std::string_view>;
  const Names names{"interface", "country", "as_name", "network", "mac_vendor", "names", "os"};
  EXPECT_EQ(fields_for("printer", Entity::kHost), names);
  EXPECT_EQ(fields_for("beef", Entity::kHost),
            (Names{"interface", "address", "country", "as_name", "network", "mac", "mac_vendor",
                   "names", "os"}));
  // As a host is called in links, with its VLAN.
  EXPECT_EQ(fields_for("10.0.0.1@20", Entity::kHost).front(), "key");
  const Names of_flows = fields_for("printer", Entity::kFlow);
  EXPECT_EQ(std::count(of_flows.begin(), of_flows.end(), "application"), 1);
  EXPECT_EQ(std::count(of_flows.begin(), of_flows.end(), "client_ip"), 0);
  EXPECT_EQ(std::count(of_flows.begin(), of_flows.end(), "server_name"), 0);
}

}  // namespace
}  // namespace weir
