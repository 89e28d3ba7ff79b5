// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/quic_crypto_stream.h"

#include <algorithm>

#include "dpi/quic_header.h"

namespace weir {
namespace {

constexpr uint8_t kPadding = 0x00;

// RFC 9000, section 19; what may be in an Initial packet but CRYPTO (section 12.4).
enum IetfFrame : uint8_t { kPing = 0x01, kAck = 0x02, kAckWithEcn = 0x03, kCrypto = 0x06 };
// Chromium's quic_types.h.
enum GoogleFrame : uint8_t { kGooglePing = 0x07, kGoogleCrypto = 0x08 };

bool skip_integers(ByteReader& in, uint64_t count) {
  uint64_t unused = 0;
  for (; count > 0; --count)
    if (!take_quic_integer(in, unused)) return false;
  return true;
}

// RFC 9000, section 19.3. A count that the bytes do not bear out ends with them.
bool skip_ack(ByteReader& in, bool has_ecn) {
  uint64_t ranges = 0;
  if (!skip_integers(in, 2) || !take_quic_integer(in, ranges) || !skip_integers(in, 1))
    return false;
  if (ranges > in.remaining()) return false;
  return skip_integers(in, 2 * ranges) && (!has_ecn || skip_integers(in, 3));
}

}  // namespace

bool QuicCryptoStream::take_crypto(ByteReader& frames) {
  uint64_t offset = 0;
  uint64_t length = 0;
  if (!take_quic_integer(frames, offset) || !take_quic_integer(frames, length)) return false;
  if (length > frames.remaining()) return false;
  ByteReader bytes = frames;
  bytes.truncate(static_cast<size_t>(length));
  bytes_.insert(offset, bytes);
  frames.skip(bytes.remaining());
  return true;
}

void QuicCryptoStream::take_frames(ByteReader frames, QuicFrames kind) {
  const bool is_google = kind == QuicFrames::kGoogle;
  const uint8_t crypto = is_google ? uint8_t{kGoogleCrypto} : uint8_t{kCrypto};
  const uint8_t ping = is_google ? uint8_t{kGooglePing} : uint8_t{kPing};
  bool goes_on = true;
  while (goes_on && !frames.empty()) {
    const uint8_t type = frames.u8(0);
    frames.skip(1);
    if (type == kPadding || type == ping) continue;
    if (type == crypto) {
      goes_on = take_crypto(frames);
    } else {
      goes_on = !is_google && (type == kAck || type == kAckWithEcn) &&
                skip_ack(frames, type == kAckWithEcn);
    }
  }
}

bool QuicCryptoStream::next_message(uint8_t& type, ByteReader& body) {
  constexpr size_t kHeader = 4;
  ByteReader rest = bytes_.front();
  const bool is_full = rest.remaining() == bytes_.limit();
  rest.skip(consumed_);
  if (!rest.can_read(kHeader)) return false;
  type = rest.u8(0);
  const size_t length = rest.u24(1);
  rest.skip(kHeader);
  if (!rest.can_read(length) && !is_full) return false;
  rest.truncate(length);
  body = rest;
  consumed_ += kHeader + rest.remaining();
  return true;
}

void QuicCryptoStream::clear() {
  bytes_.clear();
  consumed_ = 0;
}

}  // namespace weir
