// SPDX-License-Identifier: GPL-3.0-or-later
// A set of templates, and by each of them the rest of the input as records. Every template has
// bytes, no more fields than are taken, and lies in the set; every record consumes at least what
// its template says, and the two ways to walk over its fields agree. First byte: version and kind.

#include "collect/data_record.h"
#include "collect/template_sets.h"
#include "property.h"

namespace {

using namespace weir;  // NOLINT(google-build-using-namespace): a program of one file

using weir::fuzz::require;

void check_records(const ExportTemplate& layout, ByteReader records) {
  DataRecord record{};
  while (true) {
    ByteReader before = records;
    if (!read_record(layout, records, record)) {
      require(records.empty(), "what is no record is the end");
      return;
    }
    const size_t consumed = before.remaining() - records.remaining();
    require(consumed >= layout.min_bytes(), "a record consumes its bytes");
    size_t walked = 0;
    const bool is_whole = visit_fields(layout, before, [&](size_t field, auto bytes) {
      require(field < layout.fields().size(), "a field is one of the template's");
      require(bytes.data() >= before.data() &&
                  bytes.data() + bytes.size() <= before.data() + before.remaining(),
              "a field lies in the set");
      walked = static_cast<size_t>(bytes.data() + bytes.size() - before.data());
    });
    require(is_whole && walked == consumed, "both ways end at the same place");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ByteReader input(data, size);
  const ExportVersion version =
      (input.u8(0) & 1) != 0 ? ExportVersion::kNetflow9 : ExportVersion::kIpfix;
  const TemplateSetKind kind =
      (input.u8(0) & 2) != 0 ? TemplateSetKind::kOptions : TemplateSetKind::kData;
  input.skip(1);
  size_t templates = 0;
  (void)read_template_set(input, version, kind, [&](const TemplateRecord& record) {
    require(++templates <= size / 4 + 1, "each turn consumes bytes");
    if (record.made == nullptr) return;
    const ExportTemplate& layout = *record.made;
    require(layout.min_bytes() > 0 && layout.min_bytes() <= ExportTemplate::kMaxRecordBytes,
            "records have a length");
    require(layout.fields().size() <= ExportTemplate::kMaxFields, "fields are bounded");
    require(layout.scopes() <= layout.fields().size(), "scopes are fields");
    if (templates <= 16) check_records(layout, input);
  });
  return 0;
}
