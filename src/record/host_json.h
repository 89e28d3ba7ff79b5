// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "base/result.h"
#include "base/value.h"
#include "record/host_record.h"

namespace weir {

// A host as a JSON object from which the same host can be made (docs/archive.md): names and
// meanings are those of schema/fields.json where a field says the same. What only a live host has
// (rates, active flows) and what follows from the rest (sums, the operating system) is not in it.
// `estimator` tells by which secret peers and ports were estimated: "sets" of others mean nothing.
// REQUIRES: the profile is complete(), or has no applications.
[[nodiscard]] Value host_to_value(const HostRecord& host, std::string_view estimator);

// The host of such an object; members that are not known are passed over, those that are absent are
// 0 or empty. Times are exact to a quarter of a microsecond. Sets of another estimator are left
// out, and the host is_partial. Makes the numbers of applications that have none. Error: what is
// wrong.
[[nodiscard]] Result<HostRecord> host_from_value(const Value& value, std::string_view estimator);

// Adds what else is known of the same host, in other times or by another shard: `into` and `other`
// have complete profiles. Rates and active flows are left.
void merge_past(HostRecord& into, const HostRecord& other);

}  // namespace weir
