// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "base/byte_reader.h"
#include "collect/export_template.h"

namespace weir {

// What one template record of a set says.
struct TemplateRecord {
  uint16_t id = 0;
  TemplatePointer made;  // null: `error` says why, or it is a withdrawal
  ExportError error = ExportError::kNone;

  // RFC 7011, 8.1: no fields. The id of a set of templates instead of a template's means all.
  [[nodiscard]] bool is_withdrawal() const {
    return made == nullptr && error == ExportError::kNone;
  }
};

// What kinds of templates a set holds, by its id (RFC 3954, 5.2 and 6.1; RFC 7011, 3.3.2).
enum class TemplateSetKind : uint8_t { kData, kOptions };

// Calls take() for each template of a set whose header is left out, good or bad. Stops at padding,
// and at a record that does not end in the set: that is kTruncated, the only error that is
// returned. Each turn consumes bytes.
[[nodiscard]] ExportError read_template_set(ByteReader set, ExportVersion version,
                                            TemplateSetKind kind,
                                            const std::function<void(const TemplateRecord&)>& take);

}  // namespace weir
