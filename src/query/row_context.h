// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "query/cached_places.h"
#include "record/record_fields.h"

namespace weir {

// What the rows of one answer know beside their records. Owner: the thread that answers; it must
// outlive the rows' values.
class RowContext {
 public:
  // `places` may be null; `local_networks` must outlive it.
  RowContext(std::shared_ptr<const Places> places, const std::vector<Prefix>& local_networks)
      : local_networks_(&local_networks) {
    if (places != nullptr) places_ = std::make_unique<CachedPlaces>(std::move(places));
  }

  [[nodiscard]] RecordContext of(std::string_view interface, uint32_t shard) const {
    return {interface, shard, places_.get(), local_networks_};
  }
  [[nodiscard]] const Places* places() const { return places_.get(); }

 private:
  const std::vector<Prefix>* local_networks_;
  std::unique_ptr<CachedPlaces> places_;
};

}  // namespace weir
