// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/filter.h"

#include <algorithm>
#include <optional>
#include <type_traits>

#include "base/ascii.h"
#include "base/wildcard.h"

namespace weir {
namespace {

// No function, so that it is compiled into the searches.
constexpr auto same = [](char a, char b) { return ascii_lower(a) == ascii_lower(b); };

bool contains(std::string_view text, std::string_view wanted) {
  // Nothing is in everything, which a search for it in nothing does not find.
  return wanted.empty() ||
         std::search(text.begin(), text.end(), wanted.begin(), wanted.end(), same) != text.end();
}

// The value as a T; null when it is something else, or can be none.
template <typename T, typename... Types>
const T* as(const std::variant<Types...>& value) {
  if constexpr ((std::is_same_v<T, Types> || ...)) {
    return std::get_if<T>(&value);
  } else {
    return nullptr;
  }
}

template <typename Variant>
std::optional<double> number_of(const Variant& value) {
  if (const auto* natural = as<uint64_t>(value)) return static_cast<double>(*natural);
  if (const auto* real = as<double>(value)) return *real;
  if (const auto* time = as<Timestamp>(value)) return time->as_seconds();
  return std::nullopt;
}

bool compares(FilterOperator op, double value, double wanted) {
  switch (op) {
    case FilterOperator::kLess:
      return value < wanted;
    case FilterOperator::kLessOrEqual:
      return value <= wanted;
    case FilterOperator::kGreater:
      return value > wanted;
    case FilterOperator::kGreaterOrEqual:
      return value >= wanted;
    default:
      return value == wanted;
  }
}

template <typename Variant>
bool number_holds(FilterOperator op, const Variant& value, double wanted) {
  if (const auto* vlan = as<VlanTags>(value)) {
    return std::any_of(vlan->ids.begin(), vlan->ids.begin() + vlan->count,
                       [&](uint16_t id) { return compares(op, id, wanted); });
  }
  if (const auto* numbers = as<std::vector<uint64_t>>(value)) {
    return std::any_of(numbers->begin(), numbers->end(), [&](uint64_t number) {
      return compares(op, static_cast<double>(number), wanted);
    });
  }
  const auto number = number_of(value);
  return number && compares(op, *number, wanted);
}

bool one_text_holds(FilterOperator op, std::string_view text, const WantedText& wanted) {
  if (wanted.has_wildcard) return matches_wildcard(text, wanted.text);
  return op == FilterOperator::kContains
             ? contains(text, wanted.text)
             : std::equal(text.begin(), text.end(), wanted.text.begin(), wanted.text.end(), same);
}

template <typename Address>
bool written_holds(FilterOperator op, const Address& address, const WantedText& wanted) {
  typename Address::TextBuffer buffer;
  return one_text_holds(op, address.write_to(buffer), wanted);
}

bool address_holds(FilterOperator op, const IpAddress& address, const WantedText& wanted) {
  if (!wanted.may_be_in_address) return false;
  if (op == FilterOperator::kContains && wanted.piece != nullptr && address.is_v4())
    return wanted.piece->is_in(address);
  return written_holds(op, address, wanted);
}

bool mac_holds(FilterOperator op, const MacAddress& mac, const WantedText& wanted) {
  if (!wanted.may_be_in_mac) return false;
  if (wanted.mac) return mac == *wanted.mac;
  return written_holds(op, mac, wanted);
}

std::string written(const FieldValue& value) {
  return to_text(value);
}
std::string written(const PlainValue& value) {
  return to_text(to_field_value(value));
}

template <typename Variant>
bool text_holds(FilterOperator op, const Variant& value, const WantedText& wanted) {
  if (const auto* texts = as<std::vector<std::string>>(value)) {
    return std::any_of(texts->begin(), texts->end(),
                       [&](std::string_view text) { return one_text_holds(op, text, wanted); });
  }
  if (const auto* address = as<IpAddress>(value)) return address_holds(op, *address, wanted);
  if (const auto* mac = as<MacAddress>(value)) return mac_holds(op, *mac, wanted);
  if (const auto* truth = as<bool>(value))
    return one_text_holds(op, *truth ? "true" : "false", wanted);
  if (const auto* view = as<std::string_view>(value)) return one_text_holds(op, *view, wanted);
  if (const auto* text = as<std::string>(value)) return one_text_holds(op, *text, wanted);
  return one_text_holds(op, written(value), wanted);
}

template <typename Variant>
bool any_operand_holds(const FilterTest& test, const Variant& value) {
  if (as<std::monostate>(value) != nullptr) return false;
  if (test.op == FilterOperator::kExists) {
    const auto* vlan = as<VlanTags>(value);
    return vlan == nullptr || vlan->count > 0;
  }
  return std::any_of(test.operands.begin(), test.operands.end(), [&](const FilterOperand& wanted) {
    if (const auto* number = std::get_if<double>(&wanted))
      return number_holds(test.op, value, *number);
    if (const auto* prefix = std::get_if<Prefix>(&wanted)) {
      const auto* address = as<IpAddress>(value);
      return address != nullptr && prefix->contains(*address);
    }
    return text_holds(test.op, value, std::get<WantedText>(wanted));
  });
}

}  // namespace

bool FilterTest::holds(const FieldValue& value) const {
  return any_operand_holds(*this, value);
}

bool FilterTest::holds_plain(const PlainValue& value) const {
  return any_operand_holds(*this, value);
}

}  // namespace weir
