// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/known_places.h"

#include <utility>

#include "places/address_book.h"

namespace weir {

Result<std::shared_ptr<const Places>> load_places(const TableOptions& tables) {
  PlaceOptions options = tables.places;
  for (const Prefix& network : tables.local_networks)
    options.networks.push_back({network.to_string(), network});
  auto book = AddressBook::open(options);
  if (!book) return book.error();
  return std::shared_ptr<const Places>(std::move(*book));
}

bool names_place_file(const TableOptions& tables) {
  return !tables.places.country_file.empty() || !tables.places.as_file.empty();
}

Result<std::unique_ptr<KnownPlaces>> KnownPlaces::load(const TableOptions& tables) {
  auto known = std::make_unique<KnownPlaces>();
  if (auto loaded = known->reload(tables); !loaded) return loaded.error();
  return known;
}

Result<void> KnownPlaces::reload(const TableOptions& tables) {
  auto places = load_places(tables);
  if (!places) return places.error();
  const std::lock_guard lock(mutex_);
  places_ = std::move(*places);
  return {};
}

}  // namespace weir
