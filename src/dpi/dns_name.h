// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/byte_reader.h"

namespace weir {

// Reads the name at `offset` of `message` (which begins with the DNS header) in lower case, its
// labels joined by dots; "." is the root. `offset` then stands behind the name. Nothing when it
// does not end within the message, is longer than 255 bytes or points forwards.
// Source: RFC 1035, 3.1 and 4.1.4. Cost: at most 255 bytes and as many pointers.
[[nodiscard]] std::optional<std::string> read_dns_name(const ByteReader& message, size_t& offset);

// The same without the name: false where read_dns_name() gives nothing.
[[nodiscard]] bool skip_dns_name(const ByteReader& message, size_t& offset);

// "wpad" of a NetBIOS name as DNS labels carry it, half a byte a letter; nothing when it is none.
// Its sixteenth byte, the kind of name, is left in `suffix`. Source: RFC 1001, 14.1.
[[nodiscard]] std::optional<std::string> decode_netbios_name(std::string_view encoded,
                                                             uint8_t& suffix);

}  // namespace weir
