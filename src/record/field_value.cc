// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/field_value.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/ascii.h"

namespace weir {
namespace {

std::optional<double> number_of(const FieldValue& value) {
  if (const auto* natural = std::get_if<uint64_t>(&value)) return static_cast<double>(*natural);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* boolean = std::get_if<bool>(&value)) return *boolean ? 1 : 0;
  if (const auto* time = std::get_if<Timestamp>(&value)) return time->as_seconds();
  return std::nullopt;
}

std::weak_ordering compare_text(std::string_view a, std::string_view b) {
  return std::lexicographical_compare_three_way(
      a.begin(), a.end(), b.begin(), b.end(),
      [](char x, char y) { return std::weak_ordering(ascii_lower(x) <=> ascii_lower(y)); });
}

Value vlan_value(const VlanTags& vlan) {
  Value::Array tags;
  for (size_t i = 0; i < vlan.count; ++i) tags.emplace_back(uint32_t{vlan.ids[i]});
  return tags;
}

template <typename Element>
Value list_value(const std::vector<Element>& elements) {
  return Value::Array(elements.begin(), elements.end());
}

}  // namespace

Value to_value(const FieldValue& value) {
  if (const auto* natural = std::get_if<uint64_t>(&value)) return *natural;
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* boolean = std::get_if<bool>(&value)) return *boolean;
  if (const auto* time = std::get_if<Timestamp>(&value)) return time->as_seconds();
  if (const auto* vlan = std::get_if<VlanTags>(&value)) return vlan_value(*vlan);
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value)) return list_value(*texts);
  if (const auto* numbers = std::get_if<std::vector<uint64_t>>(&value)) return list_value(*numbers);
  if (const auto* nested = std::get_if<Value>(&value)) return *nested;
  if (std::holds_alternative<std::monostate>(value)) return {};
  return to_text(value);
}

std::string_view text_of(const FieldValue& value) {
  if (const auto* view = std::get_if<std::string_view>(&value)) return *view;
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return {};
}

std::string to_text(const FieldValue& value) {
  if (const auto* address = std::get_if<IpAddress>(&value)) return address->to_string();
  if (const auto* mac = std::get_if<MacAddress>(&value)) return mac->to_string();
  if (const auto* natural = std::get_if<uint64_t>(&value)) return fmt::format("{}", *natural);
  if (const auto* boolean = std::get_if<bool>(&value)) return *boolean ? "true" : "false";
  if (const auto* vlan = std::get_if<VlanTags>(&value)) return to_json(vlan_value(*vlan));
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value))
    return fmt::format("{}", fmt::join(*texts, ", "));
  if (const auto* numbers = std::get_if<std::vector<uint64_t>>(&value))
    return fmt::format("{}", fmt::join(*numbers, ", "));
  if (const auto number = number_of(value)) return fmt::format("{}", *number);
  return std::string(text_of(value));
}

std::weak_ordering compare(const FieldValue& a, const FieldValue& b) {
  const bool a_known = !std::holds_alternative<std::monostate>(a);
  const bool b_known = !std::holds_alternative<std::monostate>(b);
  if (!a_known || !b_known) return a_known <=> b_known;
  // Whole numbers first: a double cannot tell large counters apart.
  const auto* a_natural = std::get_if<uint64_t>(&a);
  const auto* b_natural = std::get_if<uint64_t>(&b);
  if (a_natural != nullptr && b_natural != nullptr) return *a_natural <=> *b_natural;
  const auto a_number = number_of(a);
  const auto b_number = number_of(b);
  if (a_number && b_number) return std::weak_order(*a_number, *b_number);
  if (a.index() != b.index()) return compare_text(to_text(a), to_text(b));
  if (const auto* address = std::get_if<IpAddress>(&a)) return *address <=> std::get<IpAddress>(b);
  if (const auto* mac = std::get_if<MacAddress>(&a)) return *mac <=> std::get<MacAddress>(b);
  if (const auto* vlan = std::get_if<VlanTags>(&a)) return vlan->ids <=> std::get<VlanTags>(b).ids;
  if (const auto* numbers = std::get_if<std::vector<uint64_t>>(&a))
    return *numbers <=> std::get<std::vector<uint64_t>>(b);
  if (std::holds_alternative<std::vector<std::string>>(a))
    return compare_text(to_text(a), to_text(b));
  return compare_text(text_of(a), text_of(b));
}

}  // namespace weir
