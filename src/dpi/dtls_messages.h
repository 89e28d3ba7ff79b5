// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/byte_reader.h"
#include "dpi/fragment_buffer.h"

namespace weir {

// A handshake message of DTLS. The body lives until the next call and as long as the datagram.
struct DtlsMessage {
  uint8_t type = 0;
  ByteReader body;
};

// Puts the handshake messages of one direction together from the fragments in its records (RFC
// 6347, section 4.2.3). A message in one fragment is not copied; of those in several one at a time
// is put together, in any order of its fragments. Bodies are cut at FragmentBuffer::kMax.
class DtlsMessages {
 public:
  enum class Status : uint8_t { kMessage, kEnd, kMalformed };

  explicit DtlsMessages(size_t limit = FragmentBuffer::kMax) : buffer_(limit) {}

  // Takes fragments off a record's content until one completes a message; kEnd when it is used up.
  [[nodiscard]] Status next(ByteReader& content, DtlsMessage& message);

  [[nodiscard]] size_t allocated() const { return buffer_.allocated(); }

 private:
  static constexpr size_t kHeader = 12;
  static constexpr uint32_t kNone = UINT32_MAX;

  [[nodiscard]] bool add_fragment(ByteReader header, ByteReader bytes);

  FragmentBuffer buffer_;
  uint32_t sequence_ = kNone;  // of the message in the buffer
  bool is_handed_over_ = false;
};

}  // namespace weir
