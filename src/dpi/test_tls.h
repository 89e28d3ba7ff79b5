// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_reader.h"

// Messages of TLS, DTLS and QUIC for tests, made of what a test wants in them.
namespace weir::test_tls {

inline ByteReader reader(std::string_view bytes) {
  return {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()};
}

// Big-endian, of the lowest `size` bytes.
inline std::string number(uint64_t value, size_t size) {
  std::string bytes;
  for (size_t i = size; i > 0; --i) bytes += static_cast<char>(value >> (8 * (i - 1)));
  return bytes;
}

// With its length before it.
inline std::string vector(size_t length_size, std::string_view content) {
  return number(content.size(), length_size) + std::string(content);
}

inline std::string numbers(const std::vector<uint16_t>& values) {
  std::string bytes;
  for (const uint16_t value : values) bytes += number(value, 2);
  return bytes;
}

inline std::string from_hex(std::string_view hex) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(digit(hex[i]) << 4 | digit(hex[i + 1]));
  return bytes;
}

struct Extension {
  uint16_t type;
  std::string body;
};

inline Extension server_name(std::string_view name) {
  return {0, vector(2, std::string(1, '\0') + vector(2, name))};
}
inline Extension groups(const std::vector<uint16_t>& values) {
  return {10, vector(2, numbers(values))};
}
inline Extension point_formats(std::string_view formats) {
  return {11, vector(1, formats)};
}
inline Extension signature_algorithms(const std::vector<uint16_t>& values) {
  return {13, vector(2, numbers(values))};
}
inline Extension alpn(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += vector(1, name);
  return {16, vector(2, list)};
}
inline Extension supported_versions(const std::vector<uint16_t>& values) {
  return {43, vector(1, numbers(values))};
}

inline std::string extension_block(const std::vector<Extension>& extensions) {
  std::string block;
  for (const Extension& each : extensions) block += number(each.type, 2) + vector(2, each.body);
  return vector(2, block);
}

struct ClientHello {
  uint16_t version = 0x0303;
  bool is_dtls = false;
  std::vector<uint16_t> cipher_suites{0x1301, 0xc02f};
  std::vector<Extension> extensions{};

  [[nodiscard]] std::string body() const {
    std::string bytes = number(version, 2) + std::string(32, 'r') + vector(1, "session");
    if (is_dtls) bytes += vector(1, "cookie");
    bytes += vector(2, numbers(cipher_suites)) + vector(1, std::string(1, '\0'));
    if (!extensions.empty()) bytes += extension_block(extensions);
    return bytes;
  }
};

struct ServerHello {
  uint16_t version = 0x0303;
  std::string random = std::string(32, 's');
  uint16_t cipher_suite = 0xc02f;
  std::vector<Extension> extensions{};

  [[nodiscard]] std::string body() const {
    std::string bytes = number(version, 2) + random + vector(1, "");
    bytes += number(cipher_suite, 2) + std::string(1, '\0');
    if (!extensions.empty()) bytes += extension_block(extensions);
    return bytes;
  }
};

// A handshake message of TLS and of QUIC.
inline std::string message(uint8_t type, std::string_view body) {
  return number(type, 1) + vector(3, body);
}

inline std::string record(uint8_t type, std::string_view content, uint16_t version = 0x0303) {
  return number(type, 1) + number(version, 2) + vector(2, content);
}

inline std::string handshake_record(uint8_t type, std::string_view body) {
  return record(22, message(type, body));
}

// A fragment of a handshake message of DTLS: `bytes` of it from `offset` on.
inline std::string dtls_fragment(uint8_t type, size_t length, uint16_t sequence, size_t offset,
                                 std::string_view bytes) {
  return number(type, 1) + number(length, 3) + number(sequence, 2) + number(offset, 3) +
         vector(3, bytes);
}

inline std::string dtls_record(uint8_t type, std::string_view content, uint16_t epoch = 0,
                               uint16_t version = 0xfefd) {
  return number(type, 1) + number(version, 2) + number(epoch, 2) + number(1, 6) +
         vector(2, content);
}

inline std::string dtls_message(uint8_t type, uint16_t sequence, std::string_view body) {
  return dtls_record(22, dtls_fragment(type, body.size(), sequence, 0, body));
}

// Self-signed by "CN=example.org,O=Example\, Inc.,C=NL" for the DNS names example.org,
// *.example.org and example.net and an address; valid from 1795467873 to 2110827873.
inline std::string_view certificate() {
  static const std::string kDer = from_hex(
      "308201c030820166a003020102020101300a06082a8648ce3d040302303b310b3009060355040613024e"
      "4c31163014060355040a0c0d4578616d706c652c20496e632e3114301206035504030c0b6578616d706c"
      "652e6f7267301e170d3236313132333231303433335a170d3336313132303231303433335a303b310b30"
      "09060355040613024e4c31163014060355040a0c0d4578616d706c652c20496e632e3114301206035504"
      "030c0b6578616d706c652e6f72673059301306072a8648ce3d020106082a8648ce3d0301070342000491"
      "00b74e018316477190a4fddafeb8a926b65a2a6d9c72ba6b94124f31c9dfa808ba18e73243b83909108c"
      "c3b03414fa79067643b32b2a589687130f39878140a35b305930380603551d110431302f820b6578616d"
      "706c652e6f7267820d2a2e6578616d706c652e6f72678704c0000201820b6578616d706c652e6e657430"
      "1d0603551d0e041604141cbdb2700d42af75dec41a23d015ca2fba6bff14300a06082a8648ce3d040302"
      "0348003045022045cd26aab0ef246ac0c6a115e3576de6723c7f9247c785f0b79d724149a62018022100"
      "e474558bc85658fb702248e6ee76b648818298b7d80bcf031ec55f0168a2bc36");
  return kDer;
}

// The body of a Certificate message of TLS 1.2 with it.
inline std::string certificate_body() {
  return vector(3, vector(3, certificate()));
}

}  // namespace weir::test_tls
