// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/seen_flow.h"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "query/test_traffic.h"
#include "record/record_fields.h"
#include "record/test_places.h"

namespace weir {
namespace {

using test_places::FakePlaces;
using test_traffic::a_second_of_traffic;
using test_traffic::feed;
using test_traffic::watch;

const std::vector<Prefix> kNoNetworks;

std::shared_ptr<FakePlaces> some_places() {
  return std::make_shared<FakePlaces>(test_places::two_in_the_office());
}

// The ids of the flows that a filter finds.
std::vector<std::string> seen_by(const Interface& interface, const RowContext& context,
                                 const Filter& filter, FlowDetail detail) {
  std::vector<std::string> found;
  for (uint32_t i = 0; i < interface.shards().size(); ++i) {
    SeenFlow seen(interface, i, context, filter, detail);
    interface.shards()[i]->flows().visit_live([&](uint32_t slot) {
      if (seen.look(slot) && seen.matches())
        found.push_back(to_text(seen.field(static_cast<uint8_t>(FlowField::kId))));
    });
  }
  return found;
}

std::vector<std::string> found_in_records(const Interface& interface, const RowContext& context,
                                          const Filter& filter) {
  std::vector<std::string> found;
  const auto visit = [&](const FlowRecord& flow, uint32_t shard) {
    const auto get = [&](uint8_t field) {
      return flow_field(flow, static_cast<FlowField>(field), context.of(interface.id(), shard));
    };
    if (filter.matches(get)) found.push_back(flow_id_text(flow.id, shard));
  };
  visit_flows(interface, visit, FlowDetail::kAll);
  return found;
}

class SeenFlowFilters : public ::testing::TestWithParam<const char*> {};

TEST_P(SeenFlowFilters, FindWhatTheyFindInRecords) {
  const std::shared_ptr<FakePlaces> places = some_places();
  const auto filter = Filter::parse(GetParam(), Entity::kFlow);
  ASSERT_TRUE(filter.ok());
  const std::vector<Prefix> local{*Prefix::parse("10.0.0.0/8")};
  for (const uint32_t shards : {1U, 2U}) {
    const auto eth0 = watch("eth0", a_second_of_traffic(), shards, 3, nullptr, places);
    // Once by what the table of hosts knows of places and once by the places themselves.
    for (const std::shared_ptr<FakePlaces>& told : {places, some_places()}) {
      const RowContext context(told, local);
      const auto expected = found_in_records(*eth0, context, *filter);
      EXPECT_FALSE(expected.empty());
      for (const FlowDetail detail : {FlowDetail::kCounters, FlowDetail::kAll})
        EXPECT_EQ(seen_by(*eth0, context, *filter, detail), expected);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, SeenFlowFilters,
    ::testing::Values("office", "Maker", "Example", "country = FR", "client_country = DE",
                      "server_as_number = 64500 or network = office", "not server_country exists",
                      "10.0.0.", "TLS", "udp", "application = DNS or state ~ e",
                      "confidence = port",
                      "client_mac_vendor = Maker and not server_network exists", "eth0",
                      "server_ip in 192.0.2.0/24 and country = FR", "local = false"));

TEST(SeenFlowPlaces, AreReadInTheTable) {
  const std::shared_ptr<FakePlaces> places = some_places();
  const auto eth0 = watch("eth0", a_second_of_traffic(), 1, 0, nullptr, places);
  const RowContext context(places, kNoNetworks);
  const auto filter = Filter::parse("country = FR or office", Entity::kFlow);
  places->asked = 0;
  EXPECT_FALSE(seen_by(*eth0, context, *filter, FlowDetail::kCounters).empty());
  EXPECT_EQ(places->asked, 0U);
}

TEST(SeenFlowPlaces, AreNotThoseOfAnotherFlow) {
  const std::shared_ptr<FakePlaces> places = some_places();
  const auto eth0 = watch("eth0", {{.source = "10.0.0.1"}}, 1, 0, nullptr, places);
  Shard& shard = *eth0->shards().front();
  const RowContext context(places, kNoNetworks);
  const auto filter = Filter::parse("country = DE", Entity::kFlow);
  SeenFlow seen(*eth0, 0, context, *filter, FlowDetail::kCounters);
  uint32_t first = 0;
  shard.flows().visit_live([&](uint32_t slot) { first = slot; });
  ASSERT_TRUE(seen.look(first));
  // It ends, its hosts are forgotten, and others come into the slots.
  for (int i = 0; i < 1000 && shard.hosts().live() > 0; ++i) (void)shard.idle({9000, 0});
  feed(shard, {{.source = "192.0.2.1", .destination = "192.0.2.2", .when = {9001, 0}}});
  EXPECT_FALSE(shard.known_places(seen.record().id).has_value());
  EXPECT_TRUE(seen.matches());
  ASSERT_TRUE(seen.look(first));
  EXPECT_FALSE(seen.matches());
}

}  // namespace
}  // namespace weir
