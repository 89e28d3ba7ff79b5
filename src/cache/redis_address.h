// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace weir {

// Where a Redis is and what is said to it first.
struct RedisAddress {
  std::string host;
  uint16_t port = 6379;
  std::string user;      // empty: the default user
  std::string password;  // empty: none is asked for
  uint32_t database = 0;
  // In front of all keys, so that several instances, or weir and others, can share one Redis.
  std::string prefix = "weir";

  // redis://[[user][:password]@]HOST[:PORT][/DB][?prefix=NAME]; user and password may have
  // %XX, an IPv6 address is in brackets, NAME is 1 to 64 of letters, digits, "_", "." and "-".
  // The error does not repeat the password.
  static Result<RedisAddress> parse(std::string_view url);
  // The same without user and password.
  [[nodiscard]] std::string to_string() const;

  bool operator==(const RedisAddress&) const = default;
};

}  // namespace weir
