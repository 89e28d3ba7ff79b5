// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <mutex>

#include "app/options.h"
#include "base/result.h"
#include "record/places.h"

namespace weir {

// What is known of addresses, as of the last time the files were read. Thread-safe.
class KnownPlaces {
 public:
  // Errors: a file that was named cannot be used.
  static Result<std::unique_ptr<KnownPlaces>> load(const TableOptions& tables);

  [[nodiscard]] std::shared_ptr<const Places> get() const {
    const std::lock_guard lock(mutex_);
    return places_;
  }
  // Reads the files again. What is wrong with one leaves everything as it was, and is the error.
  Result<void> reload(const TableOptions& tables);

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Places> places_;
};

// The address book of the options: the networks of --network, then those of --local by their
// prefixes.
[[nodiscard]] Result<std::shared_ptr<const Places>> load_places(const TableOptions& tables);

// Whether a file was named that may be read again.
[[nodiscard]] bool names_place_file(const TableOptions& tables);

}  // namespace weir
