// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/places.h"

namespace weir {
namespace {

constexpr uint16_t kLetters = 26;

// From 0; kLetters for what is no ASCII letter.
uint16_t letter_number(char letter) {
  if (letter >= 'a' && letter <= 'z') return static_cast<uint16_t>(letter - 'a');
  if (letter >= 'A' && letter <= 'Z') return static_cast<uint16_t>(letter - 'A');
  return kLetters;
}

}  // namespace

CountryCode country_code(std::string_view letters) {
  if (letters.size() != 2) return 0;
  const uint16_t first = letter_number(letters[0]);
  const uint16_t second = letter_number(letters[1]);
  if (first == kLetters || second == kLetters) return 0;
  return static_cast<CountryCode>(first * kLetters + second + 1);
}

std::string country_letters(CountryCode code) {
  if (code == 0 || code > kMaxCountryCode) return {};
  const auto index = static_cast<uint16_t>(code - 1);
  return {static_cast<char>('A' + index / kLetters), static_cast<char>('A' + index % kLetters)};
}

}  // namespace weir
