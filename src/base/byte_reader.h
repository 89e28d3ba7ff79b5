// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace weir {

// The first `kSize` bytes of a ByteReader, which first() saw to be there. Fields lie at offsets
// that are known when this is compiled and are checked then, so that reading one is a load.
template <size_t kSize>
class FixedBytes {
 public:
  FixedBytes() = default;

  template <size_t kOffset>
  [[nodiscard]] uint8_t u8() const {
    return read<uint8_t, kOffset>();
  }
  // Network byte order.
  template <size_t kOffset>
  [[nodiscard]] uint16_t u16() const {
    const uint16_t value = read<uint16_t, kOffset>();
    return std::endian::native == std::endian::big ? value : __builtin_bswap16(value);
  }
  template <size_t kOffset>
  [[nodiscard]] uint32_t u32() const {
    const uint32_t value = read<uint32_t, kOffset>();
    return std::endian::native == std::endian::big ? value : __builtin_bswap32(value);
  }
  // The byte order of the machine that runs this.
  template <size_t kOffset>
  [[nodiscard]] uint32_t u32_host() const {
    return read<uint32_t, kOffset>();
  }
  // `kCount` of the bytes, from `kOffset` on.
  template <size_t kOffset, size_t kCount>
  [[nodiscard]] FixedBytes<kCount> part() const {
    static_assert(kOffset + kCount <= kSize);
    return FixedBytes<kCount>(data_ + kOffset);
  }

 private:
  friend class ByteReader;
  template <size_t>
  friend class FixedBytes;
  explicit FixedBytes(const uint8_t* data) : data_(data) {}

  template <typename T, size_t kOffset>
  [[nodiscard]] T read() const {
    static_assert(kOffset + sizeof(T) <= kSize);
    T value;
    std::memcpy(&value, data_ + kOffset, sizeof(T));
    return value;
  }

  const uint8_t* data_ = nullptr;
};

// A cursor over bytes that came from a stranger. It is the only way the project reads such bytes:
// no access leaves the span, in every build. Reads are at an offset from the cursor and do not move
// it; what lies beyond the end reads as 0, so a caller asks can_read() once for the fixed part of a
// header and then reads its fields. The bytes belong to the caller and must outlive the reader.
// Cost: one compare a read, none where can_read() dominates.
class ByteReader {
 public:
  ByteReader() = default;
  explicit ByteReader(std::span<const uint8_t> bytes) : data_(bytes.data()), size_(bytes.size()) {}
  ByteReader(const uint8_t* data, size_t size) : data_(data), size_(size) {}

  [[nodiscard]] size_t remaining() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] bool can_read(size_t count) const { return count <= size_; }
  // The next `kSize` bytes, when they are all there.
  template <size_t kSize>
  [[nodiscard]] bool first(FixedBytes<kSize>& out) const {
    if (kSize > size_) return false;
    out = FixedBytes<kSize>(data_);
    return true;
  }
  // The next byte; valid for remaining() bytes.
  [[nodiscard]] const uint8_t* data() const { return data_; }
  [[nodiscard]] std::span<const uint8_t> rest() const { return {data_, size_}; }

  [[nodiscard]] uint8_t u8(size_t offset) const {
    return offset < size_ ? data_[offset] : uint8_t{0};
  }
  // Network byte order.
  [[nodiscard]] uint16_t u16(size_t offset) const { return big_endian<uint16_t>(offset); }
  [[nodiscard]] uint32_t u24(size_t offset) const {
    return static_cast<uint32_t>(u8(offset)) << 16 | u16(offset + 1);
  }
  [[nodiscard]] uint32_t u32(size_t offset) const { return big_endian<uint32_t>(offset); }
  [[nodiscard]] uint64_t u64(size_t offset) const { return big_endian<uint64_t>(offset); }
  // The byte order of the machine that runs this.
  [[nodiscard]] uint16_t u16_host(size_t offset) const { return host_endian<uint16_t>(offset); }
  [[nodiscard]] uint32_t u32_host(size_t offset) const { return host_endian<uint32_t>(offset); }

  // Copies `count` bytes from `offset`; false and nothing copied when they are not all there.
  [[nodiscard]] bool copy(size_t offset, void* destination, size_t count) const {
    if (offset > size_ || count > size_ - offset) return false;
    std::memcpy(destination, data_ + offset, count);
    return true;
  }

  // Moves the cursor, at most to the end.
  void skip(size_t count) {
    const size_t step = count <= size_ ? count : size_;
    data_ += step;
    size_ -= step;
  }
  // Moves the end towards the cursor (padding after an IP datagram, say); never away from it.
  void truncate(size_t count) {
    if (count < size_) size_ = count;
  }

 private:
  template <typename T>
  [[nodiscard]] T host_endian(size_t offset) const {
    T value{};
    if (offset <= size_ && sizeof(T) <= size_ - offset)
      std::memcpy(&value, data_ + offset, sizeof(T));
    return value;
  }
  template <typename T>
  [[nodiscard]] T big_endian(size_t offset) const {
    const T value = host_endian<T>(offset);
    if constexpr (std::endian::native == std::endian::big) return value;
    if constexpr (sizeof(T) == 2) return __builtin_bswap16(value);
    if constexpr (sizeof(T) == 4) return __builtin_bswap32(value);
    if constexpr (sizeof(T) == 8) return __builtin_bswap64(value);
  }

  const uint8_t* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace weir
