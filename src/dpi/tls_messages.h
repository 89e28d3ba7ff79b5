// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/byte_reader.h"

namespace weir {

// A handshake message. The body lives until next() or give_up() is called.
struct TlsMessage {
  uint8_t type = 0;
  ByteReader body;  // of hellos and certificates; of all others empty
};

// Puts the handshake messages of one direction together from the contents of its records. Bodies of
// hellos and certificates are kept, at most `kMaxBody` bytes of each: the front of what is longer
// is handed over as soon as it is there. Of the others only the type is told, before their body has
// come. A body that lies within the bytes at hand as a whole is not copied.
// Memory: none while no message is split, else one buffer of kSmallBuffer or kMaxBody.
class TlsMessages {
 public:
  static constexpr size_t kSmallBuffer = 4 * 1024;
  static constexpr size_t kMaxBody = 12 * 1024;

  // Takes bytes off `input` up to the end of a message; false when it is used up. A buffer is never
  // larger than `allowance`.
  [[nodiscard]] bool next(ByteReader& input, size_t allowance, TlsMessage& message);

  // What has come of the body that is being kept, for a direction of which no more will come; false
  // when there is none. The next byte begins a message.
  bool give_up(TlsMessage& message);

  // Bytes of the buffer.
  [[nodiscard]] size_t allocated() const { return capacity_; }

 private:
  [[nodiscard]] bool read_header(ByteReader& input);
  [[nodiscard]] size_t wanted_capacity(size_t allowance) const;
  [[nodiscard]] bool take_whole(ByteReader& input, size_t allowance, TlsMessage& message);
  void keep(ByteReader& input, size_t allowance);
  void skip_body(ByteReader& input);
  void hand_over(TlsMessage& message);
  void drop_body();
  void forget();

  static constexpr size_t kHeader = 4;

  std::array<uint8_t, kHeader> header_{};
  uint8_t header_size_ = 0;
  bool is_skipped_ = false;      // nobody wants the rest of the body
  bool is_handed_over_ = false;  // the buffer's content was
  size_t left_ = 0;              // of the body
  std::unique_ptr<uint8_t[]> buffer_;
  size_t capacity_ = 0;
  size_t size_ = 0;
};

}  // namespace weir
