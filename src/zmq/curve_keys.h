// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace weir {

// A key pair of CURVE (ZeroMQ RFC 26), each half as 40 characters of Z85 (RFC 32). A plain value.
struct CurveKeys {
  std::string public_key;
  std::string secret_key;
};

inline constexpr size_t kCurveKeyLength = 40;
// Whether it is the text of a key: its length, its letters, and 32 bytes when it is read.
[[nodiscard]] bool is_curve_key(std::string_view text);

// From the kernel's random source. Error: libzmq was built without CURVE.
[[nodiscard]] Result<CurveKeys> make_curve_keys();

// Makes the file, which only its owner may read. Errors: it is there already, it cannot be written.
[[nodiscard]] Result<void> write_curve_keys(const std::string& file, const CurveKeys& keys);
// Errors: it cannot be read, others than its owner may read it, it holds no pair.
[[nodiscard]] Result<CurveKeys> read_curve_keys(const std::string& file);

// Who may come.
struct AllowedKeys {
  bool any = false;  // whoever knows our public key
  std::vector<std::string> keys;
};
// `text`: "any", one public key, or a file with one in each line, which text may follow; empty
// lines and those that begin with "# " say nothing. Errors: it cannot be read, a line is no key.
[[nodiscard]] Result<AllowedKeys> read_allowed_keys(const std::string& text);

}  // namespace weir
