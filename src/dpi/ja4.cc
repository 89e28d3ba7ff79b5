// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ja4.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "dpi/digest.h"
#include "dpi/tls_version.h"

namespace weir {
namespace {

constexpr uint16_t kServerName = 0;
constexpr uint16_t kAlpn = 16;
constexpr size_t kDigits = 12;
constexpr std::string_view kEmptyHash = "000000000000";

// The values of a list without GREASE.
struct Values {
  void add(uint16_t value) {
    if (is_grease(value)) return;
    if (size < kMaxJa4Values) numbers[size] = value;
    ++size;
  }
  [[nodiscard]] bool is_too_long() const { return size > kMaxJa4Values; }
  [[nodiscard]] std::span<uint16_t> span() { return {numbers.data(), size}; }

  std::array<uint16_t, kMaxJa4Values> numbers;  // not cleared: `size` says what counts
  size_t size = 0;
};

Values values_of(const WireU16List& list) {
  Values values;
  for (size_t i = 0; i < list.size(); ++i) values.add(list[i]);
  return values;
}

Values types_of(TlsExtensions cursor) {
  Values values;
  for (TlsExtension extension; cursor.next(extension);) values.add(extension.type);
  return values;
}

void add_list(TextDigest& digest, std::span<const uint16_t> values) {
  for (size_t i = 0; i < values.size(); ++i) {
    if (i != 0) digest.add(',');
    digest.add_hex(values[i]);
  }
}

void append_count(std::string& text, size_t count) {
  count = std::min<size_t>(count, 99);
  text += static_cast<char>('0' + count / 10);
  text += static_cast<char>('0' + count % 10);
}

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// First and last character; where one is no letter or digit, the first and last of the hex digits.
void append_alpn(std::string& text, std::string_view alpn) {
  constexpr char kHexDigits[] = "0123456789abcdef";
  if (alpn.empty()) {
    text += "00";
  } else if (is_alphanumeric(alpn.front()) && is_alphanumeric(alpn.back())) {
    text += alpn.front();
    text += alpn.back();
  } else {
    text += kHexDigits[static_cast<uint8_t>(alpn.front()) >> 4];
    text += kHexDigits[static_cast<uint8_t>(alpn.back()) & 0xf];
  }
}

std::string_view first_alpn(const TlsClientHello& hello) {
  ByteReader list = hello.alpn;
  std::string_view name;
  return next_alpn(list, name) ? name : std::string_view();
}

// The highest as a number: of DTLS, which counts downwards, that is the lowest.
uint16_t version_of(const TlsClientHello& hello) {
  uint16_t highest = 0;
  for (size_t i = 0; i < hello.supported_versions.size(); ++i) {
    const uint16_t version = hello.supported_versions[i];
    if (!is_grease(version) && version > highest) highest = version;
  }
  return highest == 0 ? hello.version : highest;
}

std::string hash_of_ciphers(Values& ciphers) {
  if (ciphers.size == 0) return std::string(kEmptyHash);
  std::ranges::sort(ciphers.span());
  TextDigest digest(TextDigest::Kind::kSha256);
  add_list(digest, ciphers.span());
  return digest.hex(kDigits);
}

// The extensions sorted, without the two that the first part tells of; the signature algorithms in
// their order.
std::string hash_of_extensions(Values& extensions, Values& algorithms) {
  const std::span<uint16_t> all = extensions.span();
  const auto end = std::remove_if(
      all.begin(), all.end(), [](uint16_t type) { return type == kServerName || type == kAlpn; });
  const std::span<uint16_t> rest(all.begin(), end);
  if (rest.empty()) return std::string(kEmptyHash);
  std::ranges::sort(rest);
  TextDigest digest(TextDigest::Kind::kSha256);
  add_list(digest, rest);
  if (algorithms.size != 0) {
    digest.add('_');
    add_list(digest, algorithms.span());
  }
  return digest.hex(kDigits);
}

}  // namespace

std::string ja4(const TlsClientHello& hello, TlsTransport transport) {
  Values ciphers = values_of(hello.cipher_suites);
  Values extensions = types_of(hello.extensions);
  Values algorithms = values_of(hello.signature_algorithms);
  if (ciphers.is_too_long() || extensions.is_too_long() || algorithms.is_too_long()) return {};
  std::string text;
  text.reserve(36);
  text += static_cast<char>(transport);
  text += ja4_version(version_of(hello));
  text += hello.has_server_name ? 'd' : 'i';
  append_count(text, ciphers.size);
  append_count(text, extensions.size);
  append_alpn(text, first_alpn(hello));
  text += '_';
  text += hash_of_ciphers(ciphers);
  text += '_';
  text += hash_of_extensions(extensions, algorithms);
  return text;
}

std::string ja4s(const TlsServerHello& hello, TlsTransport transport) {
  Values extensions = types_of(hello.extensions);
  if (extensions.is_too_long()) return {};
  constexpr char kHexDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(25);
  text += static_cast<char>(transport);
  text += ja4_version(hello.agreed_version);
  append_count(text, extensions.size);
  append_alpn(text, hello.alpn);
  text += '_';
  for (int shift = 12; shift >= 0; shift -= 4)
    text += kHexDigits[hello.cipher_suite >> shift & 0xf];
  text += '_';
  if (extensions.size == 0) return text += kEmptyHash;
  TextDigest digest(TextDigest::Kind::kSha256);
  add_list(digest, extensions.span());
  return text += digest.hex(kDigits);
}

}  // namespace weir
