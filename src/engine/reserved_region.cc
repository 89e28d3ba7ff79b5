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
// How much is cleared in advance: an eighth of what is used, within these bounds.
constexpr size_t kAheadShare = 8;
constexpr size_t kLeastAhead = 2 * kHugePage;
constexpr size_t kMostAhead = 8 * kHugePage;

// 4 KB, on 64-bit Arm also 16 or 64 KB: as the kernel was built.
size_t page_size() {
  static const auto size = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  return size;
}

constexpr size_t round_up(size_t bytes, size_t unit) {
  return (bytes + unit - 1) / unit * unit;
}

}  // namespace

Result<ReservedRegion> ReservedRegion::reserve(size_t bytes, PageFeeder* feeder) {
  const size_t size = round_up(std::max(bytes, kHugePage), kHugePage);
  // One huge page more, so that the region can start on a boundary of huge pages.
  void* raw = mmap(nullptr, size + kHugePage, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (raw == MAP_FAILED) return system_error("reserve address space", errno);
  auto* start = static_cast<uint8_t*>(raw);
  auto* aligned =
      reinterpret_cast<uint8_t*>(round_up(reinterpret_cast<uintptr_t>(start), kHugePage));
  const auto head = static_cast<size_t>(aligned - start);
  if (head > 0) munmap(start, head);
  if (head < kHugePage) munmap(aligned + size, kHugePage - head);
  // Advice only: a kernel without huge pages serves small ones.
  if (size > kHugeFrom) madvise(aligned + kHugeFrom, size - kHugeFrom, MADV_HUGEPAGE);
  return ReservedRegion(aligned, size, feeder);
}

ReservedRegion::ReservedRegion(ReservedRegion&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      reserved_(std::exchange(other.reserved_, 0)),
      committed_(std::exchange(other.committed_, 0)),
      fed_(std::exchange(other.fed_, 0)),
      feeder_(std::exchange(other.feeder_, nullptr)) {}

ReservedRegion& ReservedRegion::operator=(ReservedRegion&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(reserved_, other.reserved_);
  std::swap(committed_, other.committed_);
  std::swap(fed_, other.fed_);
  std::swap(feeder_, other.feeder_);
  return *this;
}

ReservedRegion::~ReservedRegion() {
  if (data_ != nullptr) munmap(data_, reserved_);
}

bool ReservedRegion::commit(size_t bytes) {
  if (bytes > reserved_) return false;
  committed_ = std::max(committed_, bytes);
  if (feeder_ != nullptr && bytes > kHugeFrom) feed_ahead();
  return true;
}

void ReservedRegion::feed_ahead() {
  const size_t ahead = std::clamp(committed_ / kAheadShare, kLeastAhead, kMostAhead);
  const size_t wanted = std::min(round_up(committed_ + ahead, kHugePage), reserved_);
  const size_t begin = std::max(fed_, round_up(committed_, kHugePage));
  if (begin >= wanted) return;
  feeder_->feed(data_ + begin, wanted - begin);
  fed_ = wanted;
}

void ReservedRegion::discard(size_t offset, size_t bytes) {
  const size_t begin = round_up(offset, page_size());
  const size_t end = std::min(offset + bytes, reserved_) / page_size() * page_size();
  if (begin < end) madvise(data_ + begin, end - begin, MADV_DONTNEED);
  // Who shrinks needs nothing in advance.
  const size_t unused = round_up(committed_, kHugePage);
  if (fed_ > unused) madvise(data_ + unused, fed_ - unused, MADV_DONTNEED);
  fed_ = std::min(fed_, unused);
}

}  // namespace weir
