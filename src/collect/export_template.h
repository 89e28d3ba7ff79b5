// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/byte_reader.h"
#include "base/result.h"
#include "collect/element.h"
#include "collect/export_error.h"

namespace weir {

// One field of a template, as it was sent.
struct TemplateField {
  static constexpr uint16_t kVariable = 65535;

  uint32_t enterprise = 0;  // 0: IANA's, and NetFlow 9's
  uint16_t id = 0;
  uint16_t length = 0;  // kVariable: each record says

  bool operator==(const TemplateField&) const = default;
};

// How the records of one data set are to be read. Shared: immutable; a template that comes again
// takes the place of the one before, which whoever still reads by it keeps.
class ExportTemplate {
 public:
  static constexpr size_t kMaxFields = 256;
  static constexpr uint16_t kFirstId = 256;
  static constexpr size_t kMaxRecordBytes = 65535;

  // A field that weir reads: where it lies, when all before it are of fixed length, and what it is.
  struct Step {
    uint16_t offset;
    uint16_t length;
    Element element;
  };

  // The first `scopes` of the fields say what an options record is about. Errors: kBadTemplate (no
  // fields, an id below kFirstId, more scopes than fields), kTooManyFields, kEmptyRecord,
  // kLongRecord.
  static Result<std::shared_ptr<const ExportTemplate>, ExportError> make(
      ExportVersion version, uint16_t id, bool is_options, size_t scopes,
      std::vector<TemplateField> fields);

  [[nodiscard]] ExportVersion version() const { return version_; }
  [[nodiscard]] uint16_t id() const { return id_; }
  [[nodiscard]] bool is_options() const { return is_options_; }
  [[nodiscard]] size_t scopes() const { return scopes_; }
  [[nodiscard]] const std::vector<TemplateField>& fields() const { return fields_; }
  // The places of those that have bytes in a record.
  [[nodiscard]] const std::vector<uint16_t>& filled() const { return filled_; }
  // By their place.
  [[nodiscard]] Element element(size_t field) const { return elements_[field]; }
  [[nodiscard]] bool has_variable_fields() const { return has_variable_fields_; }
  // Of a record, variable fields counted as one byte each. Never 0.
  [[nodiscard]] size_t min_bytes() const { return min_bytes_; }
  // Empty where there are variable fields.
  [[nodiscard]] std::span<const Step> steps() const { return steps_; }
  // Whether a record can say what weir makes of that element.
  [[nodiscard]] bool has(Element element) const { return has_.has(element); }
  // Of memory.
  [[nodiscard]] size_t bytes() const {
    return sizeof *this + fields_.size() * (sizeof(TemplateField) + sizeof(Step) + sizeof(Element) +
                                            sizeof(uint16_t));
  }

  [[nodiscard]] bool says_the_same(const ExportTemplate& other) const {
    return is_options_ == other.is_options_ && scopes_ == other.scopes_ && fields_ == other.fields_;
  }

 private:
  ExportTemplate() = default;
  void plan();

  ExportVersion version_ = ExportVersion::kIpfix;
  uint16_t id_ = 0;
  bool is_options_ = false;
  bool has_variable_fields_ = false;
  size_t scopes_ = 0;
  size_t min_bytes_ = 0;
  ElementSet has_;
  std::vector<TemplateField> fields_;
  std::vector<uint16_t> filled_;
  std::vector<Element> elements_;
  std::vector<Step> steps_;
};

using TemplatePointer = std::shared_ptr<const ExportTemplate>;

}  // namespace weir
