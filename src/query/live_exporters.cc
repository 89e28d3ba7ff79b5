// SPDX-License-Identifier: GPL-3.0-or-later
// The list of exporters.
#include <fmt/format.h>

#include "query/list_query.h"
#include "query/live_questions.h"

namespace weir {

Answer LiveQuestions::exporters(const ListRequest& request) const {
  const auto interfaces = chosen(request.interface);
  if (!interfaces) return interfaces.error();
  const auto plan = plan_list(request, Entity::kExporter, "bits_per_second", setting_.max_rows);
  if (!plan) return plan.error();
  Value::Array rows;
  for (const Interface* interface : *interfaces) {
    if (!setting_.exporters) break;
    for (Value& row : setting_.exporters(interface->id())) rows.push_back(std::move(row));
  }
  return list_values(*plan, Entity::kExporter, setting_.now(), rows);
}

Answer LiveQuestions::exporter(std::string_view id) const {
  for (const Interface* interface : setting_.interfaces) {
    if (!setting_.exporters) break;
    for (Value& row : setting_.exporters(interface->id())) {
      const auto* const name = row["id"].as<std::string>();
      if (name != nullptr && *name == id) return std::move(row);
    }
  }
  return QueryError{QueryError::Kind::kNotFound, "", fmt::format("there is no exporter \"{}\"", id),
                    0};
}

}  // namespace weir
