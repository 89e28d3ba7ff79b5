// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "collect/export_error.h"

namespace weir {

// Unpacks what zlib packed (RFC 1950), within bounds: so many bytes in all, and beyond kFloor no
// more than kRatio for each that came. Keeps its memory for the next one. Owner: one thread.
class Unpacker {
 public:
  static constexpr size_t kMaxBytes = size_t{4} << 20;
  static constexpr size_t kRatio = 64;
  static constexpr size_t kFloor = size_t{64} << 10;

  Unpacker();
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;
  ~Unpacker();

  // Errors: kBadPacking (broken, or it does not end), kUnpacksTooFar. What is left behind the end
  // of the packed bytes is not read.
  ExportError unpack(std::span<const uint8_t> packed);
  // What unpack() made; until it is called again.
  [[nodiscard]] std::span<const uint8_t> bytes() const { return {out_.data(), length_}; }
  // Of memory.
  [[nodiscard]] size_t held() const { return out_.size(); }

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::vector<uint8_t> out_;
  size_t length_ = 0;
};

}  // namespace weir
