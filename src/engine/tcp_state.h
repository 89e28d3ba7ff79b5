// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "record/flow_record.h"

namespace weir {

// How a flow's marks (FlowMark) change with a packet from `sender`. Pure.
// `marks_other_spoke`: the other end has sent before.
[[nodiscard]] uint8_t next_tcp_marks(uint8_t marks, uint8_t tcp_flags, uint8_t sender,
                                     bool other_spoke);
[[nodiscard]] uint8_t next_datagram_marks(uint8_t marks, bool other_spoke);

// The same with a flow record of `sender`, whose flags are those of all its packets together; 0:
// the exporter tells none.
[[nodiscard]] uint8_t next_record_marks(uint8_t marks, uint8_t protocol, uint8_t tcp_flags,
                                        uint8_t sender, bool other_spoke);

// True when the marks say that the connection is over; what still comes belongs to it for a while.
[[nodiscard]] bool is_closed(uint8_t marks);
// True when a packet with these flags begins a new connection on the ports of an old one that was
// used and is over.
[[nodiscard]] bool begins_anew(uint8_t marks, uint8_t tcp_flags);
[[nodiscard]] FlowState state_of(uint8_t marks, uint8_t protocol, bool both_spoke);

}  // namespace weir
