// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/field_value.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

FieldValue ip(const char* text) {
  return *IpAddress::parse(text);
}
FieldValue number(uint64_t value) {
  return value;
}
FieldValue text(const char* value) {
  return std::string_view(value);
}
VlanTags tags(uint16_t outer, uint16_t inner) {
  VlanTags vlan;
  vlan.push(outer);
  vlan.push(inner);
  return vlan;
}

TEST(FieldValue, StandsInJsonAsItsKind) {
  EXPECT_EQ(to_json(to_value({})), "null");
  EXPECT_EQ(to_json(to_value(number(UINT64_MAX))), "18446744073709551615");
  EXPECT_EQ(to_json(to_value(2.5)), "2.5");
  EXPECT_EQ(to_json(to_value(true)), "true");
  EXPECT_EQ(to_json(to_value(text("view"))), "\"view\"");
  EXPECT_EQ(to_json(to_value(std::string("text"))), "\"text\"");
  EXPECT_EQ(to_json(to_value(ip("2001:db8::1"))), "\"2001:db8::1\"");
  EXPECT_EQ(to_json(to_value(MacAddress{{2, 0, 0, 0, 0, 1}})), "\"02:00:00:00:00:01\"");
  EXPECT_EQ(to_json(to_value(tags(100, 20))), "[100,20]");
  EXPECT_EQ(to_json(to_value(VlanTags{})), "[]");
  EXPECT_EQ(to_json(to_value(Timestamp{10, 500'000'000})), "10.5");
}

TEST(FieldValue, ReadsAsAPersonSeesIt) {
  EXPECT_EQ(to_text({}), "");
  EXPECT_EQ(to_text(number(443)), "443");
  EXPECT_EQ(to_text(2.5), "2.5");
  EXPECT_EQ(to_text(true), "true");
  EXPECT_EQ(to_text(false), "false");
  EXPECT_EQ(to_text(text("TLS")), "TLS");
  EXPECT_EQ(to_text(ip("10.0.0.1")), "10.0.0.1");
  EXPECT_EQ(to_text(MacAddress{{2, 0, 0, 0, 0, 0xab}}), "02:00:00:00:00:ab");
  EXPECT_EQ(to_text(tags(1, 2)), "[1,2]");
  EXPECT_EQ(to_text(Timestamp{10, 0}), "10");
}

TEST(FieldValue, GivesItsTextWithoutACopy) {
  EXPECT_EQ(text_of(text("view")), "view");
  const FieldValue owned = std::string("a text too long to lie in the string itself");
  EXPECT_EQ(text_of(owned).data(), std::get<std::string>(owned).data());
  EXPECT_EQ(text_of(number(5)), "");
}

TEST(FieldValue, ComparesNumbersBySize) {
  EXPECT_TRUE(compare(number(9), number(10)) < 0);
  EXPECT_TRUE(compare(number(UINT64_MAX), number(UINT64_MAX - 1)) > 0) << "a double cannot tell";
  EXPECT_TRUE(compare(number(2), 2.5) < 0);
  EXPECT_TRUE(compare(2.5, number(2)) > 0);
  EXPECT_TRUE(compare(false, true) < 0);
  EXPECT_TRUE(compare(Timestamp{1, 1}, Timestamp{1, 0}) > 0);
  EXPECT_TRUE(compare(2.5, 2.5) == 0);
}

TEST(FieldValue, ComparesTextIgnoringCase) {
  EXPECT_TRUE(compare(text("dns"), text("DNS")) == 0);
  EXPECT_TRUE(compare(text("DNS"), text("http")) < 0);
  EXPECT_TRUE(compare(text("dn"), text("DNS")) < 0);
  EXPECT_TRUE(compare(text("b"), std::string("A")) > 0) << "a view and a string";
}

TEST(FieldValue, ComparesAddressesByTheirBytes) {
  EXPECT_TRUE(compare(ip("9.0.0.0"), ip("10.0.0.0")) < 0);
  EXPECT_TRUE(compare(ip("10.0.0.1"), ip("10.0.0.1")) == 0);
  EXPECT_TRUE(compare(MacAddress{{1}}, MacAddress{{2}}) < 0);
  EXPECT_TRUE(compare(tags(1, 9), tags(2, 0)) < 0);
  EXPECT_TRUE(compare(tags(1, 9), tags(1, 10)) < 0);
}

TEST(FieldValue, PutsWhatIsNotKnownBelowAll) {
  EXPECT_TRUE(compare({}, number(0)) < 0);
  EXPECT_TRUE(compare(text(""), {}) > 0);
  EXPECT_TRUE(compare({}, {}) == 0);
}

}  // namespace
}  // namespace weir
