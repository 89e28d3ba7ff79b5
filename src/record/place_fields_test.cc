// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/place_fields.h"

#include <gtest/gtest.h>

#include "record/test_places.h"
#include "record/test_records.h"

namespace weir {
namespace {

using test_places::office_and_example;

const std::vector<Prefix> kLocal{*Prefix::parse("198.51.100.0/24"), *Prefix::parse("10.0.0.0/8")};

std::string flow_json(FlowField field, const RecordContext& context) {
  return to_json(to_value(flow_field(test_records::full_flow(), field, context)));
}
std::string host_json(HostField field, const RecordContext& context) {
  return to_json(to_value(host_field(test_records::full_host(), field, context)));
}

TEST(PlaceFields, OfAFlowAreThoseOfItsEnds) {
  const auto places = office_and_example();
  const RecordContext context{"eth0", 0, &places, &kLocal};
  const std::vector<std::pair<FlowField, std::string_view>> expected{
      {FlowField::kClientIsLocal, "true"},        {FlowField::kServerIsLocal, "false"},
      {FlowField::kClientCountry, "\"DE\""},      {FlowField::kServerCountry, "null"},
      {FlowField::kClientAsNumber, "null"},       {FlowField::kServerAsNumber, "64500"},
      {FlowField::kClientAsName, "null"},         {FlowField::kServerAsName, "\"Example Net\""},
      {FlowField::kClientNetwork, "\"office\""},  {FlowField::kServerNetwork, "null"},
      {FlowField::kClientMacVendor, "\"Maker\""}, {FlowField::kServerMacVendor, "null"}};
  for (const auto& [field, json] : expected)
    EXPECT_EQ(flow_json(field, context), json) << field_info(field).name;
}

TEST(PlaceFields, OfAHostAreThoseOfItsAddress) {
  const auto places = office_and_example();
  const RecordContext context{"eth0", 0, &places, &kLocal};
  const std::vector<std::pair<HostField, std::string_view>> expected{
      {HostField::kIsLocal, "true"},       {HostField::kCountry, "\"DE\""},
      {HostField::kAsNumber, "null"},      {HostField::kAsName, "null"},
      {HostField::kNetwork, "\"office\""}, {HostField::kMacVendor, "\"Maker\""}};
  for (const auto& [field, json] : expected)
    EXPECT_EQ(host_json(field, context), json) << field_info(field).name;
}

TEST(PlaceFields, AreUnknownWhereNobodyKnows) {
  for (const HostField field : {HostField::kIsLocal, HostField::kCountry, HostField::kAsNumber,
                                HostField::kAsName, HostField::kNetwork, HostField::kMacVendor})
    EXPECT_EQ(host_json(field, {}), "null") << field_info(field).name;
  const std::vector<Prefix> other{*Prefix::parse("192.0.2.0/24")};
  EXPECT_EQ(host_json(HostField::kIsLocal, {"", 0, nullptr, &other}), "false");
}

TEST(PlaceFields, AreLookedUpOnlyWhenAskedFor) {
  const auto places = office_and_example();
  const RecordContext context{"eth0", 0, &places, &kLocal};
  (void)flow_json(FlowField::kBytes, context);
  (void)flow_json(FlowField::kServerName, context);
  EXPECT_EQ(places.asked, 0U);
  (void)flow_json(FlowField::kServerCountry, context);
  EXPECT_EQ(places.asked, 1U);
}

}  // namespace
}  // namespace weir
