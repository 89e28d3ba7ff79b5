// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/byte_reader.h"
#include "collect/element.h"
#include "collect/export_template.h"
#include "net/ip_address.h"
#include "net/mac_address.h"

namespace weir {

// What one record of a data set says, as it was sent. Views lie in the message. A plain value; what
// has() does not know is left as it was.
struct DataRecord {
  std::array<uint64_t, kNumberElements> numbers;
  IpAddress source;
  IpAddress destination;
  MacAddress source_mac;
  MacAddress destination_mac;
  std::span<const uint8_t> interface_name;
  std::span<const uint8_t> interface_description;
  std::span<const uint8_t> ip_section;
  std::span<const uint8_t> link_section;
  std::span<const uint8_t> application_name;
  std::span<const uint8_t> path;
  IpAddress first_exporter;
  ElementSet present;

  [[nodiscard]] bool has(Element element) const { return present.has(element); }
  // 0 when it is not there. REQUIRES: a number.
  [[nodiscard]] uint64_t number(Element element) const {
    return has(element) ? numbers[static_cast<size_t>(element)] : 0;
  }
  [[nodiscard]] bool has_addresses() const {
    return (has(Element::kSourceV4) && has(Element::kDestinationV4)) ||
           (has(Element::kSourceV6) && has(Element::kDestinationV6));
  }
};

// Reads one record and moves `set` behind it. False, and `set` at its end, when no whole one is
// left: what remains is padding, or cut. Cost: some 3 ns a field that is read.
[[nodiscard]] bool read_record(const ExportTemplate& layout, ByteReader& set, DataRecord& record);

// Calls visit(field, bytes) for each field of a record whose bytes begin at `set` that has any:
// what read_record() passed over, too. Each turn consumes a byte. False when it does not end there.
template <typename Visit>
[[nodiscard]] bool visit_fields(const ExportTemplate& layout, ByteReader set, Visit&& visit) {
  for (const size_t i : layout.filled()) {
    size_t length = layout.fields()[i].length;
    if (length == TemplateField::kVariable) {
      // RFC 7011, 7: one byte, or 255 and two.
      if (set.empty()) return false;
      const bool is_long = set.u8(0) == 255;
      length = is_long ? set.u16(1) : set.u8(0);
      set.skip(is_long ? 3 : 1);
    }
    if (!set.can_read(length)) return false;
    visit(i, std::span<const uint8_t>(set.data(), length));
    set.skip(length);
  }
  return true;
}

}  // namespace weir
