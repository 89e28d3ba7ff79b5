// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/tls_client_hello.h"

#include "dpi/tls_version.h"

namespace weir {
namespace {

// IANA, TLS ExtensionType Values.
enum Extension : uint16_t {
  kServerName = 0,
  kSupportedGroups = 10,
  kEcPointFormats = 11,
  kSignatureAlgorithms = 13,
  kAlpn = 16,
  kSupportedVersions = 43,
  kEncryptedClientHello = 0xfe0d,
  kEncryptedServerName = 0xffce,  // draft-ietf-tls-esni-02
};
constexpr size_t kRandomSize = 32;
constexpr uint8_t kHostName = 0;

std::string_view text_of(ByteReader bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.remaining()};
}

// The content of an extension that is nothing but a vector.
ByteReader vector_in(ByteReader body, size_t length_size) {
  ByteReader content;
  return take_vector(body, length_size, content) ? content : ByteReader();
}

// RFC 6066, section 3.
std::string_view first_host_name(ByteReader body) {
  ByteReader list = vector_in(body, 2);
  while (!list.empty()) {
    const uint8_t type = list.u8(0);
    list.skip(1);
    ByteReader name;
    if (!take_vector(list, 2, name)) break;
    if (type == kHostName) return text_of(name);
  }
  return {};
}

void read_extension(const TlsExtension& extension, TlsClientHello& out) {
  switch (extension.type) {
    case kServerName:
      out.has_server_name = true;
      out.server_name = first_host_name(extension.body);
      break;
    case kSupportedGroups:
      out.groups = WireU16List(vector_in(extension.body, 2));
      break;
    case kEcPointFormats:
      out.point_formats = vector_in(extension.body, 1);
      break;
    case kSignatureAlgorithms:
      out.signature_algorithms = WireU16List(vector_in(extension.body, 2));
      break;
    case kAlpn:
      out.alpn = vector_in(extension.body, 2);
      break;
    case kSupportedVersions:
      out.supported_versions = WireU16List(vector_in(extension.body, 1));
      break;
    case kEncryptedClientHello:
    case kEncryptedServerName:
      out.has_encrypted_client_hello = true;
      break;
    default:
      break;
  }
}

// Also of a block that ends in the middle.
bool read_extensions(ByteReader block, TlsClientHello& out) {
  out.extensions = TlsExtensions(block);
  TlsExtensions cursor = out.extensions;
  for (TlsExtension extension; cursor.next(extension);) read_extension(extension, out);
  return cursor.is_at_end();
}

}  // namespace

bool parse_client_hello(ByteReader body, bool is_dtls, TlsClientHello& out) {
  out = {};
  if (!body.can_read(2 + kRandomSize)) return false;
  out.version = body.u16(0);
  body.skip(2 + kRandomSize);
  ByteReader unused;
  if (!take_vector(body, 1, unused)) return false;             // session id
  if (is_dtls && !take_vector(body, 1, unused)) return false;  // cookie
  ByteReader cipher_suites;
  if (!take_vector(body, 2, cipher_suites)) return false;
  out.cipher_suites = WireU16List(cipher_suites);
  if (out.cipher_suites.empty() || !take_vector(body, 1, unused)) return false;  // compression
  if (body.empty()) return true;  // before RFC 3546 there were no extensions
  ByteReader block;
  if (take_vector(body, 2, block)) return read_extensions(block, out);
  body.skip(2);
  static_cast<void>(read_extensions(body, out));
  return false;
}

uint16_t highest_version(const TlsClientHello& hello) {
  uint16_t highest = 0;
  for (size_t i = 0; i < hello.supported_versions.size(); ++i) {
    const uint16_t version = hello.supported_versions[i];
    if (is_grease(version)) continue;
    const bool is_higher = is_dtls_version(version) && is_dtls_version(highest) ? version < highest
                                                                                : version > highest;
    if (is_higher) highest = version;
  }
  return highest == 0 ? hello.version : highest;
}

bool next_alpn(ByteReader& list, std::string_view& name) {
  ByteReader bytes;
  if (!take_vector(list, 1, bytes)) return false;
  name = text_of(bytes);
  return true;
}

}  // namespace weir
