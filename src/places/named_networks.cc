// SPDX-License-Identifier: GPL-3.0-or-later
#include "places/named_networks.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include <fmt/format.h>

namespace weir {

Result<NamedNetwork> parse_named_network(std::string_view text) {
  const size_t equals = text.find('=');
  const auto prefix =
      equals == std::string_view::npos ? std::nullopt : Prefix::parse(text.substr(equals + 1));
  if (!prefix || equals == 0)
    return Error{fmt::format("\"{}\" is no named network: NAME=ADDRESS/LENGTH", text), 0};
  return NamedNetwork{std::string(text.substr(0, equals)), *prefix};
}

NamedNetworks::Key NamedNetworks::key_of(const IpAddress& address) {
  uint64_t halves[2];
  std::memcpy(halves, address.bytes().data(), sizeof(halves));
  if constexpr (std::endian::native == std::endian::little)
    return {__builtin_bswap64(halves[0]), __builtin_bswap64(halves[1])};
  return {halves[0], halves[1]};
}

NamedNetworks::Length& NamedNetworks::length_for(const Prefix& prefix) {
  const bool is_v4 = prefix.address().is_v4();
  const unsigned bits = is_v4 ? 96 + prefix.length() : prefix.length();
  for (Length& length : lengths_) {
    if (length.bits == bits && length.is_v4 == is_v4) return length;
  }
  const auto leading_ones = [](unsigned count) {
    return count == 0 ? 0 : ~uint64_t{0} << (64 - std::min(count, 64U));
  };
  const Key mask{leading_ones(bits), bits > 64 ? leading_ones(bits - 64) : 0};
  return lengths_.emplace_back(Length{mask, is_v4, bits, {}});
}

NamedNetworks::NamedNetworks(const std::vector<NamedNetwork>& networks) {
  for (const NamedNetwork& network : networks) {
    if (networks_.size() == kMaxNetworks) break;
    const bool is_known = std::any_of(networks_.begin(), networks_.end(), [&](const auto& other) {
      return other.prefix == network.prefix;
    });
    if (is_known) continue;
    networks_.push_back(network);
    length_for(network.prefix).entries.push_back({key_of(network.prefix.address()), count()});
  }
  std::sort(lengths_.begin(), lengths_.end(),
            [](const Length& a, const Length& b) { return a.bits > b.bits; });
  for (Length& length : lengths_) {
    std::sort(length.entries.begin(), length.entries.end(),
              [](const Entry& a, const Entry& b) { return a.key < b.key; });
  }
}

uint16_t NamedNetworks::find(const IpAddress& address) const {
  const Key key = key_of(address);
  const bool is_v4 = address.is_v4();
  for (const Length& length : lengths_) {
    if (length.is_v4 != is_v4) continue;
    const Key wanted{key.high & length.mask.high, key.low & length.mask.low};
    const auto found =
        std::lower_bound(length.entries.begin(), length.entries.end(), wanted,
                         [](const Entry& entry, const Key& k) { return entry.key < k; });
    if (found != length.entries.end() && found->key == wanted) return found->number;
  }
  return 0;
}

}  // namespace weir
