// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/quic_initial.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>

namespace weir {
namespace {

constexpr size_t kTag = 16;
constexpr size_t kSample = 16;
constexpr size_t kMaxPacketNumber = 4;

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

// What a thread needs to open packets, made once.
struct Workshop {
  Context header{EVP_CIPHER_CTX_new()};
  Context content{EVP_CIPHER_CTX_new()};
  std::array<uint8_t, kMaxQuicPacket> packet_header;
  std::array<uint8_t, kMaxQuicPacket> frames;
};

Workshop& workshop() {
  static thread_local Workshop tools;
  return tools;
}

const EVP_CIPHER* ecb() {
  static const EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, "AES-128-ECB", nullptr);
  return cipher;
}

const EVP_CIPHER* gcm() {
  static const EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr);
  return cipher;
}

// The five bytes that the first byte and the packet number are masked with.
bool header_mask(const QuicKeys& keys, ByteReader sample, std::array<uint8_t, kSample>& mask) {
  EVP_CIPHER_CTX* context = workshop().header.get();
  int size = 0;
  return context != nullptr && ecb() != nullptr &&
         EVP_EncryptInit_ex2(context, ecb(), keys.header_key.data(), nullptr, nullptr) == 1 &&
         EVP_EncryptUpdate(context, mask.data(), &size, sample.data(), kSample) == 1;
}

// What is authenticated beside the content: the header with the mask taken off.
struct PlainHeader {
  std::span<const uint8_t> bytes;
  std::array<uint8_t, 12> nonce{};
};

bool unmask(ByteReader packet, const QuicLongHeader& header, const QuicKeys& keys,
            PlainHeader& out) {
  ByteReader sample = packet;
  sample.skip(header.protected_at + kMaxPacketNumber);
  std::array<uint8_t, kSample> mask{};
  if (!sample.can_read(kSample) || !header_mask(keys, sample, mask)) return false;
  auto& plain = workshop().packet_header;
  const uint8_t first = packet.u8(0) ^ (mask[0] & 0x0f);
  const size_t number_size = (first & 3U) + 1;
  const size_t size = header.protected_at + number_size;
  if (size > plain.size() || !packet.copy(0, plain.data(), size)) return false;
  plain[0] = first;
  out.nonce = keys.iv;
  for (size_t i = 0; i < number_size; ++i) {
    uint8_t& byte = plain[header.protected_at + i];
    byte ^= mask[1 + i];
    out.nonce[out.nonce.size() - number_size + i] ^= byte;
  }
  out.bytes = std::span(plain).first(size);
  return true;
}

}  // namespace

ByteReader open_quic_initial(ByteReader packet, const QuicLongHeader& header,
                             const QuicKeys& keys) {
  packet.truncate(header.size);
  PlainHeader plain;
  if (packet.remaining() > kMaxQuicPacket || !unmask(packet, header, keys, plain)) return {};
  ByteReader content = packet;
  content.skip(plain.bytes.size());
  if (!content.can_read(kTag + 1)) return {};
  ByteReader tag = content;
  tag.skip(content.remaining() - kTag);
  content.truncate(content.remaining() - kTag);
  std::array<uint8_t, kTag> tag_bytes{};
  if (!tag.copy(0, tag_bytes.data(), kTag)) return {};

  EVP_CIPHER_CTX* context = workshop().content.get();
  auto& frames = workshop().frames;
  int size = 0;
  int none = 0;
  const bool is_genuine =
      context != nullptr && gcm() != nullptr &&
      EVP_DecryptInit_ex2(context, gcm(), keys.key.data(), plain.nonce.data(), nullptr) == 1 &&
      EVP_DecryptUpdate(context, nullptr, &none, plain.bytes.data(),
                        static_cast<int>(plain.bytes.size())) == 1 &&
      EVP_DecryptUpdate(context, frames.data(), &size, content.data(),
                        static_cast<int>(content.remaining())) == 1 &&
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTag, tag_bytes.data()) == 1 &&
      EVP_DecryptFinal_ex(context, frames.data() + size, &none) == 1;
  return is_genuine ? ByteReader(frames.data(), static_cast<size_t>(size)) : ByteReader();
}

}  // namespace weir
