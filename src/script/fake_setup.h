// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "query/setup.h"

namespace weir {

// First start's questions for tests: answers as it is told, and remembers what it was told. Owner:
// one thread.
class FakeSetup : public Setup {
 public:
  [[nodiscard]] Value state() const override { return told; }
  [[nodiscard]] Answer change(const SetupChange& change) override {
    ++changes;
    last = change;
    if (refusal) return *refusal;
    return Value(Value::Object{{"restarts", true}, {"file", "f"}});
  }

  Value told = Value::Object{{"may_change", true}, {"decided", Value::Object{}}};
  std::optional<QueryError> refusal;
  SetupChange last;
  int changes = 0;
};

}  // namespace weir
