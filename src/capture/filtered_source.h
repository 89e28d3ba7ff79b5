// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "capture/packet_source.h"

namespace weir {

// Error: an expression, which may be empty, makes sense for no link type; libpcap's own message
// after "filter "EXPRESSION": ".
[[nodiscard]] Result<void> check_filter(const std::string& expression);

// The packets of `source`, a file or a stream, that a libpcap filter expression lets through; the
// others are in no count. In a file of several link types the expression is read for each of them;
// where it makes no sense ("ether host" of packets without Ethernet) nothing gets through, which is
// logged once. Tags of VLANs are in the frame. An empty expression gives `source` back. Error: as
// check_filter().
[[nodiscard]] Result<std::unique_ptr<PacketSource>> filter_source(
    std::unique_ptr<PacketSource> source, const std::string& expression);

}  // namespace weir
