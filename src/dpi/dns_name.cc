// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/dns_name.h"

#include <array>

#include "dpi/ascii_text.h"

namespace weir {
namespace {

constexpr size_t kMaxNameBytes = 255;
constexpr size_t kNetbiosNameBytes = 16;

// Collects labels beside the string, which is then made once.
class NameText {
 public:
  // False when the name gets too long.
  [[nodiscard]] bool append(std::string_view label) {
    const size_t dot = size_ == 0 ? 0 : 1;
    if (size_ + dot + label.size() > kMaxNameBytes) return false;
    if (dot != 0) text_[size_++] = '.';
    for (const char c : label) text_[size_++] = ascii_lower(c);
    return true;
  }
  [[nodiscard]] std::string to_string() const {
    return size_ == 0 ? "." : std::string(text_.data(), size_);
  }

 private:
  std::array<char, kMaxNameBytes> text_;  // `size_` of them
  size_t size_ = 0;
};

// Only counts them.
class NameSize {
 public:
  [[nodiscard]] bool append(std::string_view label) {
    size_ += (size_ == 0 ? 0 : 1) + label.size();
    return size_ <= kMaxNameBytes;
  }

 private:
  size_t size_ = 0;
};

// One label at `offset`; false when it is not whole.
template <typename Name>
bool append_label(const ByteReader& message, size_t offset, size_t size, Name& name) {
  ByteReader label = message;
  label.skip(offset);
  if (!label.can_read(size)) return false;
  label.truncate(size);
  return name.append(text_of(label));
}

// False when there is no name, see read_dns_name().
template <typename Name>
bool read_labels(const ByteReader& message, size_t& offset, Name& name) {
  size_t at = offset;
  size_t lowest = offset;  // where the part that is being read began: pointers lead below it
  bool has_jumped = false;
  for (;;) {
    if (at >= message.remaining()) return false;
    const uint8_t size = message.u8(at);
    if (size == 0) break;
    if (size >= 0xc0) {
      if (at + 2 > message.remaining()) return false;
      const size_t target = message.u16(at) & 0x3fff;
      if (!has_jumped) offset = at + 2;
      if (target >= lowest) return false;
      has_jumped = true;
      at = lowest = target;
    } else if (size >= 0x40 || !append_label(message, at + 1, size, name)) {
      return false;
    } else {
      at += size + 1U;
    }
  }
  if (!has_jumped) offset = at + 1;
  return true;
}

}  // namespace

std::optional<std::string> read_dns_name(const ByteReader& message, size_t& offset) {
  NameText name;
  if (!read_labels(message, offset, name)) return std::nullopt;
  return name.to_string();
}

bool skip_dns_name(const ByteReader& message, size_t& offset) {
  NameSize name;
  return read_labels(message, offset, name);
}

std::optional<std::string> decode_netbios_name(std::string_view encoded, uint8_t& suffix) {
  const std::string_view label = encoded.substr(0, encoded.find('.'));
  if (label.size() != 2 * kNetbiosNameBytes) return std::nullopt;
  std::string name;
  for (size_t i = 0; i < label.size(); i += 2) {
    const int high = ascii_lower(label[i]) - 'a';
    const int low = ascii_lower(label[i + 1]) - 'a';
    if (high < 0 || high > 15 || low < 0 || low > 15) return std::nullopt;
    name += ascii_lower(static_cast<char>(high << 4 | low));
  }
  suffix = static_cast<uint8_t>(name.back());
  name.pop_back();
  // Padded with blanks; "*" (any name) with zeros.
  name.resize(name.find_last_not_of(std::string_view(" \0", 2)) + 1);
  return name;
}

}  // namespace weir
