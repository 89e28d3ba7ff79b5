// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/known_places.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/test_folder.h"
#include "places/test_mmdb.h"

namespace weir {
namespace {

using test_mmdb::nested_country;
using test_mmdb::Writer;

class KnownPlacesTest : public ::testing::Test {
 protected:
  KnownPlacesTest() { tables_.places.folders = {folder_.path().string()}; }
  std::string write_country(const char* code) {
    Writer writer("countries");
    writer.add("192.0.2.0/24", nested_country(code, "somewhere"));
    const std::string path = (folder_.path() / "my.mmdb").string();
    (void)writer.write(path + ".new");
    std::filesystem::rename(path + ".new", path);
    return path;
  }
  static std::string country(const Places& places) {
    return country_letters(places.of(*IpAddress::parse("192.0.2.1")).country);
  }

  test::TestFolder folder_;
  TableOptions tables_;
};

TEST_F(KnownPlacesTest, NeedNoFiles) {
  const auto known = KnownPlaces::load(tables_);
  ASSERT_TRUE(known.ok());
  EXPECT_FALSE(names_place_file(tables_));
  EXPECT_EQ(country(*(*known)->get()), "");
  EXPECT_NE((*known)->get()->why_no_countries(), "");
}

TEST_F(KnownPlacesTest, RefuseAFileThatWasNamedAndIsNotThere) {
  tables_.places.country_file = (folder_.path() / "none.mmdb").string();
  EXPECT_TRUE(names_place_file(tables_));
  const auto known = KnownPlaces::load(tables_);
  ASSERT_FALSE(known.ok());
  EXPECT_NE(known.error().message.find("--country-db"), std::string::npos) << known.error().message;
}

TEST_F(KnownPlacesTest, NameLocalNetworksByTheirPrefixes) {
  tables_.places.networks = {{"office", *Prefix::parse("10.1.0.0/16")}};
  tables_.local_networks = {*Prefix::parse("10.0.0.0/8"), *Prefix::parse("10.1.0.0/16")};
  const auto places = load_places(tables_);
  ASSERT_TRUE(places.ok());
  const auto network = [&](const char* address) {
    return (*places)->network_name((*places)->of(*IpAddress::parse(address)).network);
  };
  EXPECT_EQ(network("10.1.2.3"), "office");
  EXPECT_EQ(network("10.2.2.3"), "10.0.0.0/8");
  EXPECT_EQ(network("192.0.2.1"), "");
}

TEST_F(KnownPlacesTest, ReadAFileAgain) {
  tables_.places.country_file = write_country("DE");
  auto known = KnownPlaces::load(tables_);
  ASSERT_TRUE(known.ok());
  const auto before = (*known)->get();
  EXPECT_EQ(country(*before), "DE");
  write_country("FR");
  ASSERT_TRUE((*known)->reload(tables_).ok());
  EXPECT_EQ(country(*(*known)->get()), "FR");
  EXPECT_EQ(country(*before), "DE");  // who is still looking things up is not disturbed
}

TEST_F(KnownPlacesTest, StayAsTheyAreWhenTheNewFileIsWrong) {
  tables_.places.country_file = write_country("DE");
  auto known = KnownPlaces::load(tables_);
  ASSERT_TRUE(known.ok());
  std::filesystem::remove(tables_.places.country_file);
  EXPECT_FALSE((*known)->reload(tables_).ok());
  EXPECT_EQ(country(*(*known)->get()), "DE");
}

}  // namespace
}  // namespace weir
