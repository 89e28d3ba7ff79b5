// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/byte_reader.h"
#include "dpi/heap_bytes.h"

namespace weir {

// Cuts one direction of a stream into lines that end with LF or CR LF, wherever the packets split
// them. Of a line that is longer than `max_bytes` its first max_bytes are kept. Memory: at most
// twice max_bytes. Cost: linear; a line that lies in one packet is not copied.
class LineReader {
 public:
  explicit LineReader(size_t max_bytes) : max_bytes_(max_bytes) {}

  // The next whole line without its end; `bytes` then stands behind it. Nothing when no line ends
  // in `bytes`: they are all taken, and the line goes on with the next call. The view lives until
  // then and as long as the packet.
  [[nodiscard]] std::optional<std::string_view> next(ByteReader& bytes);
  // Whether the last line was longer than it is told.
  [[nodiscard]] bool was_cut() const { return was_cut_; }
  // What there is of the line that has not ended.
  [[nodiscard]] std::string_view begun() const {
    return is_partial_told_ ? std::string_view() : partial_;
  }
  [[nodiscard]] size_t held_bytes() const { return heap_bytes(partial_); }
  // Forgets the line that has not ended: the stream has a hole there.
  void clear();

 private:
  void keep(std::string_view text);

  size_t max_bytes_;
  std::string partial_;
  bool is_partial_cut_ = false;
  bool was_cut_ = false;
  bool is_partial_told_ = false;  // the last line is a view of partial_
};

}  // namespace weir
