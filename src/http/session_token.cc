// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/session_token.h"

#include <array>
#include <cerrno>
#include <iterator>
#include <utility>

#include <sys/random.h>

#include <fmt/format.h>

namespace weir {

Result<SessionToken> SessionToken::make() {
  std::array<unsigned char, 32> bytes{};
  // Up to 256 bytes come whole once the kernel's generator is seeded (getrandom(2)).
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return system_error("getrandom", errno);
  }
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return SessionToken(std::move(text));
}

SessionToken::SessionToken(std::string text) : text_(std::move(text)) {}

bool SessionToken::matches(std::string_view candidate) const {
  if (candidate.size() != text_.size()) return false;
  unsigned difference = 0;
  for (size_t i = 0; i < text_.size(); ++i) {
    difference |= static_cast<unsigned>(static_cast<unsigned char>(text_[i]) ^
                                        static_cast<unsigned char>(candidate[i]));
  }
  return difference == 0;
}

}  // namespace weir
