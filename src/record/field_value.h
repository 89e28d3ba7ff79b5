// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "base/timestamp.h"
#include "base/value.h"
#include "net/ip_address.h"
#include "net/mac_address.h"
#include "net/vlan_tags.h"

namespace weir {

// The value of one field of one row, typed as schema/fields.json says; monostate: not known. A
// string_view is valid for ever or for as long as the row. Cheap for numbers and addresses: a
// million are compared in some ten milliseconds. Lists have at least two elements: one stands for
// itself. A Value is what has members; it is shown only.
using FieldValue = std::variant<std::monostate, uint64_t, double, bool, std::string_view,
                                std::string, IpAddress, MacAddress, VlanTags, Timestamp,
                                std::vector<std::string>, std::vector<uint64_t>, Value>;

// Those of them that own no memory. Where millions of rows are looked at: a FieldValue is destroyed
// by a call through a table, which costs as much as the comparison it was made for.
using PlainValue = std::variant<std::monostate, uint64_t, double, bool, std::string_view, IpAddress,
                                MacAddress, VlanTags, Timestamp>;
static_assert(std::is_trivially_copyable_v<PlainValue>);

[[nodiscard]] inline FieldValue to_field_value(const PlainValue& plain) {
  return std::visit([](const auto& value) { return FieldValue(value); }, plain);
}

// As it stands in JSON: addresses as text, times as decimal seconds, VLAN tags as an array; null
// when not known.
[[nodiscard]] Value to_value(const FieldValue& value);
// As text, for search and wildcards: what a person reads on the page.
[[nodiscard]] std::string to_text(const FieldValue& value);
// The text without a copy where the value is one; empty otherwise.
[[nodiscard]] std::string_view text_of(const FieldValue& value);

// The order lists are sorted by: numbers by size, text by bytes ignoring ASCII case, addresses by
// bytes; what is not known comes last when descending.
[[nodiscard]] std::weak_ordering compare(const FieldValue& a, const FieldValue& b);

}  // namespace weir
