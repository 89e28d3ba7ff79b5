// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "decode/decoded_packet.h"

namespace weir {

// Whether the sender of a flow's first packet is its client. It is, unless the packet says
// otherwise (SYN+ACK) or it is a datagram or a segment from the middle of a connection and only the
// sender's port is a known service.
[[nodiscard]] bool client_is_sender(const DecodedPacket& first_packet);

}  // namespace weir
