// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

#include "base/byte_reader.h"

namespace weir {

// What the decoders of both directions of a connection may allocate together. A table of the usual
// 4,096 bytes takes about twice as much in fact, and the server's is seldom full.
struct HpackMemory {
  static constexpr size_t kMaxBytes = 14 * 1024;
  size_t used = 0;
};

// Decodes the header blocks of one direction of an HTTP/2 connection, from its first one on. A
// sender whose table or fields need more than the memory breaks it.
// Source: RFC 7541; libnghttp2 does the work.
class HpackDecoder {
 public:
  using Take = std::function<void(std::string_view name, std::string_view value)>;

  // `memory` must outlive the decoder.
  explicit HpackDecoder(HpackMemory& memory);
  ~HpackDecoder();

  // Decodes the next piece of a block, wherever it was split, and hands its fields over. False when
  // the block was broken or too much: then it always is.
  [[nodiscard]] bool decode(const ByteReader& piece, bool is_last, const Take& take);

 private:
  struct Inflater;

  std::unique_ptr<Inflater> inflater_;
};

}  // namespace weir
