// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "record/record_fields.h"

namespace weir {

// The fields of schema/fields.json that tell where addresses belong, which the records do not know:
// looked up when they are asked for. Nothing when the field is another one; whether they are ours
// is for itself.
[[nodiscard]] PlainValue is_local(const IpAddress& address, const RecordContext& context);
[[nodiscard]] std::optional<FieldValue> place_field(const FlowRecord& flow, FlowField field,
                                                    const RecordContext& context);
[[nodiscard]] std::optional<FieldValue> place_field(const HostRecord& host, HostField field,
                                                    const RecordContext& context);

}  // namespace weir
