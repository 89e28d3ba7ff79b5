// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/seen_host.h"

#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "query/scan.h"
#include "query/test_traffic.h"
#include "record/fields.gen.h"
#include "record/record_fields.h"
#include "record/test_places.h"

namespace weir {
namespace {

using test_places::FakePlaces;
using test_traffic::a_second_of_traffic;
using test_traffic::feed;
using test_traffic::watch;
using Part = SeenHost::Part;

constexpr auto index_of(HostField field) {
  return static_cast<uint8_t>(field);
}

class SeenHostTest : public ::testing::TestWithParam<Part> {
 protected:
  Shard& shard() { return *interface_->shards().front(); }
  uint32_t first_slot() {
    std::optional<uint32_t> first;
    shard().hosts().visit_live([&](uint32_t slot) { first = first.value_or(slot); });
    return first.value_or(HostTable::kOther);
  }
  // All hosts are forgotten, and two others come into their slots.
  void let_others_come() {
    for (int i = 0; i < 1000 && shard().hosts().live() > 0; ++i) (void)shard().idle({9000, 0});
    ASSERT_EQ(shard().hosts().live(), 0U);
    feed(shard(), {{.source = "192.0.2.1", .destination = "192.0.2.2", .when = {9001, 0}}});
  }

  std::unique_ptr<Interface> interface_ = watch("eth0", {{}});
  const std::vector<Prefix> local_{};
  const RowContext context_{nullptr, local_};
  const Filter filter_{};
  SeenHost seen_{*interface_, context_, filter_, GetParam()};
};

TEST_P(SeenHostTest, ReadsWhatIsAskedFor) {
  ASSERT_TRUE(seen_.look(first_slot()));
  EXPECT_EQ(seen_.field(index_of(HostField::kBytes)), FieldValue(uint64_t{100}));
  EXPECT_EQ(seen_.field(index_of(HostField::kPackets)), FieldValue(uint64_t{1}));
  EXPECT_NE(seen_.field(index_of(HostField::kPeersAsClient)).index() +
                seen_.field(index_of(HostField::kPeersAsServer)).index(),
            0U);
  EXPECT_TRUE(seen_.read_counters());
}

TEST_P(SeenHostTest, IsNeverTwoHosts) {
  for (const HostField more :
       {HostField::kFlows, HostField::kPackets, HostField::kPeersAsClient, HostField::kBytes}) {
    interface_ = watch("eth0", {{}});
    SeenHost seen(*interface_, context_, filter_, GetParam());
    const uint32_t slot = first_slot();
    ASSERT_TRUE(seen.look(slot));
    const HostKey key = seen.record().key;
    let_others_come();
    ASSERT_EQ(first_slot(), slot);
    const bool is_read_already =
        more != HostField::kPeersAsClient && SeenHost::part_of(index_of(more)) <= GetParam();
    EXPECT_EQ(std::holds_alternative<std::monostate>(seen.field(index_of(more))), !is_read_already);
    EXPECT_EQ(seen.read_counters(), is_read_already && GetParam() == Part::kCounters);
    if (is_read_already && GetParam() == Part::kCounters) {
      EXPECT_EQ(seen.record().key, key);
    }
    ASSERT_TRUE(seen.look(slot));
    EXPECT_NE(seen.record().key, key);
    EXPECT_TRUE(seen.read_counters());
  }
}

INSTANTIATE_TEST_SUITE_P(From, SeenHostTest,
                         ::testing::Values(Part::kIdentity, Part::kGlance, Part::kCounters));

const std::vector<Prefix> kNoNetworks;

std::shared_ptr<FakePlaces> some_places() {
  return std::make_shared<FakePlaces>(test_places::two_in_the_office());
}

// The hosts that a filter finds, by the addresses.
std::vector<std::string> seen_by(const Interface& interface, const RowContext& context,
                                 const Filter& filter, Part least) {
  std::vector<std::string> found;
  SeenHost seen(interface, context, filter, least);
  interface.shards().front()->hosts().visit_live([&](uint32_t slot) {
    if (seen.look(slot) && seen.matches()) found.push_back(host_key_text(seen.record().key));
  });
  return found;
}

std::vector<std::string> found_in_records(const Interface& interface, const RowContext& context,
                                          const Filter& filter) {
  std::vector<std::string> found;
  const auto visit = [&](const HostRecord& host) {
    const auto get = [&](uint8_t field) {
      return host_field(host, static_cast<HostField>(field), context.of(interface.id(), 0));
    };
    if (filter.matches(get)) found.push_back(host_key_text(host.key));
  };
  visit_hosts(interface, visit, HostDetail::kAll);
  return found;
}

class SeenHostFilters : public ::testing::TestWithParam<const char*> {};

TEST_P(SeenHostFilters, FindWhatTheyFindInWholeRecords) {
  const std::shared_ptr<FakePlaces> places = some_places();
  const auto eth0 = watch("eth0", a_second_of_traffic(), 1, 0, nullptr, places);
  const std::vector<Prefix> local{*Prefix::parse("10.0.0.0/8")};
  const auto filter = Filter::parse(GetParam(), Entity::kHost);
  ASSERT_TRUE(filter.ok());
  // Once by what the table of hosts knows of places and once by the places themselves.
  for (const std::shared_ptr<FakePlaces>& told : {places, some_places()}) {
    const RowContext context(told, local);
    const auto expected = found_in_records(*eth0, context, *filter);
    EXPECT_FALSE(expected.empty());
    EXPECT_LT(expected.size(), eth0->shards().front()->hosts().live());
    for (const Part least : {Part::kIdentity, Part::kGlance, Part::kCounters})
      EXPECT_EQ(seen_by(*eth0, context, *filter, least), expected);
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, SeenHostFilters,
    ::testing::Values("office", "Maker", "Example", "country = FR and bytes > 0", "as = 64500",
                      "mac_vendor = Maker or network = office", "not country exists", "10.0.0.",
                      "peers_as_client > 1", "ports_served > 0 and peers_as_server > 0",
                      "local = true and peers_as_client exists", "flows > 0 and not office",
                      "country in (FR, US) or mac = 04:00:03:00:00:03",
                      "bytes > 150 and 10.0.0.0/8", "packets > 1 and ports_contacted > 0"));

TEST(SeenHostPlaces, AreReadInTheTable) {
  const std::shared_ptr<FakePlaces> places = some_places();
  const auto eth0 = watch("eth0", a_second_of_traffic(), 1, 0, nullptr, places);
  const RowContext context(places, kNoNetworks);
  const auto filter = Filter::parse("country = DE or office", Entity::kHost);
  places->asked = 0;
  EXPECT_EQ(seen_by(*eth0, context, *filter, Part::kIdentity).size(), 2U);
  EXPECT_EQ(places->asked, 0U);
}

TEST(SeenHostPlaces, AreLookedUpUntilTheTableKnowsThem) {
  const auto eth0 = watch("eth0", a_second_of_traffic(), 1, 0, nullptr, some_places());
  Shard& shard = *eth0->shards().front();
  const auto moved = std::make_shared<FakePlaces>(std::vector<FakePlaces::Known>{
      {*Prefix::parse("10.0.0.1/32"), {64500, country_code("FR"), 0}}});
  const RowContext context(moved, kNoNetworks);
  const auto filter = Filter::parse("country = FR", Entity::kHost);
  const auto found = [&] { return seen_by(*eth0, context, *filter, Part::kIdentity); };
  const std::vector<std::string> expected{"10.0.0.1"};
  EXPECT_EQ(found(), expected);
  shard.use_places(moved);
  EXPECT_EQ(found(), expected);
  EXPECT_GT(moved->asked, 0U);
  EXPECT_FALSE(shard.has_placed_by(moved.get()));
  for (int i = 0; i < 100 && !shard.has_placed_by(moved.get()); ++i) (void)shard.idle({1002, 0});
  ASSERT_TRUE(shard.has_placed_by(moved.get()));
  moved->asked = 0;
  EXPECT_EQ(found(), expected);
  EXPECT_EQ(moved->asked, 0U);
}

TEST(SeenHostPlaces, AreNotThoseOfWhoeverCameInstead) {
  const std::shared_ptr<FakePlaces> places = some_places();
  const auto eth0 = watch("eth0", {{}}, 1, 0, nullptr, places);
  Shard& shard = *eth0->shards().front();
  const RowContext context(places, kNoNetworks);
  const auto filter = Filter::parse("peers_as_client > 2 or country = FR", Entity::kHost);
  SeenHost seen(*eth0, context, *filter, Part::kCounters);
  uint32_t slot = 0;
  shard.hosts().visit_live([&](uint32_t live) { slot = live; });
  ASSERT_TRUE(seen.look(slot));
  for (int i = 0; i < 1000 && shard.hosts().live() > 0; ++i) (void)shard.idle({9000, 0});
  feed(shard, {{.source = "192.0.2.1", .destination = "192.0.2.2", .when = {9001, 0}}});
  EXPECT_FALSE(seen.matches());
  EXPECT_FALSE(seen.read_counters());
  ASSERT_TRUE(seen.look(slot));
  EXPECT_TRUE(seen.matches());
}

TEST(SeenHostSets, AreNotThoseOfTheHostBefore) {
  const auto eth0 = watch("eth0", a_second_of_traffic());
  const RowContext context(nullptr, kNoNetworks);
  const Filter filter;
  SeenHost seen(*eth0, context, filter, Part::kIdentity);
  size_t with_peers = 0;
  eth0->shards().front()->hosts().visit_live([&](uint32_t slot) {
    ASSERT_TRUE(seen.look(slot));
    for (const DistinctSet& set : seen.record().profile.sets) EXPECT_TRUE(set.empty());
    (void)seen.field(index_of(HostField::kPeersAsClient));
    with_peers += seen.record().profile.set(HostSet::kServers).empty() ? 0 : 1;
  });
  EXPECT_GT(with_peers, 0U);
}

}  // namespace
}  // namespace weir
