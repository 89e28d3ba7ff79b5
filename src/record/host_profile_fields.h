// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "record/field_value.h"
#include "record/fields.gen.h"
#include "record/host_record.h"
#include "record/tcp_quality.h"

namespace weir {

// The fields of a host beside its counters: what its flows were. Monostate for the others, and for
// what the record does not say. Those that own no memory are with plain_profile_field().
[[nodiscard]] std::optional<PlainValue> plain_profile_field(const HostRecord& host,
                                                            HostField field);
[[nodiscard]] FieldValue profile_field(const HostRecord& host, HostField field);

// Whether a record needs its profile for the field, and whether that must be whole, with what the
// host's active flows add.
[[nodiscard]] bool is_of_profile(HostField field);
[[nodiscard]] bool is_of_whole_profile(HostField field);

// {"retransmissions", "out_of_order", "lost_segments" ...}, of a host as of an interface.
[[nodiscard]] Value tcp_answer(const TcpQuality& quality);

}  // namespace weir
