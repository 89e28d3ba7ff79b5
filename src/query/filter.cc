// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/filter.h"

#include <algorithm>
#include <optional>

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

std::optional<double> number_of(const FieldValue& value) {
  if (const auto* natural = std::get_if<uint64_t>(&value)) return static_cast<double>(*natural);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* time = std::get_if<Timestamp>(&value)) return time->as_seconds();
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

bool number_holds(FilterOperator op, const FieldValue& value, double wanted) {
  if (const auto* vlan = std::get_if<VlanTags>(&value)) {
    return std::any_of(vlan->ids.begin(), vlan->ids.begin() + vlan->count,
                       [&](uint16_t id) { return compares(op, id, wanted); });
  }
  if (const auto* numbers = std::get_if<std::vector<uint64_t>>(&value)) {
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

bool text_holds(FilterOperator op, const FieldValue& value, const WantedText& wanted) {
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value)) {
    return std::any_of(texts->begin(), texts->end(),
                       [&](std::string_view text) { return one_text_holds(op, text, wanted); });
  }
  if (const auto* address = std::get_if<IpAddress>(&value))
    return address_holds(op, *address, wanted);
  if (const auto* mac = std::get_if<MacAddress>(&value)) return mac_holds(op, *mac, wanted);
  if (const std::string_view text = text_of(value); !text.empty())
    return one_text_holds(op, text, wanted);
  return one_text_holds(op, to_text(value), wanted);
}

}  // namespace

bool FilterTest::holds(const FieldValue& value) const {
  if (std::holds_alternative<std::monostate>(value)) return false;
  if (op == FilterOperator::kExists) {
    const auto* vlan = std::get_if<VlanTags>(&value);
    return vlan == nullptr || vlan->count > 0;
  }
  return std::any_of(operands.begin(), operands.end(), [&](const FilterOperand& operand) {
    if (const auto* number = std::get_if<double>(&operand)) return number_holds(op, value, *number);
    if (const auto* prefix = std::get_if<Prefix>(&operand)) {
      const auto* address = std::get_if<IpAddress>(&value);
      return address != nullptr && prefix->contains(*address);
    }
    return text_holds(op, value, std::get<WantedText>(operand));
  });
}

}  // namespace weir
