// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/completion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "query/filter.h"
#include "query/filter_lexer.h"
#include "query/test_traffic.h"

namespace weir {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

using Kind = CompletionKind;

// The text with "|" for the cursor.
CompletionPoint point(std::string text, Entity entity = Entity::kFlow) {
  const size_t cursor = text.find('|');
  text.erase(cursor, 1);
  return find_completion(text, cursor, entity);
}

void expect_kind(Kind kind, std::initializer_list<const char*> texts) {
  for (const char* text : texts) EXPECT_EQ(point(text).kind, kind) << text;
}

TEST(CompletionPoint, KnowsWhatComesNext) {
  expect_kind(Kind::kTest,
              {"|", "a|", "(|", "not |", "tls and |", "not (a or b|", "port = 5 or x|"});
  expect_kind(Kind::kOperator, {"app |", "port no|", "tls |", "\"x\" |", "(app |", "app !|"});
  expect_kind(Kind::kIn, {"app not |", "app not i|"});
  expect_kind(Kind::kValue, {"app = |", "app = t|", "app =|", "app ~ \"x|", "app in (|",
                             "app in (a, |", "app in (a, b|", "not app !=|"});
  expect_kind(Kind::kList, {"app in |", "app not in |", "app in t|"});
  expect_kind(Kind::kMoreOfList, {"app in (a |", "app in (a, b |"});
  expect_kind(Kind::kConnective, {"app = a |", "app in (a) |", "app exists |", "(app = a) |",
                                  "app = \"x\"|", "app = a o|"});
  expect_kind(Kind::kNothing, {"app = a & |", "&|", "! app|"});
}

TEST(CompletionPoint, GoesOnAfterWhatIsWrong) {
  expect_kind(Kind::kValue,
              {"a b app = |", ") app = |", "app = = app = |", "port in () and app = |"});
  expect_kind(Kind::kTest, {"a b and |"});
  EXPECT_THAT(point("colour = |").fields, IsEmpty());
}

TEST(CompletionPoint, SaysWhatIsReplaced) {
  const auto range = [](const char* text) {
    const CompletionPoint found = point(text);
    return std::make_tuple(found.from, found.to, found.typed);
  };
  EXPECT_EQ(range("ap|"), std::make_tuple(0U, 2U, "ap"));
  EXPECT_EQ(range("a|pp = x"), std::make_tuple(0U, 3U, "a"));
  EXPECT_EQ(range("app = |"), std::make_tuple(6U, 6U, ""));
  EXPECT_EQ(range("app = g|oo and x"), std::make_tuple(6U, 9U, "g"));
  EXPECT_EQ(range("app = \"a \\\"b|c\" and x"), std::make_tuple(6U, 14U, "a \"b"));
  EXPECT_EQ(range("app = \"a b| and x"), std::make_tuple(6U, 10U, "a b"));
  EXPECT_EQ(range("app = \"a\"|"), std::make_tuple(9U, 9U, ""));
  EXPECT_EQ(range("app !|"), std::make_tuple(4U, 5U, "!"));
  EXPECT_EQ(range("\xc3\xa4| = 5"), std::make_tuple(0U, 2U, "\xc3\xa4"));
  EXPECT_EQ(range("app = x &|"), std::make_tuple(9U, 9U, ""));
}

TEST(CompletionPoint, CountsOpenParentheses) {
  EXPECT_EQ(point("((a or b) |").open, 1U);
  EXPECT_EQ(point("a) |").open, 0U);
  EXPECT_EQ(point("app in (a) |").open, 0U);
}

TEST(CompletionPoint, KnowsTheFieldsOfAnAlias) {
  EXPECT_EQ(point("host = |").fields, filter_fields(Entity::kFlow, "host"));
  EXPECT_EQ(point("host = |").fields.size(), 2U);
  EXPECT_EQ(point("host = |", Entity::kHost).fields.size(), 1U);
}

class Completion : public ::testing::Test {
 protected:
  // The texts of the items for a text with "|" for the cursor.
  std::vector<std::string> texts(std::string text, const std::string& list = "flows",
                                 size_t limit = 20) {
    std::vector<std::string> found;
    const Value answer = ask(std::move(text), list, limit);
    for (const Value& item : *answer["items"].as<Value::Array>())
      found.push_back(*item["text"].as<std::string>());
    return found;
  }
  Value ask(std::string text, const std::string& list = "flows", size_t limit = 20) {
    const size_t cursor = text.find('|');
    text.erase(cursor, 1);
    const Answer answer = complete(questions_, {text, cursor + 1, list, limit});
    EXPECT_TRUE(answer.ok()) << text;
    return answer.ok() ? *answer : Value();
  }
  std::string error(const CompletionRequest& request) {
    const Answer answer = complete(questions_, request);
    return answer.ok() ? "" : answer.error().parameter + ": " + answer.error().message;
  }

  std::unique_ptr<Interface> eth0_ =
      test_traffic::watch("eth0", test_traffic::a_second_of_traffic());
  LiveQuestions questions_ = test_traffic::questions_about({eth0_.get()});
};

TEST_F(Completion, OffersFieldsThatBeginSoThenThoseThatHaveIt) {
  const auto found = texts("serv|", "flows", 100);
  EXPECT_EQ(found.front(), "server");
  EXPECT_THAT(found,
              AllOf(Contains("server_ip"), Contains("server_name"), Contains("http_server")));
  EXPECT_GT(std::find(found.begin(), found.end(), "http_server"),
            std::find(found.begin(), found.end(), "server_port"));
  EXPECT_THAT(found, Not(Contains("id")));
  EXPECT_THAT(texts("n|"), Contains("not"));
  EXPECT_EQ(
      to_json(ask("hos|")),
      R"({"from":1,"to":4,"items":[{"text":"host","kind":"field","doc":"client_ip or server_ip"},)"
      R"({"text":"http_host","kind":"field","doc":"Hosts asked for over HTTP."},)"
      R"({"text":"dhcp_host_name","kind":"field","doc":")" +
          std::string(field_info(FlowField::kDhcpHostName).doc) + "\"}]}");
}

TEST_F(Completion, OffersOperatorsThatFitTheType) {
  EXPECT_THAT(texts("bytes |"),
              ElementsAre("=", "!=", "<", "<=", ">", ">=", "in", "not in", "exists"));
  EXPECT_THAT(texts("app |"), ElementsAre("=", "!=", "~", "in", "not in", "exists"));
  EXPECT_THAT(texts("app !|"), ElementsAre("!="));
  EXPECT_THAT(texts("app no|"), ElementsAre("not in"));
  EXPECT_THAT(texts("app not |"), ElementsAre("in"));
  EXPECT_THAT(texts("tls |"), ElementsAre("and", "or"));
  EXPECT_THAT(texts("(tls |"), ElementsAre("and", "or", ")"));
  EXPECT_THAT(texts("(app = TLS |"), ElementsAre("and", "or", ")"));
  EXPECT_THAT(texts("app in (TLS |"), ElementsAre(",", ")"));
}

TEST_F(Completion, OffersLiveValuesWithTheirCounts) {
  EXPECT_EQ(to_json(ask("app = t|")["items"]),
            R"([{"text":"TLS","kind":"value","count":1},{"text":"NTP","kind":"value","count":1}])");
  EXPECT_THAT(texts("app = |"), Contains("DNS"));
  EXPECT_THAT(texts("app in |"), AllOf(Contains("("), Contains("TLS")));
  EXPECT_THAT(texts("server_port = 4|"), ElementsAre("443"));
  EXPECT_THAT(texts("host = 192|"), ElementsAre("192.0.2.1"));
  EXPECT_THAT(texts("key = 10.0.0|", "hosts"),
              AllOf(Contains("10.0.0.1"), Contains("10.0.0.2"), Contains("10.0.0.3")));
  EXPECT_THAT(texts("id = |", "interfaces"), ElementsAre("eth0"));
  EXPECT_THAT(texts("name = d|", "applications"), ElementsAre("DNS"));
  EXPECT_THAT(texts("vlan = |", "vlans"), ElementsAre("untagged"));
  EXPECT_THAT(texts("is_local = |", "hosts"), ElementsAre("true", "false"));
  EXPECT_THAT(texts("app = zzz|"), IsEmpty());
  EXPECT_THAT(texts("colour = |"), IsEmpty());
}

TEST_F(Completion, OffersUnitsAndNetworks) {
  EXPECT_THAT(texts("bytes > 10|"), ElementsAre("10k", "10M", "10G", "10T"));
  EXPECT_THAT(texts("duration_s > 1.5|"), ElementsAre("1.5s", "1.5m", "1.5h", "1.5d"));
  EXPECT_THAT(texts("bytes > |"), IsEmpty());
  EXPECT_THAT(texts("bytes > 10k|"), IsEmpty());
  EXPECT_THAT(texts("host in 198.51.100.7|"),
              ElementsAre("198.51.100.0/24", "198.51.0.0/16", "198.0.0.0/8"));
  EXPECT_THAT(texts("host in 2001:db8::1|"),
              ElementsAre("2001:db8::1", "2001:db8::/64", "2001:db8::/48", "2001:db8::/32"));
  EXPECT_THAT(texts("host in 198.51.100.7/|"),
              ElementsAre("198.51.100.0/24", "198.51.0.0/16", "198.0.0.0/8"));
  EXPECT_THAT(texts("host = 198.51.100.7/2|"), ElementsAre("198.51.100.0/24"));
  EXPECT_THAT(texts("host = 2001:db8::1/6|"), ElementsAre("2001:db8::/64"));
  EXPECT_THAT(texts("host = 198.51.100.7/33|"), IsEmpty());
  EXPECT_THAT(texts("host = 198.51.100/2|"), IsEmpty());
}

// What is offered makes a filter when it is written.
TEST_F(Completion, WritesValuesSoThatTheyAreRead) {
  EXPECT_EQ(filter_value("Example Net"), "\"Example Net\"");
  EXPECT_EQ(filter_value("a\"b\\"), R"("a\"b\\")");
  EXPECT_EQ(filter_value("AND"), "\"AND\"");
  EXPECT_EQ(filter_value(""), "\"\"");
  EXPECT_EQ(filter_value("10.0.0.0/8"), "10.0.0.0/8");
  const auto odd = test_traffic::watch("it's \"x\"", {{.length = 70}});
  const LiveQuestions questions = test_traffic::questions_about({odd.get()});
  const Answer answer = complete(questions, {"if = \"it", 0, "flows", 20});
  ASSERT_TRUE(answer.ok());
  const Value& item = answer->operator[]("items").as<Value::Array>()->front();
  EXPECT_EQ(*item["text"].as<std::string>(), R"("it's \"x\"")");
  EXPECT_TRUE(Filter::parse("if = " + *item["text"].as<std::string>(), Entity::kFlow).ok());
}

TEST_F(Completion, NamesTheParameterThatIsWrong) {
  EXPECT_EQ(error({"x", 0, "colours", 20}), "list: there is no list \"colours\"");
  EXPECT_EQ(error({"x", 3, "flows", 20}), "cursor: the cursor is behind the end of the text");
  EXPECT_EQ(error({"x", 2, "flows", 20}), "");
  EXPECT_EQ(error({"x", 0, "flows", 201}), "limit: at most 200");
  EXPECT_THAT(error({std::string(Filter::kMaxLength + 1, 'x'), 0, "flows", 20}),
              HasSubstr("text: "));
}

}  // namespace
}  // namespace weir
