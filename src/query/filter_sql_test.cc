// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/filter_sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "query/test_row_table.h"
#include "record/test_records.h"

namespace weir {
namespace {

using test_row_table::Row;
using test_row_table::RowTable;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// A history that keeps a few fields under names of its own.
const SqlTable& some_flows() {
  static const SqlTable kTable(Entity::kFlow, {{"client_ip", "client"},
                                               {"server_ip", "server", "address_text(server)"},
                                               {"server_port", "port"},
                                               {"bytes", "(up + down)"},
                                               {"application", "app"},
                                               {"client_is_local", "ours"},
                                               {"server_name", "names"},
                                               {"vlan", "tags"}});
  return kTable;
}

SqlCondition condition(std::string_view text, const SqlTable& table = some_flows()) {
  const auto filter = Filter::parse(text, table.entity());
  if (!filter) {
    ADD_FAILURE() << text << ": " << filter.error().message;
    return {};
  }
  auto made = to_sql(*filter, table);
  if (made.ok()) return *made;
  return {made.error().parameter + ": " + made.error().message, {}};
}

SqlValue text(std::string value) {
  return value;
}
SqlValue bytes(std::string_view address) {
  const IpAddress::Bytes raw = IpAddress::parse(address)->bytes();
  return SqlBlob{std::string(raw.begin(), raw.end())};
}

TEST(FilterSql, HoldsForAllWithoutAFilter) {
  EXPECT_EQ(condition("").text, "(1 = 1)");
  EXPECT_THAT(condition("").values, IsEmpty());
}

TEST(FilterSql, PutsEachOperandInAPlaceholder) {
  const SqlCondition made =
      condition("port = 443 and bytes > 1.5M and not (app = TLS or app ~ dns)");
  EXPECT_EQ(made.text,
            "((port IS NOT NULL AND (port = ?)) AND (((up + down) IS NOT NULL AND ((up + down) > "
            "?)) AND (NOT ((app IS NOT NULL AND (lower(app) = ?)) OR (app IS NOT NULL AND "
            "(instr(lower(app), ?) > 0))))))");
  EXPECT_THAT(made.values, ElementsAre(443.0, 1'500'000.0, text("tls"), text("dns")));
}

TEST(FilterSql, MakesRangesOfNetworks) {
  EXPECT_EQ(condition("client in 10.0.0.0/8").text,
            "(client IS NOT NULL AND (client BETWEEN ? AND ?))");
  EXPECT_THAT(condition("client in 10.0.0.0/8").values,
              ElementsAre(bytes("10.0.0.0"), bytes("10.255.255.255")));
  EXPECT_THAT(condition("client = 2001:db8::1").values, ElementsAre(bytes("2001:db8::1")));
  // IPv4 lies in the middle of what IPv6 is, and is not of it.
  EXPECT_THAT(condition("client in ::/1").values,
              ElementsAre(bytes("::"), bytes("7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
                          bytes("0.0.0.0"), bytes("255.255.255.255")));
}

TEST(FilterSql, MakesPatternsOfWildcards) {
  const SqlCondition made = condition("app = \"a*[B]?%_'\"");
  EXPECT_EQ(made.text, "(app IS NOT NULL AND (lower(app) GLOB ?))");
  EXPECT_THAT(made.values, ElementsAre(text("a*[[]b][?]%_'")));
}

TEST(FilterSql, LooksAtEachElementOfAList) {
  EXPECT_EQ(condition("server_name in (a, b)").text,
            "EXISTS (SELECT 1 FROM json_each(names) AS element WHERE (lower(element.value) IN (?, "
            "?)))");
  EXPECT_EQ(condition("vlan > 5").text,
            "EXISTS (SELECT 1 FROM json_each(tags) AS element WHERE (element.value > ?))");
  EXPECT_EQ(condition("vlan exists").text, "(tags IS NOT NULL AND tags <> '[]')");
}

TEST(FilterSql, AsksTheFilterAboutTruth) {
  EXPECT_EQ(condition("client_is_local = true").text, "(ours IS NOT NULL AND ours <> 0)");
  EXPECT_EQ(condition("client_is_local = f*").text, "(ours IS NOT NULL AND ours = 0)");
  EXPECT_EQ(condition("client_is_local = *").text, "(ours IS NOT NULL)");
  EXPECT_EQ(condition("client_is_local = \"1 or 1\"").text, "(1 = 0)");
}

TEST(FilterSql, LooksOnlyAtWhatTheTableKeeps) {
  EXPECT_EQ(condition("port = 5").text, condition("server_port = 5").text);
  EXPECT_EQ(condition("host ~ 1.2").text,
            "(server IS NOT NULL AND (instr(lower(address_text(server)), ?) > 0))");
  EXPECT_EQ(condition("beef").values.size(), 2U) << "the application and the server's address";
  EXPECT_EQ(condition("tls").values.size(), 1U) << "the application: no address has such letters";
  EXPECT_EQ(condition("user_agent exists").text,
            "filter: \"user_agent\" is not kept there, or not to be searched like this");
  EXPECT_EQ(condition("client ~ 1.2").text,
            "filter: \"client_ip\" is not kept there, or not to be searched like this");
}

TEST(FilterSql, FindsNoAddressWhereThereIsNone) {
  const RowTable groups(Entity::kGroup);
  EXPECT_EQ(condition("10.0.0.1", groups.table()).text, "(1 = 0)");
  EXPECT_EQ(condition("not 10.0.0.0/8", groups.table()).text, "(NOT (1 = 0))");
}

// What tries to be more than a value.
std::vector<std::string> injections() {
  using namespace std::string_literals;
  std::vector<std::string> tries{
      "' OR '1'='1",
      "'; DROP TABLE row; --",
      "\"; DROP TABLE row; --",
      "') OR 1=1 --",
      "x' UNION SELECT name FROM sqlite_master --",
      "/* */",
      "--",
      ";",
      "?",
      "?1",
      ":name",
      "@name",
      "$name",
      "`",
      "]",
      "[a-z]",
      "%",
      "_",
      "\\",
      "\\'",
      "a\0b"s,
      "\0"s,
      "'\0; DROP TABLE row"s,
      "\xc2\xa0",
      "\xe2\x80\xae' --",
      "\xef\xbc\x87; DROP TABLE row",
      "\xf0\x9f\x8d\xba",
      "\xff",
      "\xc0\xa7",
      "\n",
      "NULL",
      "CAST(1 AS TEXT)",
      "lower('A')",
      "true",
      "1e309",
      "0x10",
      std::string(1000, '\''),
  };
  return tries;
}

std::string quoted(const std::string& text) {
  std::string quote = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quote += '\\';
    quote += c;
  }
  return quote + '"';
}

// Two rows: the application of one is that text.
std::unique_ptr<RowTable> table_with(const std::string& text) {
  auto table = std::make_unique<RowTable>(Entity::kApplication);
  for (const std::string& name : {text, std::string("another")}) {
    Row row(kApplicationFields.size());
    row[static_cast<size_t>(ApplicationField::kName)] = name;
    table->add(row);
  }
  return table;
}

TEST(FilterSql, TakesEveryInjectionForAValue) {
  using Rows = std::vector<size_t>;
  for (const std::string& attempt : injections()) {
    const auto table = table_with(attempt);
    const auto found = [&](const std::string& filter) {
      return table->rows_where(condition(filter, table->table()));
    };
    // What is no text is in no row; of what has a NUL the pattern is.
    const bool is_text = attempt != "\xff" && attempt != "\xc0\xa7";
    const bool has_nul = attempt.find('\0') != std::string::npos;
    const Rows expected = is_text ? Rows{0} : Rows{};
    EXPECT_EQ(found("name = " + quoted(attempt)), expected) << attempt;
    EXPECT_EQ(found("name in (" + quoted(attempt) + ", x)"), expected) << attempt;
    EXPECT_EQ(found("name ~ " + quoted(attempt)), expected) << attempt;
    EXPECT_EQ(found("name = " + quoted(attempt + "*")), is_text && !has_nul ? Rows{0} : Rows{})
        << attempt;
    EXPECT_EQ(found(quoted(attempt)), expected) << attempt;
    EXPECT_EQ(found("not name = " + quoted(attempt)), is_text ? Rows{1} : (Rows{0, 1}));
    EXPECT_EQ(table->sizes(), std::make_pair(int64_t{2}, int64_t{1})) << attempt;
  }
}

TEST(FilterSql, SaysNothingOfAFilterInItsText) {
  for (const std::string& attempt : injections()) {
    const std::string filter = "name = " + quoted(attempt) + " or name ~ " + quoted(attempt);
    const auto table = table_with("x");
    const std::string text = condition(filter, table->table()).text;
    EXPECT_THAT(text, Not(HasSubstr("DROP")));
    EXPECT_THAT(text, Not(HasSubstr("'")));
    EXPECT_THAT(text, Not(HasSubstr("--")));
  }
}

// The longest filters there can be are taken by the database, or refused.
TEST(FilterSql, FitsInTheLimitsOfTheDatabase) {
  RowTable table(Entity::kFlow);
  Row row(kFlowFields.size());
  row[static_cast<size_t>(FlowField::kApplication)] = std::string_view("a");
  row[static_cast<size_t>(FlowField::kServerPort)] = uint64_t{1};
  table.add(row);
  const auto repeated = [](const std::string& one, const std::string& between) {
    std::string text = one;
    while (text.size() + between.size() + one.size() < Filter::kMaxLength - 20)
      text += between + one;
    return text;
  };
  for (const std::string& filter :
       {repeated("a", " or "), repeated("a", " and "), "app in (" + repeated("*", ",") + ")",
        "server_port in (" + repeated("1", ",") + ")", "app in (" + repeated("a", ",") + ")",
        "host in (" + repeated("::/0", ",") + ") or app = a",
        std::string(60, '(') + "app = a" + std::string(60, ')'),
        repeated("not not app = a", " and ")}) {
    const auto parsed = Filter::parse(filter, Entity::kFlow);
    ASSERT_TRUE(parsed.ok()) << filter << parsed.error().message;
    const auto made = to_sql(*parsed, table.table());
    if (made.ok()) {
      EXPECT_EQ(table.rows_where(*made), std::vector<size_t>{0}) << filter;
    } else {
      EXPECT_THAT(made.error().message, HasSubstr("too long for the database"));
    }
  }
}

}  // namespace
}  // namespace weir
