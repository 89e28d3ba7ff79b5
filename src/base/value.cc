// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/value.h"

#include <cmath>

#include <fmt/format.h>

#include "base/utf8.h"

namespace weir {
namespace {

void append_escaped(std::string& out, unsigned char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += fmt::format("\\u{:04x}", c);
  }
}

void append_number(std::string& out, auto number) {
  const fmt::format_int text(number);
  out.append(text.data(), text.size());
}

}  // namespace

Value::Value(std::string value) : data_(std::move(value)) {}
Value::Value(std::string_view value) : data_(std::string(value)) {}
Value::Value(const char* value) : data_(std::string(value)) {}
Value::Value(Array value) : data_(std::move(value)) {}
Value::Value(Object value) : data_(std::move(value)) {}
Value::Value(const Value& other) = default;
Value::Value(Value&& other) noexcept = default;
Value& Value::operator=(const Value& other) = default;
Value& Value::operator=(Value&& other) noexcept = default;
Value::~Value() = default;
bool Value::operator==(const Value& other) const {
  return data_ == other.data_;
}

const Value& Value::operator[](std::string_view name) const {
  static const Value kNull;
  if (const auto* object = as<Object>()) {
    for (const Member& member : *object) {
      if (member.first == name) return member.second;
    }
  }
  return kNull;
}

void Value::set(std::string_view name, Value value) {
  if (is_null()) data_ = Object{};
  std::get<Object>(data_).emplace_back(std::string(name), std::move(value));
}

void Value::push(Value value) {
  if (is_null()) data_ = Array{};
  std::get<Array>(data_).push_back(std::move(value));
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const auto c = static_cast<unsigned char>(text.front());
    if (c < 0x80) {
      if (c < 0x20 || c == '"' || c == '\\' || c == 0x7f) {
        append_escaped(out, c);
      } else {
        out += static_cast<char>(c);
      }
      text.remove_prefix(1);
      continue;
    }
    const size_t length = utf8_sequence_length(text);
    out += length == 0 ? std::string_view("\xef\xbf\xbd") : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

void append_json(std::string& out, const Value& value) {
  if (value.is_null()) {
    out += "null";
  } else if (const auto* boolean = value.as<bool>()) {
    out += *boolean ? "true" : "false";
  } else if (const auto* natural = value.as<uint64_t>()) {
    append_number(out, *natural);
  } else if (const auto* integer = value.as<int64_t>()) {
    append_number(out, *integer);
  } else if (const auto* real = value.as<double>()) {
    if (!std::isfinite(*real)) {
      out += "null";
    } else {
      out += fmt::format("{}", *real);
    }
  } else if (const auto* text = value.as<std::string>()) {
    append_json_string(out, *text);
  } else if (const auto* array = value.as<Value::Array>()) {
    out += '[';
    for (size_t i = 0; i < array->size(); ++i) {
      if (i > 0) out += ',';
      append_json(out, (*array)[i]);
    }
    out += ']';
  } else if (const auto* object = value.as<Value::Object>()) {
    out += '{';
    for (size_t i = 0; i < object->size(); ++i) {
      if (i > 0) out += ',';
      append_json_string(out, (*object)[i].first);
      out += ':';
      append_json(out, (*object)[i].second);
    }
    out += '}';
  }
}

std::string to_json(const Value& value) {
  std::string out;
  append_json(out, value);
  return out;
}

}  // namespace weir
