// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/dtls_messages.h"

#include <algorithm>

#include "dpi/tls_handshake.h"

namespace weir {

DtlsMessages::Status DtlsMessages::next(ByteReader& content, DtlsMessage& message) {
  if (is_handed_over_) {
    buffer_.clear();
    is_handed_over_ = false;
  }
  while (!content.empty()) {
    const ByteReader header = content;
    const uint32_t length = header.u24(1);
    const uint32_t offset = header.u24(6);
    const uint32_t fragment = header.u24(9);
    if (!header.can_read(kHeader) || offset > length || fragment > length - offset ||
        !header.can_read(kHeader + fragment))
      return Status::kMalformed;
    content.skip(kHeader);
    ByteReader bytes = content;
    bytes.truncate(fragment);
    content.skip(fragment);
    message = {header.u8(0), bytes};
    if (fragment == length) return Status::kMessage;
    if (!add_fragment(header, bytes)) continue;
    message.body = buffer_.front();
    is_handed_over_ = true;
    return Status::kMessage;
  }
  return Status::kEnd;
}

// True when the message in the buffer is complete now.
bool DtlsMessages::add_fragment(ByteReader header, ByteReader bytes) {
  const uint8_t type = header.u8(0);
  const uint16_t sequence = header.u16(4);
  if (type != kTlsClientHello && type != kTlsServerHello && type != kTlsCertificate) return false;
  if (sequence_ != sequence) {
    // Fragments of an earlier message, come late, do not push a later one out.
    if (sequence_ != kNone && sequence < sequence_) return false;
    buffer_.clear();
    sequence_ = sequence;
  }
  buffer_.insert(header.u24(6), bytes);
  const size_t wanted = std::min<size_t>(header.u24(1), buffer_.limit());
  return buffer_.front().remaining() >= wanted;
}

}  // namespace weir
