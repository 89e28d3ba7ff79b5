// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/ntop_event.h"

#include <charconv>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "collect/event_head.h"

namespace weir {
namespace {

// A key of TLV that is a number has no name.
std::string name_of(const NtopField& field) {
  if (!field.name.empty() || field.key.id == 0) return std::string(field.name);
  return field.key.enterprise == 0 ? fmt::format("{}", field.key.id)
                                   : fmt::format("{}.{}", field.key.enterprise, field.key.id);
}

bool is_of_the_event(std::string_view name) {
  return name == "event" || name == "time" || name == "sender";
}

// Null for what is null, or a list.
Value value_of(const NtopValue& value) {
  switch (value.kind) {
    case NtopValue::Kind::kText:
      return value.text.substr(0, NtopEvent::kMaxText);
    case NtopValue::Kind::kUnsigned:
      return value.number;
    case NtopValue::Kind::kSigned:
      return static_cast<int64_t>(value.number);
    case NtopValue::Kind::kOther:
      break;
  }
  if (value.text == "true" || value.text == "false") return value.text == "true";
  double number = 0;
  const char* const end = value.text.data() + value.text.size();
  const auto [behind, error] = std::from_chars(value.text.data(), end, number);
  return error == std::errc() && behind == end ? Value(number) : Value();
}

}  // namespace

void NtopEvent::take(const NtopField& field) {
  if (fields_ >= kMaxFields) return;
  const std::string name = name_of(field);
  if (name.empty() || is_of_the_event(name) || !said_[name].is_null()) return;
  Value value = value_of(field.value);
  if (value.is_null()) return;
  said_.set(name, std::move(value));
  ++fields_;
}

Value NtopEvent::finish(const IpAddress& sender, int64_t received) const {
  Value event = event_head("zmq", sender, received);
  for (const auto& [name, value] : *said_.as<Value::Object>()) event.set(name, value);
  return event;
}

}  // namespace weir
