// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/template_sets.h"

#include <utility>
#include <vector>

namespace weir {
namespace {

constexpr size_t kFieldBytes = 4;
constexpr size_t kEnterpriseBytes = 4;
constexpr uint16_t kEnterpriseBit = 0x8000;
// Ids of sets that hold templates, which in a withdrawal mean all of their kind.
constexpr uint16_t kTemplateSet = 2;
constexpr uint16_t kOptionsSet = 3;

// The head of a template record: how many fields follow it, and how many of them are scopes.
struct Head {
  uint16_t id = 0;
  size_t fields = 0;
  size_t scopes = 0;
  size_t bytes = 0;
};

bool read_head(const ByteReader& set, ExportVersion version, TemplateSetKind kind, Head& head) {
  constexpr size_t kShort = 4;
  constexpr size_t kLong = 6;
  head = {};
  head.id = set.u16(0);
  if (kind == TemplateSetKind::kData) {
    head.fields = set.u16(2);
    head.bytes = kShort;
    return set.can_read(kShort);
  }
  if (version == ExportVersion::kNetflow9) {
    // Lengths in bytes; what does not fill a field is none.
    head.scopes = set.u16(2) / kFieldBytes;
    head.fields = head.scopes + set.u16(4) / kFieldBytes;
    head.bytes = kLong;
    return set.can_read(kLong);
  }
  head.fields = set.u16(2);
  // A withdrawal has no count of scopes (RFC 7011, 8.1).
  head.bytes = head.fields == 0 ? kShort : kLong;
  head.scopes = head.fields == 0 ? 0 : set.u16(4);
  return set.can_read(head.bytes);
}

// Moves `set` behind the field. False when it ends before.
bool read_field(ByteReader& set, ExportVersion version, TemplateField& field) {
  if (!set.can_read(kFieldBytes)) return false;
  field.id = set.u16(0);
  field.length = set.u16(2);
  field.enterprise = 0;
  const bool has_enterprise = version == ExportVersion::kIpfix && (field.id & kEnterpriseBit) != 0;
  set.skip(kFieldBytes);
  if (!has_enterprise) return true;
  if (!set.can_read(kEnterpriseBytes)) return false;
  field.id &= static_cast<uint16_t>(~kEnterpriseBit);
  field.enterprise = set.u32(0);
  set.skip(kEnterpriseBytes);
  return true;
}

bool is_padding(const ByteReader& set) {
  return !set.can_read(kFieldBytes) || (set.u16(0) == 0 && set.u16(2) == 0);
}

}  // namespace

ExportError read_template_set(ByteReader set, ExportVersion version, TemplateSetKind kind,
                              const std::function<void(const TemplateRecord&)>& take) {
  while (!is_padding(set)) {
    Head head;
    if (!read_head(set, version, kind, head)) return ExportError::kTruncated;
    set.skip(head.bytes);
    std::vector<TemplateField> fields;
    for (size_t i = 0; i < head.fields; ++i) {
      TemplateField field;
      if (!read_field(set, version, field)) return ExportError::kTruncated;
      // The rest is read all the same: the next template lies behind it.
      if (fields.size() <= ExportTemplate::kMaxFields) fields.push_back(field);
    }
    TemplateRecord record;
    record.id = head.id;
    const bool names_all = head.id == kTemplateSet || head.id == kOptionsSet;
    if (head.fields == 0 && version == ExportVersion::kIpfix &&
        (names_all || head.id >= ExportTemplate::kFirstId)) {
      take(record);
      continue;
    }
    auto made = ExportTemplate::make(version, head.id, kind == TemplateSetKind::kOptions,
                                     head.scopes, std::move(fields));
    if (made) {
      record.made = *std::move(made);
    } else {
      record.error = made.error();
    }
    take(record);
  }
  return ExportError::kNone;
}

}  // namespace weir
