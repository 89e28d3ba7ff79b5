// SPDX-License-Identifier: GPL-3.0-or-later
#include "enrich/reverse_answer.h"

#include <gtest/gtest.h>

#include "enrich/test_name_server.h"

namespace weir {
namespace {

using Kind = ReverseAnswer::Kind;
using test::dns_answer;
using test::dns_query;
using test::dns_record;
using test::PtrRecord;

const IpAddress kAddress = *IpAddress::parse("10.0.0.1");

ReverseAnswer read(const std::string& message) {
  return parse_reverse_answer({reinterpret_cast<const uint8_t*>(message.data()), message.size()});
}
ReverseAnswer parsed(const std::vector<PtrRecord>& records, uint8_t rcode = 0) {
  return read(dns_answer(dns_query(reverse_name(kAddress)), records, rcode));
}

TEST(ReverseName, IsTheAddressBackwards) {
  EXPECT_EQ(reverse_name(*IpAddress::parse("192.0.2.1")), "1.2.0.192.in-addr.arpa");
  EXPECT_EQ(reverse_name(*IpAddress::parse("2001:db8::567:89ab")),
            "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
}

TEST(ReverseAnswer, HasANameAndItsLifetime) {
  EXPECT_EQ(parsed({{"Printer.Example.org", 5}}),
            (ReverseAnswer{Kind::kName, "printer.example.org", std::chrono::seconds(5)}));
}

TEST(ReverseAnswer, OfSeveralNamesIsTheShortestWhateverTheirOrder) {
  const ReverseAnswer best{Kind::kName, "b.example", std::chrono::seconds(7)};
  EXPECT_EQ(parsed({{"long.example", 9}, {"b.example", 8}, {"c.example", 7}}), best);
  EXPECT_EQ(parsed({{"c.example", 7}, {"b.example", 8}, {"long.example", 9}}), best);
  EXPECT_EQ(parsed({{"no name", 7}, {"b.example", 8}}), best);
}

TEST(ReverseAnswer, FollowsAChainOfNames) {
  constexpr uint16_t kCname = 5;
  EXPECT_EQ(parsed({{"1.0-25.0.0.10.in-addr.arpa", 3, kCname}, {"a.example", 60}}),
            (ReverseAnswer{Kind::kName, "a.example", std::chrono::seconds(3)}));
}

TEST(ReverseAnswer, MayBeThatThereIsNone) {
  EXPECT_EQ(parsed({}, 3).kind, Kind::kNoName);
  EXPECT_EQ(parsed({}).kind, Kind::kNoName);
  EXPECT_EQ(parsed({}, 2).kind, Kind::kFailed) << "SERVFAIL";
  EXPECT_EQ(parsed({}, 5).kind, Kind::kFailed) << "REFUSED";
}

TEST(ReverseAnswer, IsNoneWhenItIsNotWhole) {
  const std::string whole = dns_answer(dns_query(reverse_name(kAddress)), {{"a.example", 5}});
  for (size_t size = 0; size < whole.size(); ++size)
    EXPECT_NE(read(whole.substr(0, size)).kind, Kind::kName) << size;
  EXPECT_EQ(read(dns_query(reverse_name(kAddress))).kind, Kind::kFailed) << "a question";
}

TEST(ReverseAnswer, HasNoNameThatIsNone) {
  for (const std::string& name :
       {std::string("<img src=x>"), std::string("a\nb"), std::string("a\x1b[2J"),
        std::string("a\0b", 3), std::string("caf\xc3\xa9"), std::string("10.0.0.1"),
        std::string("a b"), std::string("\xe2\x80\xae") + "moc"}) {
    const ReverseAnswer answer = parsed({{name, 5}});
    EXPECT_EQ(answer.kind, Kind::kBadName) << name;
    EXPECT_EQ(answer.name, "") << name;
  }
  EXPECT_EQ(parsed({{"", 5}}).kind, Kind::kBadName) << "the root";
}

TEST(ReverseAnswer, DoesNotFollowPointersThatLeadInCircles) {
  const std::string query = dns_query(reverse_name(kAddress));
  const std::string at_itself{'\xc0', static_cast<char>(query.size() + 12)};
  EXPECT_NE(read(dns_answer(query, 1, dns_record(12, 5, at_itself))).kind, Kind::kName);
  EXPECT_NE(read(dns_answer(query, 1, dns_record(12, 5, "\xff\xff"))).kind, Kind::kName);
  EXPECT_NE(read(dns_answer(query, 65'535, "")).kind, Kind::kName);
}

TEST(IsNameOfHost, KnowsLettersDigitsAndTwoSigns) {
  for (const char* name : {"a", "a.b", "printer-1.example.org", "_x.local", "1a.example"})
    EXPECT_TRUE(is_name_of_host(name)) << name;
  EXPECT_TRUE(is_name_of_host(std::string(63, 'a') + ".b"));
  for (const char* name : {"", ".", "a.", ".a", "a..b", "a b", "a/b", "1.2.3.4", "a\n", "\xc3\xa9",
                           "1.0.0.10.in-addr.arpa", "1.ip6.arpa"})
    EXPECT_FALSE(is_name_of_host(name)) << name;
  EXPECT_FALSE(is_name_of_host(std::string(64, 'a')));
  EXPECT_TRUE(is_name_of_host(std::string(63, 'a') + "." + std::string(63, 'a') + "." +
                              std::string(63, 'a') + "." + std::string(61, 'a')));
  EXPECT_FALSE(is_name_of_host(std::string(63, 'a') + "." + std::string(63, 'a') + "." +
                               std::string(63, 'a') + "." + std::string(62, 'a')));
}

}  // namespace
}  // namespace weir
