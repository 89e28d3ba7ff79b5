// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/ndpi/memory_count.h"

#include <malloc.h>

#include <cassert>
#include <cstdlib>

#include "dpi/ndpi/api.h"

namespace weir {
namespace {

thread_local ptrdiff_t* counting = nullptr;

void add(void* memory) {
  if (counting != nullptr) *counting += static_cast<ptrdiff_t>(malloc_usable_size(memory));
}
void take(void* memory) {
  if (counting != nullptr) *counting -= static_cast<ptrdiff_t>(malloc_usable_size(memory));
}

// NOLINTBEGIN(cppcoreguidelines-no-malloc): nDPI is C and asks for C's functions.
void* allocate(size_t size) {
  void* memory = std::malloc(size);
  add(memory);
  return memory;
}
void* allocate_zeroed(size_t count, size_t size) {
  void* memory = std::calloc(count, size);
  add(memory);
  return memory;
}
void* reallocate(void* old, size_t size) {
  take(old);
  void* memory = std::realloc(old, size);
  add(memory != nullptr ? memory : old);
  return memory;
}
void release(void* memory) {
  take(memory);
  std::free(memory);
}
// NOLINTEND(cppcoreguidelines-no-malloc)

}  // namespace

NdpiMemoryCount::NdpiMemoryCount(ptrdiff_t& bytes) {
  assert(counting == nullptr);
  counting = &bytes;
}

NdpiMemoryCount::~NdpiMemoryCount() {
  counting = nullptr;
}

void NdpiMemoryCount::install() {
  ndpi_api::set_memory({allocate, allocate_zeroed, reallocate, release});
}

}  // namespace weir
