// SPDX-License-Identifier: GPL-3.0-or-later
#include "places/address_book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/test_folder.h"
#include "places/test_mmdb.h"

namespace weir {
namespace {

using test_mmdb::nested_as;
using test_mmdb::nested_country;
using test_mmdb::Writer;
using ::testing::HasSubstr;

class AddressBookTest : public ::testing::Test {
 protected:
  AddressBookTest() {
    options_.folders = {(folder_.path() / "none").string(), folder_.path().string()};
    options_.vendor_folder = (folder_.path() / "none").string();
  }
  void write_countries(const std::string& name, const std::string& country) {
    Writer writer("a country file");
    writer.add("192.0.2.0/24", nested_country(country, "Name of " + country));
    (void)writer.write((folder_.path() / name).string());
  }
  [[nodiscard]] std::shared_ptr<const AddressBook> open() {
    auto book = AddressBook::open(options_);
    EXPECT_TRUE(book.ok()) << (book ? "" : book.error().message);
    return book ? *book : nullptr;
  }
  static IpAddress address(const char* text) { return *IpAddress::parse(text); }

  test::TestFolder folder_;
  PlaceOptions options_;
};

TEST_F(AddressBookTest, SaysWhatToDoWithoutFiles) {
  const auto book = open();
  EXPECT_EQ(book->of(address("192.0.2.1")), Place{});
  EXPECT_THAT(book->why_no_countries(), HasSubstr("--country-db"));
  EXPECT_THAT(book->why_no_as(), HasSubstr("--as-db"));
  EXPECT_EQ(book->vendor({{0, 0x11, 0x22, 0, 0, 1}}), "");
  const Value files = book->files();
  EXPECT_THAT(*files["country"]["error"].as<std::string>(), HasSubstr("--country-db"));
  EXPECT_THAT(*files["vendors"]["error"].as<std::string>(), HasSubstr("ieee-data"));
}

TEST_F(AddressBookTest, PutsTogetherWhatItKnows) {
  write_countries("GeoLite2-Country.mmdb", "DE");
  Writer systems("GeoLite2-ASN");
  systems.add("192.0.0.0/16", nested_as(64500, "Example Net"));
  options_.as_file = systems.write((folder_.path() / "mine.mmdb").string());
  options_.networks = {*parse_named_network("lab=192.0.2.0/28")};
  std::ofstream((folder_.path() / "oui.csv").string()) << "MA-L,001122,Example,x\n";
  options_.vendor_folder = folder_.path().string();
  const auto book = open();
  EXPECT_EQ(book->of(address("192.0.2.1")), (Place{64500, country_code("DE"), 1}));
  EXPECT_EQ(book->of(address("192.0.2.16")), (Place{64500, country_code("DE"), 0}));
  EXPECT_EQ(book->of(address("192.0.3.1")), (Place{64500, 0, 0}));
  EXPECT_EQ(book->country_name(country_code("DE")), "Name of DE");
  EXPECT_EQ(book->as_name(64500), "Example Net");
  EXPECT_EQ(book->network_name(1), "lab");
  EXPECT_EQ(book->network_prefix(1), "192.0.2.0/28");
  EXPECT_EQ(book->network_name(0), "");
  EXPECT_EQ(book->network_name(2), "");
  EXPECT_EQ(book->vendor({{0, 0x11, 0x22, 0, 0, 1}}), "Example");
  EXPECT_EQ(book->why_no_countries(), "");
  EXPECT_EQ(*book->files()["country"]["file"].as<std::string>(),
            (folder_.path() / "GeoLite2-Country.mmdb").string());
}

TEST_F(AddressBookTest, TakesTheBestAndNewestFileItFinds) {
  write_countries("dbip-country-lite-2024-01.mmdb", "FR");
  write_countries("dbip-country-lite-2024-11.mmdb", "NL");
  write_countries("GeoLite2-City.mmdb", "US");
  write_countries("unrelated.mmdb", "CN");
  EXPECT_EQ(open()->of(address("192.0.2.1")).country, country_code("NL"));
  write_countries("GeoLite2-Country.mmdb", "DE");
  EXPECT_EQ(open()->of(address("192.0.2.1")).country, country_code("DE"));
}

TEST_F(AddressBookTest, RefusesAFileThatWasNamedAndLeavesOutOneThatWasFound) {
  std::ofstream((folder_.path() / "GeoLite2-Country.mmdb").string()) << "nonsense";
  EXPECT_THAT(open()->why_no_countries(), HasSubstr("GeoLite2-Country.mmdb"));
  options_.country_file = (folder_.path() / "GeoLite2-Country.mmdb").string();
  const auto refused = AddressBook::open(options_);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("--country-db"));
}

TEST_F(AddressBookTest, AnswersFromTheOldFileUntilItIsGone) {
  write_countries("GeoLite2-Country.mmdb", "DE");
  const auto before = open();
  write_countries("new.mmdb", "CN");
  std::filesystem::rename((folder_.path() / "new.mmdb").string(),
                          (folder_.path() / "GeoLite2-Country.mmdb").string());
  const auto after = open();
  EXPECT_EQ(before->of(address("192.0.2.1")).country, country_code("DE"));
  EXPECT_EQ(after->of(address("192.0.2.1")).country, country_code("CN"));
}

}  // namespace
}  // namespace weir
