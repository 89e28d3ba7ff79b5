// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/digest.h"

#include <openssl/evp.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <memory>
#include <span>

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

// Digests of short texts that the thread had lately. Clients are many, their kinds are few: most
// lists of ciphers and extensions were seen before, and to compare them is a tenth of hashing them.
class RecentDigests {
 public:
  struct Entry {
    size_t size = 0;  // of the text; 0: free
    unsigned digest_size = 0;
    std::array<char, 512> text;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  };

  Entry& entry_for(std::string_view text) { return entries_[slot_of(text)]; }

 private:
  static constexpr size_t kEntries = 64;

  // Who makes texts collide costs himself the gain, nothing else.
  static size_t slot_of(std::string_view text) {
    uint64_t hash = text.size();
    uint64_t word = 0;
    for (; text.size() >= sizeof(word); text.remove_prefix(sizeof(word))) {
      std::memcpy(&word, text.data(), sizeof(word));
      hash = (hash ^ word) * 0x9e3779b97f4a7c15;
      hash ^= hash >> 29;
    }
    for (const char c : text) hash = (hash ^ static_cast<uint8_t>(c)) * 0x9e3779b97f4a7c15;
    return hash >> 58;
  }

  std::array<Entry, kEntries> entries_{};
};

RecentDigests& thread_digests(TextDigest::Kind kind) {
  static thread_local std::array<RecentDigests, 2> digests;
  return digests[static_cast<size_t>(kind)];
}

std::string hex_of(std::span<const unsigned char> digest, size_t digits) {
  std::string text(std::min(digits, 2 * digest.size()), '0');
  for (size_t i = 0; i < text.size(); ++i)
    text[i] = kHexDigits[digest[i / 2] >> (i % 2 == 0 ? 4 : 0) & 0xf];
  return text;
}

}  // namespace

// The context is begun only when there is something to hash.
bool TextDigest::begin() {
  if (is_begun_) return context_ != nullptr;
  is_begun_ = true;
  context_ = thread_context(kind_);
  const EVP_MD* type = algorithm(kind_);
  if (context_ == nullptr || type == nullptr || EVP_DigestInit_ex2(context_, type, nullptr) != 1)
    context_ = nullptr;
  return context_ != nullptr;
}

void TextDigest::add(std::string_view text) {
  for (const char c : text) add(c);
}

void TextDigest::add_decimal(uint32_t value) {
  constexpr size_t kMostDigits = 10;
  if (buffer_.size() - size_ < kMostDigits) flush();
  const auto end =
      std::to_chars(buffer_.data() + size_, buffer_.data() + buffer_.size(), value).ptr;
  size_ = static_cast<size_t>(end - buffer_.data());
}

void TextDigest::add_hex(uint16_t value) {
  constexpr size_t kDigits = 4;
  if (buffer_.size() - size_ < kDigits) flush();
  for (int shift = 12; shift >= 0; shift -= 4) buffer_[size_++] = kHexDigits[value >> shift & 0xf];
}

void TextDigest::flush() {
  if (begin()) EVP_DigestUpdate(context_, buffer_.data(), size_);
  size_ = 0;
}

std::string TextDigest::hex(size_t digits) {
  const std::string_view text(buffer_.data(), size_);
  const bool is_short = !is_begun_ && !text.empty();
  RecentDigests::Entry* known = is_short ? &thread_digests(kind_).entry_for(text) : nullptr;
  if (known != nullptr && text == std::string_view(known->text.data(), known->size))
    return hex_of(std::span(known->digest).first(known->digest_size), digits);
  const size_t size = size_;
  flush();
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned digest_size = 0;
  if (context_ == nullptr || EVP_DigestFinal_ex(context_, digest.data(), &digest_size) != 1)
    return {};
  if (known != nullptr) {
    known->size = size;
    std::copy_n(buffer_.begin(), size, known->text.begin());
    known->digest = digest;
    known->digest_size = digest_size;
  }
  return hex_of(std::span(digest).first(digest_size), digits);
}

std::string md5_hex(std::string_view text) {
  TextDigest digest(TextDigest::Kind::kMd5);
  digest.add(text);
  return digest.hex(32);
}

}  // namespace weir
