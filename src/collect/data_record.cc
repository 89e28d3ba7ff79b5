// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/data_record.h"

namespace weir {
namespace {

uint64_t number_of(const ByteReader& field, size_t length) {
  switch (length) {
    case 1:
      return field.u8(0);
    case 2:
      return field.u16(0);
    case 4:
      return field.u32(0);
    case 8:
      return field.u64(0);
    default:
      break;
  }
  uint64_t value = 0;
  for (size_t i = 0; i < length; ++i) value = value << 8 | field.u8(i);
  return value;
}

// REQUIRES: fits(element, length).
void take_other(Element element, const ByteReader& field, size_t length, DataRecord& record) {
  switch (element) {
    case Element::kSourceV4:
      record.source = IpAddress::from_v4(field.data());
      break;
    case Element::kDestinationV4:
      record.destination = IpAddress::from_v4(field.data());
      break;
    case Element::kSourceV6:
      record.source = IpAddress::from_v6(field.data());
      break;
    case Element::kDestinationV6:
      record.destination = IpAddress::from_v6(field.data());
      break;
    case Element::kSourceMac:
      (void)field.copy(0, record.source_mac.bytes.data(), record.source_mac.bytes.size());
      break;
    case Element::kDestinationMac:
      (void)field.copy(0, record.destination_mac.bytes.data(), record.destination_mac.bytes.size());
      break;
    case Element::kInterfaceName:
      record.interface_name = {field.data(), length};
      break;
    case Element::kInterfaceDescription:
      record.interface_description = {field.data(), length};
      break;
    case Element::kIpSection:
      record.ip_section = {field.data(), length};
      break;
    case Element::kLinkSection:
      record.link_section = {field.data(), length};
      break;
    case Element::kApplicationName:
      record.application_name = {field.data(), length};
      break;
    case Element::kPath:
      record.path = {field.data(), length};
      break;
    case Element::kFirstExporter:
      record.first_exporter = IpAddress::from_v6(field.data());
      break;
    default:
      break;
  }
}

inline void take(Element element, const ByteReader& field, size_t length, DataRecord& record) {
  if (element < Element::kNumbers) [[likely]] {
    record.numbers[static_cast<size_t>(element)] = number_of(field, length);
  } else {
    take_other(element, field, length, record);
  }
}

// An exporter that has one address of each kind says :: in the one it does not use.
void drop_empty_addresses(DataRecord& record) {
  if (!record.has(Element::kSourceV4) && !record.has(Element::kDestinationV4)) return;
  if (!record.has(Element::kSourceV6) && !record.has(Element::kDestinationV6)) return;
  // Both were written to the same place, in the order of the template; see read_both().
  const bool is_v4 = record.source.is_v4();
  record.present.remove(is_v4 ? Element::kSourceV6 : Element::kSourceV4);
  record.present.remove(is_v4 ? Element::kDestinationV6 : Element::kDestinationV4);
}

// A template with addresses of both kinds: those that say something count.
void read_both(const ExportTemplate& layout, const ByteReader& start, DataRecord& record) {
  IpAddress ends[2];
  bool is_said[2] = {false, false};
  (void)visit_fields(layout, start, [&](size_t field, std::span<const uint8_t> bytes) {
    const Element element = layout.element(field);
    const bool is_v4 = element == Element::kSourceV4 || element == Element::kDestinationV4;
    const bool is_v6 = element == Element::kSourceV6 || element == Element::kDestinationV6;
    if (!is_v4 && !is_v6) return;
    const size_t end =
        element == Element::kSourceV4 || element == Element::kSourceV6 ? size_t{0} : size_t{1};
    const IpAddress address =
        is_v4 ? IpAddress::from_v4(bytes.data()) : IpAddress::from_v6(bytes.data());
    const bool says = is_v4 ? address.v4_bits() != 0 : address != IpAddress();
    if (says && !is_said[end]) {
      ends[end] = address;
      is_said[end] = true;
    } else if (!is_said[end] && is_v4) {
      ends[end] = address;
    }
  });
  record.source = ends[0];
  record.destination = ends[1];
  drop_empty_addresses(record);
}

bool has_both(const ExportTemplate& layout) {
  return layout.has(Element::kSourceV4) && layout.has(Element::kSourceV6);
}

bool read_variable(const ExportTemplate& layout, ByteReader& set, DataRecord& record) {
  const uint8_t* const start = set.data();
  const uint8_t* end = start;
  const bool is_whole =
      visit_fields(layout, set, [&](size_t field, std::span<const uint8_t> bytes) {
        end = bytes.data() + bytes.size();
        const Element element = layout.element(field);
        if (element == Element::kOther || record.has(element)) return;
        record.present.add(element);
        take(element, ByteReader(bytes), bytes.size(), record);
      });
  set.skip(is_whole ? static_cast<size_t>(end - start) : set.remaining());
  return is_whole;
}

}  // namespace

bool read_record(const ExportTemplate& layout, ByteReader& set, DataRecord& record) {
  record.present.clear();
  if (!set.can_read(layout.min_bytes())) {
    set.skip(set.remaining());
    return false;
  }
  const ByteReader start = set;
  if (layout.has_variable_fields()) {
    if (!read_variable(layout, set, record)) return false;
  } else {
    for (const ExportTemplate::Step& step : layout.steps()) {
      take(step.element, ByteReader(set.data() + step.offset, step.length), step.length, record);
      record.present.add(step.element);
    }
    set.skip(layout.min_bytes());
  }
  if (has_both(layout)) [[unlikely]]
    read_both(layout, start, record);
  return true;
}

}  // namespace weir
