// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace weir {

// A plain answer: what JSON can say, with 64-bit integers kept whole and object members in the
// order they were added. It is what `query` returns, scripts see as tables and HTTP writes as JSON.
// Shared by copy; no references into the engine.
class Value {
 public:
  using Array = std::vector<Value>;
  using Member = std::pair<std::string, Value>;
  using Object = std::vector<Member>;

  // Implicit on purpose (hence the NOLINTs): an answer reads as the literal it is.
  Value() = default;                                 // null
  Value(bool value) : data_(value) {}                // NOLINT(google-explicit-constructor)
  Value(uint64_t value) : data_(value) {}            // NOLINT(google-explicit-constructor)
  Value(int64_t value) : data_(value) {}             // NOLINT(google-explicit-constructor)
  Value(double value) : data_(value) {}              // NOLINT(google-explicit-constructor)
  Value(uint32_t value) : data_(uint64_t{value}) {}  // NOLINT(google-explicit-constructor)
  Value(int value) : data_(int64_t{value}) {}        // NOLINT(google-explicit-constructor)
  Value(std::string value);                          // NOLINT(google-explicit-constructor)
  Value(std::string_view value);                     // NOLINT(google-explicit-constructor)
  Value(const char* value);                          // NOLINT(google-explicit-constructor)
  Value(Array value);                                // NOLINT(google-explicit-constructor)
  Value(Object value);                               // NOLINT(google-explicit-constructor)
  // In value.cc: what contains itself is much code, and every answer has dozens of them.
  Value(const Value& other);
  Value(Value&& other) noexcept;
  Value& operator=(const Value& other);
  Value& operator=(Value&& other) noexcept;
  ~Value();

  [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(data_); }
  template <typename T>
  [[nodiscard]] const T* as() const {
    return std::get_if<T>(&data_);
  }
  template <typename T>
  [[nodiscard]] T* as() {
    return std::get_if<T>(&data_);
  }

  // The member of that name; null Value when this is no object or has none. Linear: objects are
  // small.
  [[nodiscard]] const Value& operator[](std::string_view name) const;
  // Adds a member to an object (a null Value becomes one). Names are not checked for being there
  // already.
  void set(std::string_view name, Value value);
  // Adds an element to an array (a null Value becomes one).
  void push(Value value);

  bool operator==(const Value& other) const;

 private:
  std::variant<std::monostate, bool, uint64_t, int64_t, double, std::string, Array, Object> data_;
};

// Appends `value` as JSON (RFC 8259) without white space. Doubles are the shortest text that reads
// back the same; those that are not finite become null. Bytes that are no UTF-8 become U+FFFD.
void append_json(std::string& out, const Value& value);
// A string as a JSON string literal, with the same care.
void append_json_string(std::string& out, std::string_view text);
[[nodiscard]] std::string to_json(const Value& value);

}  // namespace weir
