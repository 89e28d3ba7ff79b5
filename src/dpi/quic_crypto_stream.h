// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/byte_reader.h"
#include "dpi/fragment_buffer.h"

namespace weir {

// How frames are written: as in RFC 9000, or as in Google's Q050.
enum class QuicFrames : uint8_t { kIetf, kGoogle };

// The bytes that the CRYPTO frames in one side's Initial packets carry, put in order (RFC 9000,
// section 19.6). Memory: that of a FragmentBuffer.
class QuicCryptoStream {
 public:
  explicit QuicCryptoStream(size_t limit) : bytes_(limit) {}

  // Takes the frames of one packet; stops at one that an Initial packet cannot have.
  void take_frames(ByteReader frames, QuicFrames kind);

  // The next handshake message of TLS with its four bytes of header left out; false while it is not
  // whole. One that is longer than the buffer is handed over cut. It lives until take_frames().
  [[nodiscard]] bool next_message(uint8_t& type, ByteReader& body);

  // All that has come without a hole.
  [[nodiscard]] ByteReader front() const { return bytes_.front(); }
  void clear();
  [[nodiscard]] size_t allocated() const { return bytes_.allocated(); }

 private:
  [[nodiscard]] bool take_crypto(ByteReader& frames);

  FragmentBuffer bytes_;
  size_t consumed_ = 0;  // by next_message()
};

}  // namespace weir
