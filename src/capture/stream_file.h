// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "capture/packet_source.h"

namespace weir {

// Reads a pcap or pcapng capture from anything that can only be read from front to back: standard
// input, a pipe, a FIFO, a socket. Takes over `descriptor` and closes it (standard input, 0, stays
// open). Views live until the next poll. Nothing is read before the first poll(): that the stream
// is no capture is therefore told by kEnd and error(). A signal ends the wait early with kIdle.
// Memory: one buffer, as long as the longest record that really came, at most 128 MiB. Errors: a
// terminal, which nobody types a capture into.
[[nodiscard]] Result<std::unique_ptr<PacketSource>> open_capture_stream(int descriptor,
                                                                        std::string name);

}  // namespace weir
