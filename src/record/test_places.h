// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "net/prefix.h"
#include "record/places.h"

namespace weir::test_places {

// Places as a test writes them down: the first network that holds an address says where it belongs.
// AS 64500 is "Example Net", country DE "Germany", network 1 "office" (10.1.0.0/16).
class FakePlaces final : public Places {
 public:
  struct Known {
    Prefix prefix;
    Place place;
  };
  explicit FakePlaces(std::vector<Known> known) : known_(std::move(known)) {}

  [[nodiscard]] Place of(const IpAddress& address) const override {
    ++asked;
    for (const Known& one : known_) {
      if (one.prefix.contains(address)) return one.place;
    }
    return {};
  }
  [[nodiscard]] std::string_view country_name(CountryCode country) const override {
    return country == country_code("DE") ? "Germany" : "";
  }
  [[nodiscard]] std::string_view as_name(uint32_t as_number) const override {
    return as_number == 64500 ? "Example Net" : "";
  }
  [[nodiscard]] uint16_t network_count() const override { return 1; }
  [[nodiscard]] std::string_view network_name(uint16_t network) const override {
    return network == 1 ? "office" : "";
  }
  [[nodiscard]] std::string network_prefix(uint16_t network) const override {
    return network == 1 ? "10.1.0.0/16" : "";
  }
  [[nodiscard]] std::string_view vendor(const MacAddress& mac) const override {
    const bool is_made = mac.bytes[0] == 4 && mac.bytes[1] == 0 && mac.bytes[2] == 1;
    return is_made ? "Maker" : "";
  }
  [[nodiscard]] std::string_view why_no_countries() const override { return ""; }
  [[nodiscard]] std::string_view why_no_as() const override { return "no AS file"; }
  [[nodiscard]] Value files() const override {
    Value answer;
    answer.set("country", "a file");
    return answer;
  }

  mutable size_t asked = 0;  // how often of() was called; for tests of one thread

 private:
  std::vector<Known> known_;
};

// 10.1.0.0/16 is the office in Germany, 192.0.2.0/24 AS 64500.
inline FakePlaces office_and_example() {
  return FakePlaces({{*Prefix::parse("10.1.0.0/16"), {0, country_code("DE"), 1}},
                     {*Prefix::parse("192.0.2.0/24"), {64500, 0, 0}}});
}

// 10.0.0.1 and 10.0.0.3 are in the office in Germany, 192.0.2.0/24 is AS 64500 in France.
inline FakePlaces two_in_the_office() {
  return FakePlaces({{*Prefix::parse("10.0.0.1/32"), {0, country_code("DE"), 1}},
                     {*Prefix::parse("10.0.0.3/32"), {0, country_code("DE"), 1}},
                     {*Prefix::parse("192.0.2.0/24"), {64500, country_code("FR"), 0}}});
}

}  // namespace weir::test_places
