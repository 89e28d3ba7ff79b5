// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace weir {

// The MD5 or SHA-256 of a text that is written piece by piece: a fingerprint needs no string of its
// own. At most one of a kind is alive in a thread at a time, for they share its context. A kind
// that OpenSSL does not offer (MD5 under FIPS) gives "".
// Cost: some 50 ns for a short text that the thread had lately, else 0.1 us and what hashing the
// bytes costs. Memory: 75 KB a thread that uses it, no allocation after its first.
class TextDigest {
 public:
  enum class Kind : uint8_t { kMd5, kSha256 };

  explicit TextDigest(Kind kind) : kind_(kind) {}
  TextDigest(const TextDigest&) = delete;
  TextDigest& operator=(const TextDigest&) = delete;

  void add(char c) {
    if (size_ == buffer_.size()) flush();
    buffer_[size_++] = c;
  }
  void add(std::string_view text);
  void add_decimal(uint32_t value);
  void add_hex(uint16_t value);  // four lower-case digits

  // The digest's first `digits` hex digits, lower case. The text ends with it.
  [[nodiscard]] std::string hex(size_t digits);

 private:
  [[nodiscard]] bool begin();
  void flush();

  Kind kind_;
  bool is_begun_ = false;
  evp_md_ctx_st* context_ = nullptr;  // the thread's; null when begun: not offered
  size_t size_ = 0;
  std::array<char, 512> buffer_;
};

// 32 hex digits.
[[nodiscard]] std::string md5_hex(std::string_view text);

}  // namespace weir
