// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace weir {

inline constexpr size_t kMaxStoreKeyBytes = 64;

// What the keys of a key-value store that name things of one kind have in common: "user:?:name" of
// "user:1234:name", "session:?" of "session:9f86d081884c". Between ':', '/', '.', '-', '_', '|',
// '{', '}', '#' and '@' a part is "?" when it has a digit, is longer than 20 bytes, or holds what
// is not printable ASCII; several of them in a row are one. At most kMaxStoreKeyBytes, cut between
// parts.
// Cost: linear.
[[nodiscard]] std::string store_key_pattern(std::string_view key);

}  // namespace weir
