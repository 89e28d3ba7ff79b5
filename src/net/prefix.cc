// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/prefix.h"

#include <algorithm>
#include <charconv>

namespace weir {
namespace {

constexpr unsigned kMappedBits = 96;  // what stands before an IPv4 address in its 128-bit form

IpAddress masked(const IpAddress& address, unsigned bits) {
  IpAddress::Bytes bytes = address.bytes();
  for (unsigned i = 0; i < bytes.size(); ++i) {
    const unsigned kept = bits > 8 * i ? std::min(8U, bits - 8 * i) : 0;
    bytes[i] &= static_cast<uint8_t>(0xff00U >> kept);
  }
  return IpAddress(bytes);
}

// The 128 bits as two numbers.
struct Halves {
  uint64_t high;
  uint64_t low;
};

uint64_t number_at(const uint8_t* bytes) {
  uint64_t number = 0;
  for (int i = 0; i < 8; ++i) number = number << 8 | bytes[i];
  return number;
}

Halves halves_of(const IpAddress& address) {
  return {number_at(address.bytes().data()), number_at(address.bytes().data() + 8)};
}

// Of 64 bits; more than 64 are all.
uint64_t leading_ones(unsigned count) {
  if (count == 0) return 0;
  return count >= 64 ? UINT64_MAX : UINT64_MAX << (64 - count);
}

}  // namespace

Prefix::Prefix(const IpAddress& address, unsigned length)
    : bits_(static_cast<uint8_t>(address.is_v4() ? kMappedBits + std::min(length, 32U)
                                                 : std::min(length, 128U))) {
  address_ = masked(address, bits_);
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

bool Prefix::contains(const IpAddress& address) const {
  const Halves ours = halves_of(address_);
  const Halves theirs = halves_of(address);
  const bool is_inside =
      ((ours.high ^ theirs.high) & leading_ones(bits_)) == 0 &&
      ((ours.low ^ theirs.low) & leading_ones(bits_ > 64 ? bits_ - 64U : 0U)) == 0;
  // ::/0 has no bits to tell the families apart by.
  return is_inside && address.is_v4() == address_.is_v4();
}

}  // namespace weir
