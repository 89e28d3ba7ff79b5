// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/digest.h"

#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <memory>

namespace weir {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

// Fetched once: the implicit fetch of EVP_md5() costs a lock and a search for each digest.
const EVP_MD* algorithm(TextDigest::Kind kind) {
  static const EVP_MD* md5 = EVP_MD_fetch(nullptr, "MD5", nullptr);
  static const EVP_MD* sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return kind == TextDigest::Kind::kMd5 ? md5 : sha256;
}

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// One for each kind, for a context that changes its algorithm allocates anew.
EVP_MD_CTX* thread_context(TextDigest::Kind kind) {
  static thread_local std::array<std::unique_ptr<EVP_MD_CTX, FreeContext>, 2> contexts;
  auto& context = contexts[static_cast<size_t>(kind)];
  if (!context) context.reset(EVP_MD_CTX_new());
  return context.get();
}

}  // namespace

TextDigest::TextDigest(Kind kind) : context_(thread_context(kind)) {
  const EVP_MD* type = algorithm(kind);
  if (context_ == nullptr || type == nullptr || EVP_DigestInit_ex2(context_, type, nullptr) != 1)
    context_ = nullptr;
}

void TextDigest::add(std::string_view text) {
  for (const char c : text) add(c);
}

void TextDigest::add_decimal(uint32_t value) {
  std::array<char, 10> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  add(std::string_view(digits.data(), static_cast<size_t>(end - digits.data())));
}

void TextDigest::add_hex(uint16_t value) {
  for (int shift = 12; shift >= 0; shift -= 4) add(kHexDigits[value >> shift & 0xf]);
}

void TextDigest::flush() {
  if (context_ != nullptr) EVP_DigestUpdate(context_, buffer_.data(), size_);
  size_ = 0;
}

std::string TextDigest::hex(size_t digits) {
  flush();
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (context_ == nullptr || EVP_DigestFinal_ex(context_, digest.data(), &size) != 1) return {};
  std::string text(std::min<size_t>(digits, 2 * size), '0');
  for (size_t i = 0; i < text.size(); ++i)
    text[i] = kHexDigits[digest[i / 2] >> (i % 2 == 0 ? 4 : 0) & 0xf];
  return text;
}

std::string md5_hex(std::string_view text) {
  TextDigest digest(TextDigest::Kind::kMd5);
  digest.add(text);
  return digest.hex(32);
}

}  // namespace weir
