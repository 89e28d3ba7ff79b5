// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

namespace weir {

// Adds what nDPI allocates on this thread, and takes off what it frees, while the object lives.
// Nothing is counted outside. One at a time per thread.
class NdpiMemoryCount {
 public:
  explicit NdpiMemoryCount(ptrdiff_t& bytes);
  ~NdpiMemoryCount();
  NdpiMemoryCount(const NdpiMemoryCount&) = delete;
  NdpiMemoryCount& operator=(const NdpiMemoryCount&) = delete;

  // Makes nDPI allocate through us. Before any other call to nDPI; not at the same time twice.
  static void install();
};

}  // namespace weir
