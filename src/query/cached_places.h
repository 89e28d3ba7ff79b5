// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <memory>
#include <utility>

#include "record/places.h"

namespace weir {

// Places for the time of one question: remembers what it was asked lately, since the fields of a
// row ask for the same address again and many flows share a server. Owner: one thread.
class CachedPlaces final : public Places {
 public:
  // REQUIRES: not null.
  explicit CachedPlaces(std::shared_ptr<const Places> places) : places_(std::move(places)) {}

  [[nodiscard]] Place of(const IpAddress& address) const override;
  // Spares of() a look-up: what it would say of the address.
  void remember(const IpAddress& address, const Place& place) const;
  // Whose answers these are.
  [[nodiscard]] const Places* source() const { return places_.get(); }
  [[nodiscard]] std::string_view country_name(CountryCode country) const override {
    return places_->country_name(country);
  }
  [[nodiscard]] std::string_view as_name(uint32_t as_number) const override {
    return places_->as_name(as_number);
  }
  [[nodiscard]] uint16_t network_count() const override { return places_->network_count(); }
  [[nodiscard]] std::string_view network_name(uint16_t network) const override {
    return places_->network_name(network);
  }
  [[nodiscard]] std::string network_prefix(uint16_t network) const override {
    return places_->network_prefix(network);
  }
  [[nodiscard]] std::string_view vendor(const MacAddress& mac) const override {
    return places_->vendor(mac);
  }
  [[nodiscard]] std::string_view why_no_countries() const override {
    return places_->why_no_countries();
  }
  [[nodiscard]] std::string_view why_no_as() const override { return places_->why_no_as(); }
  [[nodiscard]] Value files() const override { return places_->files(); }

 private:
  static constexpr size_t kEntries = 1024;  // a power of two
  struct Entry {
    IpAddress address;
    Place place;
    bool is_used = false;
  };

  [[nodiscard]] Entry& entry_of(const IpAddress& address) const;

  std::shared_ptr<const Places> places_;
  mutable std::array<Entry, kEntries> entries_;  // an address has one place
};

}  // namespace weir
