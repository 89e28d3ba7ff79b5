// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/address_owners.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace weir {
namespace {

constexpr unsigned kBits = 128;
constexpr unsigned kBitsV4 = 32;

// The next address; nothing after the last one.
std::optional<IpAddress> after(const IpAddress& address) {
  IpAddress::Bytes bytes = address.bytes();
  for (size_t i = bytes.size(); i-- > 0;) {
    if (++bytes[i] != 0) return IpAddress(bytes);
  }
  return std::nullopt;
}

}  // namespace

std::optional<AddressRange> parse_network(std::string_view text) {
  const size_t slash = text.find('/');
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  const unsigned most = address->is_v4() ? kBitsV4 : kBits;
  unsigned length = most;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (error != std::errc() || end != digits.data() + digits.size() || length > most)
      return std::nullopt;
  }
  IpAddress::Bytes first = address->bytes();
  IpAddress::Bytes last = first;
  for (unsigned bit = kBits - most + length; bit < kBits; ++bit) {
    const auto one = static_cast<uint8_t>(0x80 >> bit % 8);
    first[bit / 8] = static_cast<uint8_t>(first[bit / 8] & ~one);
    last[bit / 8] = static_cast<uint8_t>(last[bit / 8] | one);
  }
  return AddressRange{IpAddress(first), IpAddress(last)};
}

void AddressOwners::start_step(const IpAddress& first, std::optional<uint16_t> owner) {
  if (!steps_.empty() && steps_.back().first == first)
    steps_.back().owner = owner;
  else
    steps_.push_back({first, owner});
}

void AddressOwners::build() {
  std::ranges::stable_sort(entries_, [](const Entry& a, const Entry& b) {
    if (a.range.first != b.range.first) return a.range.first < b.range.first;
    return a.range.last > b.range.last;
  });
  const auto is_same = [](const Entry& a, const Entry& b) {
    return a.range.first == b.range.first && a.range.last == b.range.last;
  };
  entries_.erase(std::unique(entries_.begin(), entries_.end(), is_same), entries_.end());
  std::vector<const Entry*> open;  // each inside the one before
  const auto close_before = [&](const IpAddress* first) {
    while (!open.empty() && (first == nullptr || open.back()->range.last < *first)) {
      const auto next = after(open.back()->range.last);
      open.pop_back();
      if (next) start_step(*next, open.empty() ? std::nullopt : std::optional(open.back()->owner));
    }
  };
  for (const Entry& entry : entries_) {
    close_before(&entry.range.first);
    start_step(entry.range.first, entry.owner);
    open.push_back(&entry);
  }
  close_before(nullptr);
  entries_.clear();
}

std::optional<uint16_t> AddressOwners::find(const IpAddress& address) const {
  const auto next = std::ranges::upper_bound(steps_, address, {}, &Step::first);
  return next == steps_.begin() ? std::nullopt : std::prev(next)->owner;
}

}  // namespace weir
