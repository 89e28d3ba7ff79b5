// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/quic_keys.h"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <string_view>

namespace weir {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// EVP_KDF and EVP_MAC look their parameters up by name at each call and allocate for them: three
// times the price of the hashes themselves.
EVP_MD_CTX* thread_context() {
  static thread_local std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  return context.get();
}

bool sha256(std::span<const uint8_t> first, std::span<const uint8_t> second, Sha256Digest& out) {
  static const EVP_MD* algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_MD_CTX* context = thread_context();
  return context != nullptr && algorithm != nullptr &&
         EVP_DigestInit_ex2(context, algorithm, nullptr) == 1 &&
         EVP_DigestUpdate(context, first.data(), first.size()) == 1 &&
         EVP_DigestUpdate(context, second.data(), second.size()) == 1 &&
         EVP_DigestFinal_ex(context, out.data(), nullptr) == 1;
}

// HKDF-Expand-Label of TLS 1.3 (RFC 8446, section 7.1) without a context, of at most 32 bytes.
bool expand_label(std::span<const uint8_t> secret, std::string_view label, std::span<uint8_t> out) {
  constexpr std::string_view kPrefix = "tls13 ";
  std::array<uint8_t, 40> info{};
  size_t size = 0;
  const auto add = [&](auto value) { info[size++] = static_cast<uint8_t>(value); };
  add(0);
  add(out.size());
  add(kPrefix.size() + label.size());
  for (const char c : kPrefix) add(c);
  for (const char c : label) add(c);
  add(0);  // the context
  add(1);  // the counter of HKDF-Expand
  Sha256Digest block{};
  if (!hmac_sha256(secret, std::span(info).first(size), block)) return false;
  std::copy_n(block.begin(), out.size(), out.begin());
  return true;
}

}  // namespace

bool hmac_sha256(std::span<const uint8_t> key, std::span<const uint8_t> message,
                 Sha256Digest& out) {
  constexpr size_t kBlock = 64;
  std::array<uint8_t, kBlock> inner{};
  if (key.size() > kBlock) return false;
  std::copy(key.begin(), key.end(), inner.begin());
  std::array<uint8_t, kBlock> outer = inner;
  for (uint8_t& byte : inner) byte ^= 0x36;
  for (uint8_t& byte : outer) byte ^= 0x5c;
  Sha256Digest digest{};
  return sha256(inner, message, digest) && sha256(outer, digest, out);
}

bool derive_quic_keys(const QuicVersion& version, ByteReader destination_id, QuicSide side,
                      QuicKeys& out) {
  const bool is_v2 = version.keys == QuicVersion::Keys::kV2Labels;
  Sha256Digest initial{};
  Sha256Digest secret{};
  return hmac_sha256(version.salt, destination_id.rest(), initial) &&
         expand_label(initial, side == QuicSide::kClient ? "client in" : "server in", secret) &&
         expand_label(secret, is_v2 ? "quicv2 key" : "quic key", out.key) &&
         expand_label(secret, is_v2 ? "quicv2 iv" : "quic iv", out.iv) &&
         expand_label(secret, is_v2 ? "quicv2 hp" : "quic hp", out.header_key);
}

}  // namespace weir
