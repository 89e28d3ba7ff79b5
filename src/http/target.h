// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "script/script_runner.h"

namespace weir {

// A request target, percent-decoded once. Nothing decodes it again.
struct Target {
  std::string path;  // starts with "/"; valid UTF-8 without control characters and without the
                     // segments "." and ".."
  Parameters parameters;

  static constexpr size_t kMaxBytes = 8192;
  static constexpr size_t kMaxParameters = 64;
};

// Why a target is none, for people, and which parameter of it is wrong; "" where none is.
struct TargetError {
  std::string message;
  std::string parameter{};
};

// "/api/v1/hosts?filter=a+%3D+1" -> path and parameters ("+" is a space in parameters, RFC 3986 and
// HTML forms). Error: longer than kMaxBytes, not starting with "/", a fragment, a bad
// escape, control characters, no UTF-8,
// "." or ".." as a segment, more than kMaxParameters, a parameter given twice or without a name.
[[nodiscard]] Result<Target, TargetError> parse_target(std::string_view text);

}  // namespace weir
