// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/reserved_region.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace weir {
namespace {

constexpr size_t kHugePage = size_t{2} << 20;
constexpr size_t kHugeFrom = 2 * kHugePage;

// 4 KB, on 64-bit Arm also 16 or 64 KB: as the kernel was built.
size_t page_size() {
  static const auto size = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  return size;
}

constexpr size_t round_up(size_t bytes, size_t unit) {
  return (bytes + unit - 1) / unit * unit;
}

}  // namespace

Result<ReservedRegion> ReservedRegion::reserve(size_t bytes) {
  const size_t size = round_up(std::max(bytes, kHugePage), kHugePage);
  // One huge page more, so that the region can start on a boundary of huge pages.
  void* raw = mmap(nullptr, size + kHugePage, PROT_NONE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (raw == MAP_FAILED) return system_error("reserve address space", errno);
  auto* start = static_cast<uint8_t*>(raw);
  auto* aligned =
      reinterpret_cast<uint8_t*>(round_up(reinterpret_cast<uintptr_t>(start), kHugePage));
  const auto head = static_cast<size_t>(aligned - start);
  if (head > 0) munmap(start, head);
  if (head < kHugePage) munmap(aligned + size, kHugePage - head);
  return ReservedRegion(aligned, size);
}

ReservedRegion::ReservedRegion(ReservedRegion&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      reserved_(std::exchange(other.reserved_, 0)),
      committed_(std::exchange(other.committed_, 0)) {}

ReservedRegion& ReservedRegion::operator=(ReservedRegion&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(reserved_, other.reserved_);
  std::swap(committed_, other.committed_);
  return *this;
}

ReservedRegion::~ReservedRegion() {
  if (data_ != nullptr) munmap(data_, reserved_);
}

bool ReservedRegion::commit(size_t bytes) {
  if (bytes > reserved_) return false;
  if (bytes <= committed_) return true;
  const bool is_large = bytes > kHugeFrom;
  // A huge page needs all of its 2 MB accessible when it is first touched.
  const size_t wanted = std::min(round_up(bytes, is_large ? kHugePage : page_size()), reserved_);
  uint8_t* const fresh = data_ + committed_;
  const size_t size = wanted - committed_;
  if (mprotect(fresh, size, PROT_READ | PROT_WRITE) != 0) return false;
  // Advice only: a kernel without huge pages serves small ones.
  if (is_large) madvise(fresh, size, MADV_HUGEPAGE);
  committed_ = wanted;
  return true;
}

void ReservedRegion::discard(size_t offset, size_t bytes) {
  const size_t begin = round_up(offset, page_size());
  const size_t end = std::min(offset + bytes, committed_) / page_size() * page_size();
  if (begin < end) madvise(data_ + begin, end - begin, MADV_DONTNEED);
}

}  // namespace weir
