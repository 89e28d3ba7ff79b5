// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/local_networks.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

// RFC 5771, RFC 919, RFC 1122, RFC 4291.
constexpr std::array kOfTheLink{"224.0.0.0/24", "255.255.255.255", "0.0.0.0",
                                "ff01::/16",    "ff02::/16",       "::"};

}  // namespace

std::string_view direction_name(Direction direction) {
  static constexpr std::array<std::string_view, kDirections> kNames{"through", "out", "in",
                                                                    "within"};
  return kNames[static_cast<size_t>(direction)];
}

LocalNetworks::LocalNetworks(std::vector<Prefix> networks)
    : networks_(std::move(networks)), by_first_((size_t{1} << 16) / kInWord) {
  for (const char* text : kOfTheLink) networks_.push_back(*Prefix::parse(text));
  for (const Prefix& network : networks_) {
    if (network.address().is_v4()) mark(network);
  }
}

void LocalNetworks::mark(const Prefix& network) {
  constexpr unsigned kBits = 16;
  const unsigned length = std::min(network.length(), kBits);
  const auto& bytes = network.address().bytes();
  const unsigned begin = bytes[12] * 256U + bytes[13];
  const uint64_t what = network.length() <= kBits ? kAll : kSome;
  for (unsigned number = begin; number < begin + (1U << (kBits - length)); ++number) {
    const std::array<uint8_t, 4> four{static_cast<uint8_t>(number >> 8),
                                      static_cast<uint8_t>(number)};
    const uint32_t first = IpAddress::from_v4(four.data()).v4_bits() & 0xffff;
    uint64_t& word = by_first_[first / kInWord];
    const unsigned shift = first % kInWord * 2;
    if ((word >> shift & 3) == kAll) continue;
    word = (word & ~(uint64_t{3} << shift)) | what << shift;
  }
}

bool LocalNetworks::is_in_any(const IpAddress& address) const {
  return std::any_of(networks_.begin(), networks_.end(),
                     [&](const Prefix& network) { return network.contains(address); });
}

bool LocalNetworks::has_within(uint32_t bits) const {
  std::array<uint8_t, 4> bytes{};
  std::memcpy(bytes.data(), &bits, bytes.size());
  return is_in_any(IpAddress::from_v4(bytes.data()));
}

bool LocalNetworks::has(const IpAddress& address) const {
  return address.is_v4() ? has_v4(address.v4_bits()) : is_in_any(address);
}

}  // namespace weir
