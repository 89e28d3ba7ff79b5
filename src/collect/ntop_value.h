// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace weir {

// The value of a field of ntop's JSON or TLV. Text lives as long as the message or, where it had to
// be unescaped, the record.
struct NtopValue {
  enum class Kind : uint8_t {
    kText,
    kUnsigned,
    kSigned,  // below zero
    kOther,   // a fraction, true, false, null, a list: as it stands there, where there is text
  };
  Kind kind = Kind::kOther;
  uint64_t number = 0;  // of kSigned: as int64_t
  std::string_view text;
};

}  // namespace weir
