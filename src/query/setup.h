// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/value.h"
#include "query/questions.h"

namespace weir {

// Answers to first start's questions. What is not there stays as it is.
struct SetupChange {
  std::optional<std::vector<std::string>> interfaces;  // names; none: all that are up
  std::optional<std::vector<std::string>> local;       // networks; none: the private ranges
  std::optional<std::string> resolve;                  // "off", "local", "all"
};

// What is watched, which networks are local, and whose names are asked for, where people may answer
// that themselves. Thread-safe.
class Setup {
 public:
  virtual ~Setup() = default;

  // The questions with their answers: what GET /api/v1/setup answers (docs/setup.md).
  [[nodiscard]] virtual Value state() const = 0;

  // Keeps answers: {"restarts": whether weir starts again to use them, "file": where they are}.
  // Error: a parameter ("interfaces", "local", "resolve") that is wrong or decided elsewhere, or
  // none may be changed.
  [[nodiscard]] virtual Answer change(const SetupChange& change) = 0;
};

}  // namespace weir
