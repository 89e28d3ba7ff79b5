// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/export_error.h"

#include <array>

namespace weir {

std::string_view export_error_name(ExportError error) {
  static constexpr std::array<std::string_view, kExportErrors> kNames{"",
                                                                      "unknown_version",
                                                                      "aggregated",
                                                                      "truncated",
                                                                      "bad_length",
                                                                      "bad_template",
                                                                      "too_many_fields",
                                                                      "empty_record",
                                                                      "long_record",
                                                                      "no_room",
                                                                      "bad_header",
                                                                      "bad_packing",
                                                                      "unpacks_too_far",
                                                                      "bad_record"};
  const auto index = static_cast<size_t>(error);
  return index < kNames.size() ? kNames[index] : "";
}

}  // namespace weir
