// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/prefix.h"

#include <algorithm>
#include <charconv>

namespace weir {
namespace {

constexpr unsigned kMappedBits = 96;  // what stands before an IPv4 address in its 128-bit form

IpAddress::Bytes mask_of(unsigned bits) {
  IpAddress::Bytes mask{};
  for (unsigned i = 0; i < mask.size(); ++i) {
    const unsigned kept = bits > 8 * i ? std::min(8U, bits - 8 * i) : 0;
    mask[i] = static_cast<uint8_t>(0xff00U >> kept);
  }
  return mask;
}

IpAddress masked(const IpAddress& address, const IpAddress::Bytes& mask) {
  IpAddress::Bytes bytes = address.bytes();
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] &= mask[i];
  return IpAddress(bytes);
}

}  // namespace

Prefix::Prefix(const IpAddress& address, unsigned length)
    : bits_(static_cast<uint8_t>(address.is_v4() ? kMappedBits + std::min(length, 32U)
                                                 : std::min(length, 128U))) {
  mask_ = mask_of(bits_);
  address_ = masked(address, mask_);
}

std::optional<Prefix> Prefix::parse(std::string_view text) {
  const size_t slash = text.find('/');
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  const unsigned most = address->is_v4() ? 32 : 128;
  if (slash == std::string_view::npos) return Prefix(*address, most);
  const std::string_view digits = text.substr(slash + 1);
  unsigned length = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  if (error != std::errc() || end != digits.data() + digits.size() || length > most)
    return std::nullopt;
  return Prefix(*address, length);
}

unsigned Prefix::length() const {
  return address_.is_v4() ? bits_ - kMappedBits : bits_;
}

std::string Prefix::to_string() const {
  return address_.to_string() + '/' + std::to_string(length());
}

}  // namespace weir
