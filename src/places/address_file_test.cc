// SPDX-License-Identifier: GPL-3.0-or-later
#include "places/address_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "base/test_folder.h"
#include "base/test_sanitizer.h"
#include "places/test_mmdb.h"
#include "record/places.h"

#if defined(WEIR_UNDER_ADDRESS_SANITIZER)
#include <sanitizer/lsan_interface.h>
#endif

namespace weir {
namespace {

// libmaxminddb 1.7 loses a few kilobytes of its own when the description of a file is broken
// (populate_description_metadata returns without freeing its list), once for each file it refuses.
// Only opens of broken files stand under this; those of whole ones are checked for leaks.
class LibraryMayLeak {
#if defined(WEIR_UNDER_ADDRESS_SANITIZER)
  __lsan::ScopedDisabler disabler_;
#endif
};

using test_mmdb::Map;
using test_mmdb::nested_as;
using test_mmdb::nested_country;
using test_mmdb::Writer;
using ::testing::HasSubstr;
using Tells = AddressFile::Tells;

class AddressFileTest : public ::testing::Test {
 protected:
  std::unique_ptr<AddressFile> open(const Writer& writer, Tells tells) {
    auto file = AddressFile::open(writer.write(path("x.mmdb")), tells);
    EXPECT_TRUE(file.ok()) << (file ? "" : file.error().message);
    return file ? std::move(*file) : nullptr;
  }
  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder_.path() / name).string();
  }
  // Of bytes that are a file.
  Result<std::unique_ptr<AddressFile>> open_bytes(const std::string& bytes, Tells tells) {
    std::ofstream(path("y.mmdb"), std::ios::binary) << bytes;
    return AddressFile::open(path("y.mmdb"), tells);
  }
  static IpAddress address(const char* text) { return *IpAddress::parse(text); }
  static std::string country(const AddressFile& file, const char* text) {
    return country_letters(static_cast<CountryCode>(file.find(address(text))));
  }

  test::TestFolder folder_;
};

TEST_F(AddressFileTest, ReadsTheNestedLayout) {
  Writer writer("GeoLite2-Country");
  writer.add("192.0.2.0/24", nested_country("DE", "Germany"))
      .add("198.51.100.0/25", nested_country("CN", "China"))
      .add("2001:db8::/32", nested_country("US", "United States"));
  const auto file = open(writer, Tells::kCountry);
  EXPECT_EQ(country(*file, "192.0.2.77"), "DE");
  EXPECT_EQ(country(*file, "198.51.100.127"), "CN");
  EXPECT_EQ(country(*file, "198.51.100.128"), "");
  EXPECT_EQ(country(*file, "2001:db8::1"), "US");
  EXPECT_EQ(country(*file, "2001:db9::1"), "");
  EXPECT_EQ(file->name(country_code("CN")), "China");
  EXPECT_EQ(file->name(country_code("FR")), "");
  EXPECT_EQ(file->type(), "GeoLite2-Country");
  EXPECT_EQ(file->built(), 1'700'000'000U);
  EXPECT_EQ(file->records(), 3U);
}

TEST_F(AddressFileTest, TakesTheRegisteredCountryWhereThereIsNoOther) {
  Writer writer("GeoLite2-Country");
  writer.add("192.0.2.0/24", Map{{"registered_country", Map{{"iso_code", "FR"}}}});
  EXPECT_EQ(country(*open(writer, Tells::kCountry), "192.0.2.1"), "FR");
}

TEST_F(AddressFileTest, ReadsTheFlatLayouts) {
  Writer writer("ipinfo country_asn.mmdb");
  writer
      .add("192.0.2.0/24", Map{{"country", "DE"},
                               {"country_name", "Germany"},
                               {"asn", "AS64500"},
                               {"as_name", "Example Net"}})
      .add("198.51.100.0/24", Map{{"country_code", "us"},
                                  {"country", "United States"},
                                  {"asn", 64501U},
                                  {"name", "Other Net"}});
  const auto countries = open(writer, Tells::kCountry);
  EXPECT_EQ(country(*countries, "192.0.2.1"), "DE");
  EXPECT_EQ(country(*countries, "198.51.100.1"), "US");
  EXPECT_EQ(countries->name(country_code("DE")), "Germany");
  EXPECT_EQ(countries->name(country_code("US")), "United States");
  const auto systems = open(writer, Tells::kAs);
  EXPECT_EQ(systems->find(address("192.0.2.1")), 64500U);
  EXPECT_EQ(systems->find(address("198.51.100.1")), 64501U);
  EXPECT_EQ(systems->name(64500), "Example Net");
  EXPECT_EQ(systems->name(64501), "Other Net");
  EXPECT_EQ(systems->name(1), "");
}

TEST_F(AddressFileTest, ReadsAutonomousSystemsOfGeoLite) {
  Writer writer("GeoLite2-ASN");
  writer.add("192.0.2.0/24", nested_as(64500, "Example Net"))
      .add("2001:db8::/32", nested_as(64501, "Six"));
  const auto file = open(writer, Tells::kAs);
  EXPECT_EQ(file->find(address("192.0.2.200")), 64500U);
  EXPECT_EQ(file->find(address("2001:db8:ffff::")), 64501U);
  EXPECT_EQ(file->find(address("203.0.113.1")), 0U);
  EXPECT_EQ(file->name(64501), "Six");
}

TEST_F(AddressFileTest, IgnoresValuesThatMakeNoSense) {
  Writer writer("odd");
  writer.add("192.0.2.0/24", Map{{"country", "Germany"}, {"asn", "AS"}})
      .add("198.51.100.0/24", Map{{"country", Map{{"iso_code", "D1"}}}, {"asn", "AS12x"}})
      .add("203.0.113.0/24", Map{{"country_code", "NL"}, {"asn", "AS99999999999"}})
      .add("192.88.99.0/24", Map{{"asn", 7U}});
  const auto countries = open(writer, Tells::kCountry);
  EXPECT_EQ(country(*countries, "192.0.2.1"), "");
  EXPECT_EQ(country(*countries, "198.51.100.1"), "");
  EXPECT_EQ(country(*countries, "203.0.113.1"), "NL");
  const auto systems = open(writer, Tells::kAs);
  EXPECT_EQ(systems->find(address("192.0.2.1")), 0U);
  EXPECT_EQ(systems->find(address("198.51.100.1")), 0U);
  EXPECT_EQ(systems->find(address("203.0.113.1")), 0U);
}

TEST_F(AddressFileTest, SaysWhatIsWrong) {
  const auto missing = AddressFile::open(path("none.mmdb"), Tells::kCountry);
  ASSERT_FALSE(missing.ok());
  EXPECT_THAT(missing.error().message, HasSubstr("No such file"));
  const auto text = open_bytes("this is no database\n", Tells::kCountry);
  ASSERT_FALSE(text.ok());
  EXPECT_THAT(text.error().message, HasSubstr("y.mmdb"));
  EXPECT_FALSE(open_bytes("", Tells::kCountry).ok());
  Writer systems("GeoLite2-ASN");
  systems.add("192.0.2.0/24", nested_as(64500, "Example Net"));
  const auto other = open_bytes(systems.file(), Tells::kCountry);
  ASSERT_FALSE(other.ok());
  EXPECT_THAT(other.error().message, HasSubstr("tell no country"));
}

// Every byte changed and every length cut: an error or wrong answers, never harm.
TEST_F(AddressFileTest, SurvivesBrokenFiles) {
  Writer writer("x");
  writer.add("192.0.2.0/24", nested_country("DE", "Germany"))
      .add("2001:db8::/32", Map{{"country", "US"}});
  const std::string whole = writer.file();
  const auto try_out = [&](const std::string& bytes) {
    [[maybe_unused]] const LibraryMayLeak while_it_refuses;
    const auto file = open_bytes(bytes, Tells::kCountry);
    if (!file) {
      EXPECT_FALSE(file.error().message.empty());
      return;
    }
    for (const char* text : {"192.0.2.1", "2001:db8::1", "0.0.0.0", "::", "255.255.255.255"})
      EXPECT_LE((*file)->find(address(text)), uint32_t{kMaxCountryCode});
  };
  std::mt19937 random(1);
  const size_t data = whole.size() - 400;  // the tree before it is dull
  for (size_t i = 0; i < whole.size(); i += i < data ? 7 : 1) {
    std::string bytes = whole;
    bytes[i] = static_cast<char>(random());
    try_out(bytes);
    try_out(whole.substr(0, i));
  }
}

// A node that is its own child.
TEST_F(AddressFileTest, EndsWhereTheTreeGoesInCircles) {
  Writer writer("x");
  writer.add("192.0.2.0/24", nested_country("DE", "Germany"));
  std::string bytes = writer.file();
  bytes.replace(0, 6, std::string(6, '\0'));
  const auto file = open_bytes(bytes, Tells::kCountry);
  EXPECT_TRUE(!file.ok() || (*file)->find(address("10.0.0.1")) == 0);
}

}  // namespace
}  // namespace weir
