// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/unpack.h"

#include <zlib.h>

#include <algorithm>

namespace weir {

struct Unpacker::State {
  z_stream stream{};
  bool is_ready = false;

  ~State() {
    if (is_ready) (void)inflateEnd(&stream);
  }
};

Unpacker::Unpacker() : state_(std::make_unique<State>()) {}
Unpacker::~Unpacker() = default;

ExportError Unpacker::unpack(std::span<const uint8_t> packed) {
  length_ = 0;
  z_stream& stream = state_->stream;
  if (!state_->is_ready) state_->is_ready = inflateInit(&stream) == Z_OK;
  if (!state_->is_ready || inflateReset(&stream) != Z_OK) return ExportError::kBadPacking;
  const size_t most = std::min(kMaxBytes, std::max(kFloor, packed.size() * kRatio));
  // zlib takes no const, though it changes nothing. Frames are far shorter than its 32 bits.
  stream.next_in = const_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  for (;;) {
    if (length_ == out_.size()) out_.resize(std::min(kMaxBytes, std::max(kFloor, 2 * length_)));
    const size_t room = std::min(out_.size(), most) - length_;
    if (room == 0) break;
    stream.next_out = out_.data() + length_;
    stream.avail_out = static_cast<uInt>(room);
    const int result = inflate(&stream, Z_NO_FLUSH);
    length_ += room - stream.avail_out;
    if (result == Z_STREAM_END) return ExportError::kNone;
    // No more to read, and no end.
    const bool is_stuck = stream.avail_out != 0 && stream.avail_in == 0;
    if (result != Z_OK || is_stuck) {
      length_ = 0;
      return ExportError::kBadPacking;
    }
  }
  length_ = 0;
  return ExportError::kUnpacksTooFar;
}

}  // namespace weir
