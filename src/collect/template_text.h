// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "collect/exporter_table.h"

namespace weir {

// Templates as lines of text, so that they outlive a restart: docs/collect.md.
// `now`: nanoseconds since 1970. Those of TCP connections, which end with weir, are left out.
[[nodiscard]] std::string templates_text(const ExporterTable& exporters, int64_t now);

// Older ones may not be what the exporter means any more.
inline constexpr int64_t kMostTemplateAge = int64_t{3600} * 1'000'000'000;

struct TemplatesRead {
  size_t restored = 0;
  size_t too_old = 0;
  size_t damaged = 0;  // lines that are not what was written
};
// Calls restore() for each template that can be read and is not too old.
TemplatesRead read_templates_text(
    std::string_view text, int64_t now,
    const std::function<void(const ExporterKey&, TemplatePointer)>& restore);

}  // namespace weir
