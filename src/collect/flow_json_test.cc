// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/flow_json.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace weir {
namespace {

// All records that are good, as name and text; "!" for one that is bad.
using Fields = std::map<std::string, std::string>;

std::string shown(const NtopValue& value) {
  switch (value.kind) {
    case NtopValue::Kind::kText:
      return "'" + std::string(value.text) + "'";
    case NtopValue::Kind::kUnsigned:
      return std::to_string(value.number);
    case NtopValue::Kind::kSigned:
      return std::to_string(static_cast<int64_t>(value.number));
    case NtopValue::Kind::kOther:
      return std::string(value.text);
  }
  return {};
}

std::vector<Fields> read(std::string_view text) {
  NtopKeyCache keys;
  FlowJson json(text, keys);
  std::vector<Fields> records;
  for (;;) {
    Fields fields;
    const auto next = json.next(
        [&](const NtopField& field) { fields[std::string(field.name)] = shown(field.value); });
    if (next == FlowJson::Next::kEnd) return records;
    records.push_back(next == FlowJson::Next::kBad ? Fields{{"!", ""}} : fields);
  }
}
const Fields kBad{{"!", ""}};

TEST(FlowJson, ReadsListsAndSingleObjects) {
  const Fields one{{"8", "'10.0.0.1'"}, {"1", "100"}};
  EXPECT_EQ(read(R"({"8":"10.0.0.1","1":100})"), (std::vector<Fields>{one}));
  EXPECT_EQ(read(R"([{"8":"10.0.0.1","1":100}])"), (std::vector<Fields>{one}));
  EXPECT_EQ(
      read(" [ { \"8\" : \"10.0.0.1\" ,\n\t\"1\" : 100 } , {\"8\":\"10.0.0.1\",\"1\":100}]\r\n"),
      (std::vector<Fields>{one, one}));
  EXPECT_EQ(read("{\"8\":\"10.0.0.1\",\"1\":100}\n{\"8\":\"10.0.0.1\",\"1\":100}\n"),
            (std::vector<Fields>{one, one}));
  EXPECT_EQ(read("{}"), std::vector<Fields>{Fields()});
  EXPECT_TRUE(read("").empty());
  EXPECT_TRUE(read("[]").empty());
  // Some programs count the zero byte at the end of their text.
  EXPECT_EQ(read(std::string_view("{\"1\":1}\0", 8)).size(), 1U);
}

TEST(FlowJson, ReadsNumbersOfAllKinds) {
  EXPECT_EQ(read(R"({"a":0,"b":-5,"c":18446744073709551615,"d":1.5,"e":1e3,"f":true,"g":null})"),
            (std::vector<Fields>{{{"a", "0"},
                                  {"b", "-5"},
                                  {"c", "18446744073709551615"},
                                  {"d", "1.5"},
                                  {"e", "1e3"},
                                  {"f", "true"},
                                  {"g", "null"}}}));
  // More than there is room for is no whole number.
  EXPECT_EQ(read(R"({"a":18446744073709551616,"b":-9223372036854775809})"),
            (std::vector<Fields>{{{"a", "18446744073709551616"}, {"b", "-9223372036854775809"}}}));
}

TEST(FlowJson, UnescapesText) {
  EXPECT_EQ(read(R"({"a":"x\"y\\z\/\n\t","b":"\u00e9\u20ac\ud83d\ude00","c":"\ud83d \uzzzz"})"),
            (std::vector<Fields>{{{"a", "'x\"y\\z/\n\t'"},
                                  {"b", "'\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80'"},
                                  {"c", "'\xef\xbf\xbd \xef\xbf\xbdzzzz'"}}}));
  EXPECT_EQ(read(R"({"\u0061b":1})"), (std::vector<Fields>{{{"ab", "1"}}}));
}

TEST(FlowJson, NamesMembersOfObjectsByTheirPath) {
  EXPECT_EQ(read(R"({"a":1,"P":{"PID":7,"X":{"Y":"z"}},"b":2})"),
            (std::vector<Fields>{{{"a", "1"}, {"P.PID", "7"}, {"P.X.Y", "'z'"}, {"b", "2"}}}));
}

TEST(FlowJson, PassesOverLists) {
  EXPECT_EQ(read(R"({"a":[1,[2,{"b":"]"}],"x\"]"],"c":3})"),
            (std::vector<Fields>{{{"a", ""}, {"c", "3"}}}));
}

TEST(FlowJson, GoesOnBehindARecordThatIsBroken) {
  const Fields good{{"1", "7"}};
  // An unescaped quote in a URL (ntopng #2366).
  EXPECT_EQ(read(R"([{"1":7},{"URL":"/a"b","1":8},{"1":7},{"1":7}])"),
            (std::vector<Fields>{good, kBad, good, good}));
  EXPECT_EQ(read(R"([{"1":7},{"URL":"/a"","1":8},{"1":7}])"),
            (std::vector<Fields>{good, kBad, good}));
  EXPECT_EQ(read(R"({"1":})"), std::vector<Fields>{kBad});
  EXPECT_EQ(read(R"([{"1":7)"), std::vector<Fields>{kBad});
  EXPECT_EQ(read(R"([{"1":"7)"), std::vector<Fields>{kBad});
  EXPECT_EQ(read("nonsense"), std::vector<Fields>{kBad});
  EXPECT_EQ(read(R"([7,{"1":7}])").back(), kBad);
}

TEST(FlowJson, BoundsDepthAndFields) {
  std::string deep = R"({"a":)";
  for (size_t i = 0; i < FlowJson::kMaxDepth; ++i) deep += R"({"a":)";
  EXPECT_EQ(read(deep + "1" + std::string(FlowJson::kMaxDepth + 1, '}')),
            std::vector<Fields>{kBad});
  const std::string list = R"({"a":)" + std::string(100'000, '[');
  EXPECT_EQ(read(list), std::vector<Fields>{kBad});
  std::string many = "{";
  for (size_t i = 0; i <= FlowJson::kMaxFields; ++i)
    many += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":1";
  EXPECT_EQ(read(many + "}"), std::vector<Fields>{kBad});
}

TEST(FlowJson, FindsKeysAgainWhateverTheirOrder) {
  NtopKeyCache keys;
  const std::string_view text =
      R"([{"8":"a","12":"b"},{"8":"a","12":"b"},{"12":"b","8":"a"},{"81":"a","1":"b"}])";
  FlowJson json(text, keys);
  std::vector<Element> elements;
  while (json.next([&](const NtopField& field) { elements.push_back(field.key.element); }) ==
         FlowJson::Next::kRecord) {
  }
  EXPECT_EQ(elements,
            (std::vector<Element>{Element::kSourceV4, Element::kDestinationV4, Element::kSourceV4,
                                  Element::kDestinationV4, Element::kDestinationV4,
                                  Element::kSourceV4, Element::kSourceMac, Element::kOctets}));
}

TEST(NtopKey, IsANameOrANumberOrAnEnterprisesNumber) {
  EXPECT_EQ(ntop_key("IPV4_SRC_ADDR").element, Element::kSourceV4);
  EXPECT_EQ(ntop_key("sourceIPv4Address").element, Element::kSourceV4);
  EXPECT_EQ(ntop_key("8").element, Element::kSourceV4);
  EXPECT_EQ(ntop_key("0.8").element, Element::kSourceV4);
  EXPECT_EQ(ntop_key("29305.1").element, Element::kReverseOctets);
  // Three ways to write ntop's own.
  for (const char* text : {"L7_PROTO_NAME", "57591", "35632.119", "35632.57591"}) {
    const NtopKey key = ntop_key(text);
    EXPECT_EQ(key.kind, NtopKey::Kind::kApplicationName) << text;
    EXPECT_EQ(key.enterprise, kNtopEnterprise) << text;
    EXPECT_EQ(key.id, 119U) << text;
  }
  EXPECT_EQ(ntop_key(57590).kind, NtopKey::Kind::kApplicationIds);
  EXPECT_EQ(ntop_key("96").kind, NtopKey::Kind::kApplicationName);
  // As printed text was broken and joined again.
  EXPECT_EQ(ntop_key("IPV4_D-ST_ADDR").element, Element::kDestinationV4);
  EXPECT_EQ(ntop_key("DST AS").element, Element::kDestinationAs);
  for (const char* text : {"", "DOMAIN_NAME", "8x", "1.2.3", "99999999999", "5.99999", "-8", ".8"})
    EXPECT_EQ(ntop_key(text), NtopKey()) << text;
}

}  // namespace
}  // namespace weir
