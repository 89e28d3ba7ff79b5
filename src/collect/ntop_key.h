// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collect/element.h"

namespace weir {

// What the key of a field of ntop's JSON or TLV means. A plain value.
struct NtopKey {
  enum class Kind : uint8_t {
    kElement,          // `element`; kOther: kept by number, or by name where it has none
    kApplicationName,  // "TLS.Google"
    kApplicationIds,   // nDPI's numbers: "91.126"
  };
  Kind kind = Kind::kElement;
  Element element = Element::kOther;
  uint32_t enterprise = 0;
  uint16_t id = 0;  // 0: it has no number

  bool operator==(const NtopKey&) const = default;
};

// ntop's own enterprise, and where its fields begin among those that look like IANA's.
inline constexpr uint32_t kNtopEnterprise = 35632;
inline constexpr uint32_t kNtopBase = 57472;

// A key of TLV: a number of IANA's, or kNtopBase and more.
[[nodiscard]] NtopKey ntop_key(uint32_t number);
// A key of JSON: "8", "35632.118", "35632.57590", "IPV4_SRC_ADDR", "sourceIPv4Address". Names
// that mean nothing so are looked at again without hyphens and with "_" for blanks: that is how
// they come out of printed text. Nothing known: a key of no number.
[[nodiscard]] NtopKey ntop_key(std::string_view text);

// Records of one sender have the same keys in the same order: the one that was at a place before
// is compared first. Bounded. Owner: one thread.
class NtopKeyCache {
 public:
  static constexpr size_t kMaxPlaces = 256;
  static constexpr size_t kMaxKeyBytes = 64;

  // Whether the text goes on with the key that was there, and a quote. `length`: of the key.
  [[nodiscard]] const NtopKey* find(size_t place, std::string_view text, size_t& length) const {
    if (place >= known_.size()) return nullptr;
    const Known& known = known_[place];
    length = known.text.size();
    const bool goes_on = length != 0 && text.size() > length && text[length] == '"' &&
                         is_same(text.data(), known.text.data(), length);
    return goes_on ? &known.key : nullptr;
  }
  // The same of a key that is a number.
  [[nodiscard]] const NtopKey* find(size_t place, uint32_t number) const {
    return place < known_.size() && known_[place].number == number ? &known_[place].key : nullptr;
  }
  // The same where a length ends the key.
  [[nodiscard]] const NtopKey* find_whole(size_t place, std::string_view text) const {
    return place < known_.size() && !text.empty() && known_[place].text == text ? &known_[place].key
                                                                                : nullptr;
  }
  // What it means, to be found the next time. Lives until the next call.
  const NtopKey& learn(size_t place, std::string_view text);
  const NtopKey& learn(size_t place, uint32_t number);

 private:
  struct Known {
    std::string text;
    std::optional<uint32_t> number;
    NtopKey key;
  };
  // memcmp() for what is some words long.
  static bool is_same(const char* a, const char* b, size_t length) {
    const auto word = [](const char* at) {
      uint64_t bytes = 0;
      std::memcpy(&bytes, at, sizeof bytes);
      return bytes;
    };
    constexpr size_t kWord = sizeof(uint64_t);
    if (length < kWord) {
      for (size_t i = 0; i < length; ++i) {
        if (a[i] != b[i]) return false;
      }
      return true;
    }
    for (size_t i = 0; i + kWord < length; i += kWord) {
      if (word(a + i) != word(b + i)) return false;
    }
    // The last one overlaps with the one before.
    return word(a + length - kWord) == word(b + length - kWord);
  }

  std::vector<Known> known_;
  NtopKey other_;
};

}  // namespace weir
