// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace weir {

// How an application was found, the weakest first.
enum class Confidence : uint8_t {
  kNone,     // it was not
  kPort,     // by the port alone
  kAddress,  // by whose address it is
  kName,     // by a name or a fingerprint that the flow's protocol carries
  kPayload,  // by the bytes themselves
  kCount
};

// "unknown", "port", "address", "name", "payload": the field `confidence` of flows.
[[nodiscard]] constexpr std::string_view confidence_name(Confidence confidence) {
  constexpr std::array<std::string_view, static_cast<size_t>(Confidence::kCount)> kNames{
      "unknown", "port", "address", "name", "payload"};
  const auto index = static_cast<size_t>(confidence);
  return index < kNames.size() ? kNames[index] : kNames[0];
}

}  // namespace weir
