// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dpi/quic_header.h"
#include "dpi/quic_keys.h"
#include "dpi/test_tls.h"

// Packets of QUIC for tests.
namespace weir::test_quic {

inline std::string hex(std::span<const uint8_t> bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 0xf];
  }
  return text;
}

// RFC 9001, appendix A.3: to the client that chose the id 8394c8f03e515708.
inline std::string rfc9001_server_initial() {
  return test_tls::from_hex(
      "cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a5816b6394100f37a1c69797554"
      "780bb38cc5a99f5ede4cf73c3ec2493a1839b3dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b"
      "562bfb19fb84022f8ef4cdd93795d77d06edbb7aaf2f58891850abbdca3d20398c276456cbc42158407dd074ee");
}

// RFC 9369, appendix A.3: the same in version 2.
inline std::string rfc9369_server_initial() {
  return test_tls::from_hex(
      "dc6b3343cf0008f067a5502a4262b5004075d92faaf16f05d8a4398c47089698baeea26b91eb761d9b89237bbf"
      "87263017915358230035f7fd3945d88965cf17f9af6e16886c61bfc703106fbaf3cb4cfa52382dd16a393e4275"
      "7507698075b2c984c707f0a0812d8cd5a6881eaf21ceda98f4bd23f6fe1a3e2c43edd9ce7ca84bed8521e2e140");
}

// Below 2^14, in two bytes.
inline std::string integer(size_t value) {
  return test_tls::number(0x4000 | value, 2);
}

inline std::string crypto_frame(size_t offset, std::string_view bytes) {
  return "\x06" + integer(offset) + integer(bytes.size()) + std::string(bytes);
}

// Seals the Initial packets of a connection whose client chose the destination id `original_id`.
class Sealer {
 public:
  Sealer(uint32_t number, std::string original_id)
      : Sealer(number, std::move(original_id), number) {}
  // With the keys of another version than it says.
  Sealer(uint32_t number, std::string original_id, uint32_t keys_of)
      : number_(number), original_id_(std::move(original_id)) {
    static_cast<void>(find_quic_version(keys_of, version_));
  }
  // Initial packets of the client, to its own choice of an id or to another.
  std::string client_initial(std::string_view frames) {
    return client_initial(frames, original_id_);
  }
  std::string client_initial(std::string_view frames, std::string_view destination_id) {
    return seal(frames, destination_id, "client", QuicSide::kClient);
  }
  std::string server_initial(std::string_view frames) {
    return seal(frames, "client", "server", QuicSide::kServer);
  }
  // Headers without anything that can be opened; `type` as in version 1.
  [[nodiscard]] std::string other(uint8_t type, std::string_view content) const {
    return header(type, "client", "server") + integer(content.size()) + std::string(content);
  }
  [[nodiscard]] std::string retry() const {
    return header(3, "client", "retried") + "token and tag";
  }

 private:
  [[nodiscard]] std::string header(uint8_t type, std::string_view destination_id,
                                   std::string_view source_id) const {
    const unsigned on_wire = version_.has_v2_types ? (type + 1U) % 4 : type;
    return test_tls::number(0xc1 | on_wire << 4, 1) + test_tls::number(number_, 4) +
           test_tls::vector(1, destination_id) + test_tls::vector(1, source_id);
  }
  // A packet number of two bytes.
  std::string seal(std::string_view frames, std::string_view destination_id,
                   std::string_view source_id, QuicSide side) {
    QuicKeys keys;
    static_cast<void>(derive_quic_keys(version_, test_tls::reader(original_id_), side, keys));
    std::string head = header(0, destination_id, source_id) + std::string(1, '\0') +
                       integer(2 + frames.size() + 16);
    const size_t number_at = head.size();
    head += test_tls::number(packet_number_, 2);
    auto nonce = keys.iv;
    nonce[11] = static_cast<uint8_t>(nonce[11] ^ packet_number_);
    ++packet_number_;
    const std::string sealed = gcm(keys, nonce, head, frames);
    const auto mask = ecb(keys, test_tls::reader(sealed.substr(2, 16)));
    head[0] = static_cast<char>(head[0] ^ (mask[0] & 0x0f));
    for (size_t i = 0; i < 2; ++i)
      head[number_at + i] = static_cast<char>(head[number_at + i] ^ mask[1 + i]);
    return head + sealed;
  }
  static std::string gcm(const QuicKeys& keys, std::span<const uint8_t> nonce,
                         std::string_view head, std::string_view frames) {
    std::vector<uint8_t> out(frames.size() + 32);
    int size = 0;
    int more = 0;
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    EVP_EncryptInit_ex2(context, EVP_aes_128_gcm(), keys.key.data(), nonce.data(), nullptr);
    EVP_EncryptUpdate(context, nullptr, &more, test_tls::reader(head).data(),
                      static_cast<int>(head.size()));
    EVP_EncryptUpdate(context, out.data(), &size, test_tls::reader(frames).data(),
                      static_cast<int>(frames.size()));
    EVP_EncryptFinal_ex(context, out.data() + size, &more);
    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, out.data() + frames.size());
    EVP_CIPHER_CTX_free(context);
    return {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(frames.size() + 16)};
  }
  static std::array<uint8_t, 16> ecb(const QuicKeys& keys, ByteReader sample) {
    std::array<uint8_t, 16> mask{};
    int size = 0;
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    EVP_EncryptInit_ex2(context, EVP_aes_128_ecb(), keys.header_key.data(), nullptr, nullptr);
    EVP_EncryptUpdate(context, mask.data(), &size, sample.data(), 16);
    EVP_CIPHER_CTX_free(context);
    return mask;
  }

  uint32_t number_;
  QuicVersion version_;
  std::string original_id_;
  unsigned packet_number_ = 0;
};

}  // namespace weir::test_quic
