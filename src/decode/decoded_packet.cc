// SPDX-License-Identifier: GPL-3.0-or-later
#include "decode/decoded_packet.h"

namespace weir {

std::string_view decode_error_name(DecodeError error) {
  static constexpr std::array<std::string_view, static_cast<size_t>(DecodeError::kCount)> kNames{
      "", "truncated", "bad_length", "bad_version", "unknown_link_type", "too_deep", "encrypted"};
  const auto index = static_cast<size_t>(error);
  return index < kNames.size() ? kNames[index] : "";
}

}  // namespace weir
