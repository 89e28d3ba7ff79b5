// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/size_text.h"

#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

namespace weir {
namespace {

std::optional<double> size_factor(std::string_view unit) {
  constexpr double kKilo = 1024;
  if (unit.empty() || unit == "B") return 1;
  if (unit.size() > 1 && unit.substr(1) != "B" && unit.substr(1) != "iB") return std::nullopt;
  switch (unit.front()) {
    case 'k':
    case 'K':
      return kKilo;
    case 'M':
      return kKilo * kKilo;
    case 'G':
      return kKilo * kKilo * kKilo;
    case 'T':
      return kKilo * kKilo * kKilo * kKilo;
    default:
      return std::nullopt;
  }
}

}  // namespace

Result<size_t> parse_size(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto factor = size_factor(text.substr(static_cast<size_t>(end - text.data())));
  constexpr double kMost = 1e15;
  if (error != std::errc() || !factor || !std::isfinite(number) || number < 0 ||
      number * *factor > kMost) {
    return Error{fmt::format("\"{}\" is no size: write 256M or 2G", text)};
  }
  return static_cast<size_t>(number * *factor);
}

}  // namespace weir
