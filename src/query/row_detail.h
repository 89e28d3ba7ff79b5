// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "record/fields.gen.h"
#include "record/host_profile_fields.h"
#include "record/record_fields.h"

namespace weir {

// Which fields, by their indices, only a full snapshot of a flow or the profile of a host knows,
// which cost more than the counters.
[[nodiscard]] inline bool is_flow_detail(uint8_t index) {
  const auto field = static_cast<FlowField>(index);
  return is_of_transactions(field) || metadata_field_of(field).has_value() ||
         field == FlowField::kScore;
}
[[nodiscard]] inline bool is_host_detail(uint8_t index) {
  return is_of_profile(static_cast<HostField>(index));
}

}  // namespace weir
