// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>

#include "base/byte_reader.h"
#include "base/result.h"
#include "capture/descriptor.h"

namespace weir {

// A regular file mapped for one pass from front to back, of any size: what lies ahead is fetched,
// what lies behind is let go, so that resident memory stays at a few windows. Owns the mapping, not
// the descriptor it was made from.
class MappedFile {
 public:
  // How much is fetched ahead and let go at a time.
  static constexpr size_t kWindow = 4U << 20;

  MappedFile() = default;
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  // Takes over `descriptor`, open for reading on a file of `size` > 0 bytes; it is closed with the
  // mapping, or at once on error.
  static Result<MappedFile> map(Descriptor descriptor, size_t size);

  [[nodiscard]] size_t size() const { return size_; }
  [[nodiscard]] ByteReader from(size_t offset) const;

  // Says that reading now goes on at `offset`: pages before it may be let go (they come back when
  // touched). False when the file has become shorter than it was, so that what lies ahead must not
  // be touched (that would be a SIGBUS; a file that is cut between this look and the access still
  // ends the process). Cost: nothing within a window, three system calls at each new one.
  [[nodiscard]] bool advance(size_t offset);

 private:
  void unmap();
  // The part of the mapping at [offset, offset + length), cut to what there is.
  [[nodiscard]] std::span<uint8_t> part(size_t offset, size_t length) const;

  uint8_t* data_ = nullptr;
  size_t size_ = 0;
  Descriptor descriptor_;
  size_t next_window_ = 0;  // advance() has work to do from here on
};

}  // namespace weir
