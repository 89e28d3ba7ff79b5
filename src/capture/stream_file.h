// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "capture/descriptor.h"
#include "capture/packet_source.h"

namespace weir {

// Reads a pcap or pcapng capture from anything that can only be read from front to back: a pipe, a
// FIFO, a socket. Views live until the next poll. Nothing is read before the first poll(): that the
// stream is no capture is therefore told by kEnd and error(). A signal ends the wait early with
// kIdle. Memory: one buffer, as long as the longest record that really came, at most 128 MiB.
// Error: a terminal, which nobody types a capture into.
[[nodiscard]] Result<std::unique_ptr<PacketSource>> open_capture_stream(Descriptor descriptor,
                                                                        std::string name);

// The same of standard input, by the name "-". It stays open when the source goes.
[[nodiscard]] Result<std::unique_ptr<PacketSource>> open_standard_input();

}  // namespace weir
