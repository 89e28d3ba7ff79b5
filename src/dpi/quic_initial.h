// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/byte_reader.h"
#include "dpi/quic_header.h"
#include "dpi/quic_keys.h"

namespace weir {

// The longest packet that is opened: a datagram of the longest usual frame.
inline constexpr size_t kMaxQuicPacket = 2048;

// Takes the protection off an Initial packet (RFC 9001, section 5.3 and 5.4): its frames, or
// nothing when the keys are not those it was made with, or its end is missing. The frames live in
// a buffer of the thread until the next call.
// Cost: about 1.5 us for 1200 bytes; the contexts of the cipher are the thread's.
[[nodiscard]] ByteReader open_quic_initial(ByteReader packet, const QuicLongHeader& header,
                                           const QuicKeys& keys);

}  // namespace weir
