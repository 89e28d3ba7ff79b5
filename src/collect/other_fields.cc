// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/other_fields.h"

#include <algorithm>

#include "collect/data_record.h"

namespace weir {

template <typename Fields, typename Key>
bool OtherFields::keep(Fields& fields, const Key& key, std::span<const uint8_t> value) {
  auto found = fields.find(key);
  if (found == fields.end()) {
    if (fields_.size() + named_.size() >= kMaxFields || !budget_->take(kFieldBytes)) return false;
    found = fields.emplace(key, Field()).first;
  }
  Field& kept = found->second;
  ++kept.sets;
  value = value.first(std::min(value.size(), kMaxValueBytes));
  kept.last_value.assign(value.begin(), value.end());
  return true;
}

void OtherFields::see(const ExportTemplate& layout, const ByteReader& record) {
  (void)visit_fields(layout, record, [&](size_t field, std::span<const uint8_t> bytes) {
    if (layout.element(field) != Element::kOther || field < layout.scopes()) return;
    const TemplateField& told = layout.fields()[field];
    if (!keep(fields_, std::pair(told.enterprise, told.id), bytes)) ++left_out_;
  });
}

void OtherFields::see(uint32_t enterprise, uint16_t id, std::string_view name,
                      std::string_view value) {
  const std::span<const uint8_t> bytes(reinterpret_cast<const uint8_t*>(value.data()),
                                       value.size());
  const bool is_kept = id != 0 ? keep(fields_, std::pair(enterprise, id), bytes)
                               : !name.empty() && name.size() <= kMaxNameBytes &&
                                     keep(named_, std::string(name), bytes);
  if (!is_kept) ++left_out_;
}

}  // namespace weir
