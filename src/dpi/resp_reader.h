// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_reader.h"
#include "dpi/line_reader.h"

namespace weir {

// Cuts one direction of a Redis connection into values of RESP2 or RESP3, wherever packets split
// them; a line of words (an inline command) is a value too where `takes_inline` says so. Of a value
// its first kMaxWords strings are kept, of each kMaxWordBytes. Values nested deeper than kMaxDepth
// and streamed ones are not read. Cost: linear.
// Source: redis.io, "Redis serialization protocol specification".
class RespReader {
 public:
  static constexpr size_t kMaxWords = 3;
  static constexpr size_t kMaxWordBytes = 128;
  static constexpr size_t kMaxDepth = 12;
  enum class Event : uint8_t { kNone, kValue, kBroken };

  explicit RespReader(bool takes_inline) : takes_inline_(takes_inline) {}

  // kValue: a whole one ends here, and `bytes` stands behind it. kNone: all of `bytes` is taken.
  // kBroken: nothing more can be read before clear().
  [[nodiscard]] Event next(ByteReader& bytes);
  // Of the value whose end was told last: its first byte ('+', '-', '*', '>' ..., 'i' when it is
  // an inline command) and the strings in it.
  [[nodiscard]] char type() const { return type_; }
  [[nodiscard]] const std::vector<std::string>& words() const { return words_; }

  // Whether a value has begun that is not whole; type() is then of that one.
  [[nodiscard]] bool is_inside() const { return !is_over_; }
  void clear();
  [[nodiscard]] size_t held_bytes() const;

 private:
  enum class Step : uint8_t { kGoesOn, kEnds, kBroken };

  Step take_line(std::string_view line);
  Step take_string(int64_t length);
  Step take_list(int64_t count);
  Step take_inline(std::string_view line);
  Step end_item();
  void skip_string(ByteReader& bytes);
  void keep(std::string_view word);

  LineReader lines_{kMaxWordBytes};
  bool takes_inline_;
  bool is_over_ = true;  // a new value begins
  char type_ = '\0';
  uint64_t string_ = 0;         // bytes to come of a string and its line end
  std::vector<uint64_t> open_;  // items to come, of each list that is open
  std::vector<std::string> words_;
  bool is_kept_ = false;  // the string that comes is words_.back()
};

}  // namespace weir
