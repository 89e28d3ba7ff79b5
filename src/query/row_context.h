// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/cached_places.h"
#include "record/host_facts.h"
#include "record/host_record.h"
#include "record/record_fields.h"

namespace weir {

// What the rows of one answer know beside their records. Owner: the thread that answers; it must
// outlive the rows' values.
class RowContext {
 public:
  using ReverseName = std::function<std::string(const IpAddress&)>;

  // `places` and `reverse_name` may be null; `local_networks` and `reverse_name` must outlive it.
  RowContext(std::shared_ptr<const Places> places, const std::vector<Prefix>& local_networks,
             const ReverseName* reverse_name = nullptr)
      : local_networks_(&local_networks), reverse_name_(reverse_name) {
    if (places != nullptr) places_ = std::make_unique<CachedPlaces>(std::move(places));
  }

  [[nodiscard]] RecordContext of(std::string_view interface, uint32_t shard) const {
    return {interface, shard, places_.get(), local_networks_};
  }
  [[nodiscard]] const CachedPlaces* places() const { return places_.get(); }
  // Adds to what is known of a host the name that a name server told.
  void add_reverse_name(HostRecord& host) const {
    if (reverse_name_ == nullptr || !*reverse_name_) return;
    std::string name = (*reverse_name_)(host.key.address);
    if (!name.empty()) add_fact(host.profile.facts, {HostFactKind::kReverseName, std::move(name)});
  }

 private:
  const std::vector<Prefix>* local_networks_;
  const ReverseName* reverse_name_;
  std::unique_ptr<CachedPlaces> places_;
};

}  // namespace weir
