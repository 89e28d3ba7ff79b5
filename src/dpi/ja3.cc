// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ja3.h"

#include "dpi/digest.h"
#include "dpi/tls_version.h"

namespace weir {
namespace {

constexpr size_t kDigits = 32;

// Writes one list and knows whether a separator is due.
class List {
 public:
  explicit List(TextDigest& digest) : digest_(digest) { digest_.add(','); }

  void add(uint16_t value) {
    if (has_some_) digest_.add('-');
    digest_.add_decimal(value);
    has_some_ = true;
  }

 private:
  TextDigest& digest_;
  bool has_some_ = false;
};

void add_list(TextDigest& digest, const WireU16List& values) {
  List list(digest);
  for (size_t i = 0; i < values.size(); ++i)
    if (!is_grease(values[i])) list.add(values[i]);
}

}  // namespace

std::string ja3(const TlsClientHello& hello) {
  TextDigest digest(TextDigest::Kind::kMd5);
  digest.add_decimal(hello.version);
  add_list(digest, hello.cipher_suites);
  List extensions(digest);
  TlsExtensions cursor = hello.extensions;
  for (TlsExtension extension; cursor.next(extension);)
    if (!is_grease(extension.type)) extensions.add(extension.type);
  add_list(digest, hello.groups);
  List point_formats(digest);
  for (const uint8_t format : hello.point_formats.rest()) point_formats.add(format);
  return digest.hex(kDigits);
}

std::string ja3s(const TlsServerHello& hello) {
  TextDigest digest(TextDigest::Kind::kMd5);
  digest.add_decimal(hello.version);
  digest.add(',');
  digest.add_decimal(hello.cipher_suite);
  List extensions(digest);
  TlsExtensions cursor = hello.extensions;
  for (TlsExtension extension; cursor.next(extension);) extensions.add(extension.type);
  return digest.hex(kDigits);
}

}  // namespace weir
