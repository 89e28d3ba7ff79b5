// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/hpack_decoder.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace weir {
namespace {

// An allocator with a limit. Each block begins with its size.
constexpr size_t kPrefix = alignof(std::max_align_t);

void* take_bytes(size_t size, void* user_data) {
  auto& budget = *static_cast<HpackMemory*>(user_data);
  if (size > HpackMemory::kMaxBytes - budget.used) return nullptr;
  void* block = ::operator new(size + kPrefix, std::nothrow);
  if (block == nullptr) return nullptr;
  budget.used += size;
  std::memcpy(block, &size, sizeof(size));
  return static_cast<uint8_t*>(block) + kPrefix;
}

size_t size_of(void* bytes) {
  size_t size = 0;
  std::memcpy(&size, static_cast<uint8_t*>(bytes) - kPrefix, sizeof(size));
  return size;
}

void give_back(void* bytes, void* user_data) {
  if (bytes == nullptr) return;
  static_cast<HpackMemory*>(user_data)->used -= size_of(bytes);
  ::operator delete(static_cast<uint8_t*>(bytes) - kPrefix);
}

void* take_zeros(size_t count, size_t size, void* user_data) {
  if (size != 0 && count > HpackMemory::kMaxBytes / size) return nullptr;
  void* bytes = take_bytes(count * size, user_data);
  if (bytes != nullptr) std::memset(bytes, 0, count * size);
  return bytes;
}

void* resize(void* bytes, size_t size, void* user_data) {
  void* larger = take_bytes(size, user_data);
  if (larger == nullptr || bytes == nullptr) return larger;
  std::memcpy(larger, bytes, std::min(size, size_of(bytes)));
  give_back(bytes, user_data);
  return larger;
}

std::string_view text_of(const uint8_t* bytes, size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace

struct HpackDecoder::Inflater {
  explicit Inflater(HpackMemory& budget)
      : memory{&budget, take_bytes, give_back, take_zeros, resize} {
    if (nghttp2_hd_inflate_new2(&inflater, &memory) != 0) inflater = nullptr;
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { drop(); }

  void drop() {
    if (inflater != nullptr) nghttp2_hd_inflate_del(inflater);
    inflater = nullptr;
  }

  nghttp2_mem memory;
  nghttp2_hd_inflater* inflater = nullptr;  // null: broken
};

HpackDecoder::HpackDecoder(HpackMemory& memory) : inflater_(std::make_unique<Inflater>(memory)) {}

HpackDecoder::~HpackDecoder() = default;

bool HpackDecoder::decode(const ByteReader& piece, bool is_last, const Take& take) {
  ByteReader left = piece;
  while (inflater_->inflater != nullptr) {
    nghttp2_nv field{};
    int flags = 0;
    const auto used = nghttp2_hd_inflate_hd2(inflater_->inflater, &field, &flags, left.data(),
                                             left.remaining(), is_last ? 1 : 0);
    if (used < 0) {
      inflater_->drop();
      return false;
    }
    left.skip(static_cast<size_t>(used));
    const bool has_field = (flags & NGHTTP2_HD_INFLATE_EMIT) != 0;
    if (has_field) take(text_of(field.name, field.namelen), text_of(field.value, field.valuelen));
    if ((flags & NGHTTP2_HD_INFLATE_FINAL) != 0) {
      nghttp2_hd_inflate_end_headers(inflater_->inflater);
      return true;
    }
    if (!has_field && left.empty()) return true;
  }
  return false;
}

}  // namespace weir
