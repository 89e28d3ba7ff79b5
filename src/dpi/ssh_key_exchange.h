// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "base/byte_reader.h"

namespace weir {

// The fingerprint of what the sender of an SSH KEXINIT message offers for its own direction: MD5 of
// the name lists "key exchange;encryption;MAC;compression". `message` begins with the message's
// number. Nothing when it is no KEXINIT or not whole.
// Source: RFC 4253, 7.1; HASSH as Salesforce published it.
[[nodiscard]] std::optional<std::string> hassh_of(ByteReader message, bool from_client);

}  // namespace weir
