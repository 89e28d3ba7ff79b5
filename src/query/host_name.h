// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

#include "net/ip_address.h"
#include "net/vlan_tags.h"

namespace weir {

// A host as its key names it: "10.0.0.1@100.20", outermost VLAN first.
struct HostName {
  IpAddress address;
  std::optional<VlanTags> vlan;  // nothing when the text says none: in any
};
// Nothing when the text is no such key.
[[nodiscard]] std::optional<HostName> parse_host_name(std::string_view text);

}  // namespace weir
