// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/host_name.h"

#include <charconv>
#include <cstdint>

namespace weir {

std::optional<HostName> parse_host_name(std::string_view text) {
  const size_t at = text.find('@');
  const auto address = IpAddress::parse(text.substr(0, at));
  if (!address) return std::nullopt;
  if (at == std::string_view::npos) return HostName{*address, std::nullopt};
  VlanTags vlan;
  std::string_view rest = text.substr(at + 1);
  for (;;) {
    unsigned id = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), id);
    if (error != std::errc() || id > 4095 || vlan.count == VlanTags::kMaxTags) return std::nullopt;
    vlan.push(static_cast<uint16_t>(id));
    rest.remove_prefix(static_cast<size_t>(end - rest.data()));
    if (rest.empty()) return HostName{*address, vlan};
    if (rest.front() != '.') return std::nullopt;
    rest.remove_prefix(1);
  }
}

}  // namespace weir
