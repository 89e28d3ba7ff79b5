// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "dpi/payload.h"

namespace weir {

// The protocol of a payload that says by its own lengths and fields what it is, where a prefix of
// schema/protocols.toml would not be enough and a dissector too much; "" when it is none of these.
// Asked for a flow's first payloads in either direction. Takes a name only where the chance that
// other bytes look like this is below one in a million, or the port says so too.
// Cost: some compares. The result lives for ever.
[[nodiscard]] std::string_view small_protocol(const Payload& payload);

}  // namespace weir
