// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ssh_key_exchange.h"

#include <array>
#include <string_view>

#include "dpi/ascii_text.h"
#include "dpi/digest.h"

namespace weir {
namespace {

constexpr uint8_t kKexInit = 20;
constexpr size_t kCookieBytes = 16;

// The order of the name lists in the message.
enum List : size_t {
  kKeyExchange,
  kHostKey,
  kEncryptionToServer,
  kEncryptionToClient,
  kMacToServer,
  kMacToClient,
  kCompressionToServer,
  kCompressionToClient,
  kLists
};

}  // namespace

std::optional<std::string> hassh_of(ByteReader message, bool from_client) {
  if (message.u8(0) != kKexInit || !message.can_read(1 + kCookieBytes)) return std::nullopt;
  message.skip(1 + kCookieBytes);
  std::array<std::string_view, kLists> lists;
  for (std::string_view& list : lists) {
    if (!message.can_read(4)) return std::nullopt;
    const uint32_t size = message.u32(0);
    message.skip(4);
    if (!message.can_read(size)) return std::nullopt;
    list = text_of(message).substr(0, size);
    message.skip(size);
  }
  TextDigest digest(TextDigest::Kind::kMd5);
  digest.add(lists[kKeyExchange]);
  digest.add(';');
  digest.add(lists[from_client ? kEncryptionToServer : kEncryptionToClient]);
  digest.add(';');
  digest.add(lists[from_client ? kMacToServer : kMacToClient]);
  digest.add(';');
  digest.add(lists[from_client ? kCompressionToServer : kCompressionToClient]);
  return digest.hex(32);
}

}  // namespace weir
