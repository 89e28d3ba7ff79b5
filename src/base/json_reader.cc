// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json_reader.h"

#include <string>
#include <utility>

#include <simdjson.h>

namespace weir {
namespace {

namespace dom = simdjson::dom;

// REQUIRES: the parser has checked how deep it is.
Value to_value(const dom::element& element) {
  switch (element.type()) {
    case dom::element_type::ARRAY: {
      Value::Array array;
      for (const dom::element one : dom::array(element)) array.push_back(to_value(one));
      return array;
    }
    case dom::element_type::OBJECT: {
      Value::Object object;
      for (const auto& [name, one] : dom::object(element))
        object.emplace_back(std::string(name), to_value(one));
      return object;
    }
    case dom::element_type::INT64:
      return int64_t(element);
    case dom::element_type::UINT64:
      return uint64_t(element);
    case dom::element_type::DOUBLE:
      return double(element);
    case dom::element_type::STRING:
      return std::string_view(element);
    case dom::element_type::BOOL:
      return bool(element);
    default:
      return {};
  }
}

}  // namespace

Result<Value> parse_json(std::string_view text) {
  dom::parser parser;
  dom::element root;
  auto error = parser.allocate(text.size(), kMaxJsonDepth);
  if (error == simdjson::SUCCESS) error = parser.parse(text.data(), text.size()).get(root);
  if (error != simdjson::SUCCESS) return Error{simdjson::error_message(error), error};
  return to_value(root);
}

}  // namespace weir
