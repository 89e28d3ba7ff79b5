// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace weir {

// 256 random bits from the kernel as 64 hexadecimal digits. Whoever sends it can read our answers,
// which a page of another site cannot: it stands in for a session until there is a sign-in. Shared:
// immutable.
class SessionToken {
 public:
  // Error: the kernel gives no random bytes.
  static Result<SessionToken> make();

  [[nodiscard]] const std::string& text() const { return text_; }
  // In a time that does not depend on how much of `candidate` is right.
  [[nodiscard]] bool matches(std::string_view candidate) const;

 private:
  explicit SessionToken(std::string text);
  std::string text_;
};

}  // namespace weir
