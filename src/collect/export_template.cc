// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/export_template.h"

#include <algorithm>
#include <utility>

namespace weir {

Result<TemplatePointer, ExportError> ExportTemplate::make(ExportVersion version, uint16_t id,
                                                          bool is_options, size_t scopes,
                                                          std::vector<TemplateField> fields) {
  if (id < kFirstId || fields.empty() || scopes > fields.size()) return ExportError::kBadTemplate;
  if (fields.size() > kMaxFields) return ExportError::kTooManyFields;
  // RFC 7011, 3.4.2.2: an options record without a scope is about nothing. NetFlow 9 has such.
  if (is_options && scopes == 0 && version == ExportVersion::kIpfix)
    return ExportError::kBadTemplate;
  std::shared_ptr<ExportTemplate> made(new ExportTemplate);
  made->version_ = version;
  made->id_ = id;
  made->is_options_ = is_options;
  made->scopes_ = scopes;
  made->fields_ = std::move(fields);
  made->plan();
  if (made->min_bytes_ == 0) return ExportError::kEmptyRecord;
  if (made->min_bytes_ > kMaxRecordBytes) return ExportError::kLongRecord;
  return TemplatePointer(std::move(made));
}

void ExportTemplate::plan() {
  for (size_t i = 0; i < fields_.size(); ++i) {
    const TemplateField& field = fields_[i];
    const bool is_variable = field.length == TemplateField::kVariable;
    const bool is_scope = i < scopes_ && version_ == ExportVersion::kNetflow9;
    const Element meant =
        is_scope ? netflow9_scope(field.id) : element_of(version_, field.enterprise, field.id);
    const Element element = fits(meant, field.length, is_variable) ? meant : Element::kOther;
    elements_.push_back(element);
    if (field.length != 0) filled_.push_back(static_cast<uint16_t>(i));
    // The first of several that say the same is the one that counts.
    if (element != Element::kOther && !has_.has(element) && min_bytes_ <= kMaxRecordBytes)
      steps_.push_back({static_cast<uint16_t>(min_bytes_), field.length, element});
    if (element != Element::kOther) has_.add(element);
    has_variable_fields_ |= is_variable;
    min_bytes_ += is_variable ? 1 : field.length;
  }
  if (has_variable_fields_) steps_.clear();
}

}  // namespace weir
