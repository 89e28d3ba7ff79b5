// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/ntop_record.h"

#include <algorithm>
#include <string_view>

#include "base/number_text.h"

namespace weir {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

// What a value is as a number; nothing where it is none.
std::optional<int64_t> signed_number(const NtopValue& value) {
  switch (value.kind) {
    case NtopValue::Kind::kUnsigned:
      // The few that do not fit would be no times.
      return static_cast<int64_t>(value.number);
    case NtopValue::Kind::kSigned:
      return static_cast<int64_t>(value.number);
    case NtopValue::Kind::kText: {
      return number_in<int64_t>(value.text);
    }
    case NtopValue::Kind::kOther:
      return std::nullopt;
  }
  return std::nullopt;
}

// Four numbers and three dots; several times as fast as inet_pton().
std::optional<IpAddress> quick_v4(std::string_view text) {
  uint8_t bytes[4];
  size_t at = 0;
  for (size_t i = 0; i < 4; ++i) {
    if (i > 0 && (at >= text.size() || text[at++] != '.')) return std::nullopt;
    unsigned number = 0;
    const size_t start = at;
    while (at < text.size() && at - start < 3 && text[at] >= '0' && text[at] <= '9')
      number = number * 10 + static_cast<unsigned>(text[at++] - '0');
    if (at == start || number > UINT8_MAX) return std::nullopt;
    bytes[i] = static_cast<uint8_t>(number);
  }
  if (at != text.size()) return std::nullopt;
  return IpAddress::from_v4(bytes);
}

std::optional<IpAddress> address_of(const NtopValue& value) {
  if (value.kind == NtopValue::Kind::kText) {
    const auto v4 = quick_v4(value.text);
    return v4 ? v4 : IpAddress::parse(value.text);
  }
  if (value.kind != NtopValue::Kind::kUnsigned || value.number > UINT32_MAX) return std::nullopt;
  uint8_t bytes[4];
  for (size_t i = 0; i < 4; ++i) bytes[i] = static_cast<uint8_t>(value.number >> 8 * (3 - i));
  return IpAddress::from_v4(bytes);
}

bool is_unspecified(const IpAddress& address) {
  return address == IpAddress() || (address.is_v4() && address.v4_bits() == 0);
}

// Far enough from where sums would overflow.
int64_t nanoseconds_of(uint64_t value, int64_t unit) {
  constexpr int64_t kMost = INT64_MAX / 4;
  return static_cast<int64_t>(std::min(value, static_cast<uint64_t>(kMost / unit))) * unit;
}

std::span<const uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

}  // namespace

std::optional<uint64_t> ntop_number(const NtopValue& value) {
  if (value.kind == NtopValue::Kind::kUnsigned) [[likely]]
    return value.number;
  if (value.kind == NtopValue::Kind::kText) {
    if (const auto number = number_in<uint64_t>(value.text)) return number;
  }
  const auto number = signed_number(value);
  // 32 bits with a sign.
  if (!number || *number >= 0 || *number < INT32_MIN) return std::nullopt;
  return static_cast<uint32_t>(*number);
}

void NtopRecord::begin() {
  record_.present.clear();
  first_switched_.reset();
  last_switched_.reset();
  has_address_field_ = false;
  has_source_ = false;
  has_destination_ = false;
}

void NtopRecord::take_other(const NtopField& field) {
  if (field.key.kind == NtopKey::Kind::kApplicationName) {
    if (field.value.kind != NtopValue::Kind::kText) return;
    record_.application_name = bytes_of(field.value.text);
    return mark(Element::kApplicationName);
  }
  const Element element = field.key.element;
  if (element == Element::kOther) return;
  if (element == Element::kFirstUptime) {
    first_switched_ = signed_number(field.value);
  } else if (element == Element::kLastUptime) {
    last_switched_ = signed_number(field.value);
  } else if (element < Element::kNumbers) {
    take_number(element, field.value);
  } else {
    take_text(element, field.value);
  }
}

void NtopRecord::take_number(Element element, const NtopValue& value) {
  if (const auto number = ntop_number(value)) set(element, *number);
}

void NtopRecord::take_text(Element element, const NtopValue& value) {
  switch (element) {
    case Element::kPath:
      if (value.kind != NtopValue::Kind::kText) return;
      record_.path = bytes_of(value.text);
      return mark(element);
    case Element::kSourceV4:
    case Element::kSourceV6:
    case Element::kDestinationV4:
    case Element::kDestinationV6:
      has_address_field_ = true;
      return take_address(element, value);
    case Element::kSourceMac:
    case Element::kDestinationMac: {
      const auto mac = MacAddress::parse(value.text);
      if (!mac) return;
      (element == Element::kSourceMac ? record_.source_mac : record_.destination_mac) = *mac;
      return mark(element);
    }
    case Element::kInterfaceName:
      record_.interface_name = bytes_of(value.text);
      return mark(element);
    case Element::kInterfaceDescription:
      record_.interface_description = bytes_of(value.text);
      return mark(element);
    default:
      // Pieces of packets are no text.
      return;
  }
}

// Where there is one address of each kind, the one that says something counts.
void NtopRecord::take_address(Element element, const NtopValue& value) {
  const auto address = address_of(value);
  if (!address) return;
  const bool is_source = element == Element::kSourceV4 || element == Element::kSourceV6;
  bool& has_it = is_source ? has_source_ : has_destination_;
  if (has_it && is_unspecified(*address)) return;
  has_it = true;
  (is_source ? record_.source : record_.destination) = *address;
}

void NtopRecord::finish_addresses() {
  if (!has_source_ || !has_destination_) return;
  if (record_.source.is_v4() != record_.destination.is_v4()) return;
  const bool is_v4 = record_.source.is_v4();
  mark(is_v4 ? Element::kSourceV4 : Element::kSourceV6);
  mark(is_v4 ? Element::kDestinationV4 : Element::kDestinationV6);
}

void NtopRecord::finish_switched(int64_t now, bool& tells_uptime) {
  if (!first_switched_ && !last_switched_) return;
  const int64_t last = last_switched_.value_or(first_switched_.value_or(0));
  const int64_t first = first_switched_.value_or(last);
  constexpr int64_t kDay = 86'400;
  constexpr int64_t kYear2000 = 946'684'800;
  const int64_t now_seconds = now / kSecond;
  const bool is_recent = last >= now_seconds - kDay && last <= now_seconds + kDay;
  // Between them it may be either, and is what the others were.
  const bool may_be_seconds = first >= kYear2000 && last >= kYear2000 && last <= now_seconds + kDay;
  if (is_recent) tells_uptime = false;
  if (!may_be_seconds) tells_uptime = true;
  if (!tells_uptime) {
    set(Element::kFirstSeconds, static_cast<uint64_t>(first));
    set(Element::kLastSeconds, static_cast<uint64_t>(last));
    return;
  }
  // Differences of 32 bits, with whatever sign.
  set(Element::kFirstUptime, static_cast<uint32_t>(first));
  set(Element::kLastUptime, static_cast<uint32_t>(last));
}

const DataRecord& NtopRecord::finish(ExportTime& time, bool& tells_uptime) {
  finish_addresses();
  finish_switched(time.received, tells_uptime);
  time.exported = time.received;
  // As if its clock were wrong by just so much.
  int64_t last = time.received;
  if (record_.has(Element::kLastMilliseconds)) {
    last = nanoseconds_of(record_.number(Element::kLastMilliseconds), kSecond / 1000);
  } else if (record_.has(Element::kLastSeconds)) {
    last = nanoseconds_of(record_.number(Element::kLastSeconds), kSecond);
  }
  // 0: not known.
  if (last != 0 && (last <= time.received - kMostPast || last >= time.received + kMostSkew))
    time.exported = last;
  return record_;
}

}  // namespace weir
