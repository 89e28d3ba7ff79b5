// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ascii.h"
#include "base/byte_reader.h"

// What text protocols need of bytes that claim to be ASCII. Nothing here looks beyond ASCII or asks
// the locale.
namespace weir {

[[nodiscard]] inline std::string_view text_of(const ByteReader& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.remaining()};
}
// Whether the bytes begin with `start`, or are too few to tell but do so far.
[[nodiscard]] bool begins_like(const ByteReader& bytes, std::string_view start);

[[nodiscard]] constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
// Letter case makes no difference; `lower_case` is in lower case already.
[[nodiscard]] bool is_same_word(std::string_view text, std::string_view lower_case);
[[nodiscard]] bool starts_with_word(std::string_view text, std::string_view lower_case);
[[nodiscard]] bool contains_word(std::string_view text, std::string_view lower_case);
[[nodiscard]] std::string to_lower(std::string_view text);

// Without spaces and tabs at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);
// What is before the first space; `text` is then what follows the spaces after it.
[[nodiscard]] std::string_view take_word(std::string_view& text);
// Decimal digits and nothing else; nothing when it does not fit.
[[nodiscard]] std::optional<uint64_t> parse_decimal(std::string_view text);
[[nodiscard]] std::string to_hex(const uint8_t* bytes, size_t count);

}  // namespace weir
