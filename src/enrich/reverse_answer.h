// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "net/ip_address.h"

namespace weir {

// What became of the question for an address's name.
struct ReverseAnswer {
  enum class Kind : uint8_t {
    kName,
    kNoName,   // it has none, says the server (NXDOMAIN, no PTR record)
    kBadName,  // it has one that is none (see is_name_of_host())
    kFailed,   // no answer, or one that says nothing
  };
  Kind kind = Kind::kFailed;
  std::string name;             // of kName, in lower case
  std::chrono::seconds ttl{0};  // of kName

  bool operator==(const ReverseAnswer&) const = default;
};

// "1.0.0.10.in-addr.arpa", "1.0...8.b.d.0.1.0.0.2.ip6.arpa". Source: RFC 1035, 3.5; RFC 3596, 2.5.
[[nodiscard]] std::string reverse_name(const IpAddress& address);

// Reads the answer to a PTR question. Of several names the shortest is taken, of those the first in
// the alphabet, so that the order does not matter; the lifetime is the shortest in the chain that
// leads to it. `message` comes from a stranger.
[[nodiscard]] ReverseAnswer parse_reverse_answer(std::span<const uint8_t> message);

// Whether it can be the name of a host: letters, digits, "-" and "_" in labels of 1 to 63, with
// dots between, at most 253 bytes, and no address in any form. Source: RFC 1123, 2.1; "_" because
// many have it.
[[nodiscard]] bool is_name_of_host(std::string_view name);

}  // namespace weir
