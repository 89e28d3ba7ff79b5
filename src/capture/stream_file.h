// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/descriptor.h"
#include "base/result.h"
#include "capture/file_source.h"

namespace weir {

// Reads a pcap or pcapng capture from front to back, from a pipe, a FIFO, a socket. Views live
// until the next poll. Nothing is read before the first poll(): that the stream is no capture is
// therefore told by kEnd and error(). A signal ends the wait early with kIdle. Memory: one buffer,
// as long as the longest record that really came, at most 128 MiB. Error: a terminal, which nobody
// types a capture into.
[[nodiscard]] Result<std::unique_ptr<FileSource>> open_capture_stream(Descriptor descriptor,
                                                                      std::string name);

// The same of a regular file of `size` > 0 bytes; a wait for it is none. Its beginning is read at
// once: that it is no capture is an error here. What is appended later is not read.
[[nodiscard]] Result<std::unique_ptr<FileSource>> open_regular_capture(Descriptor descriptor,
                                                                       std::string name,
                                                                       uint64_t size);

// The same of standard input, by the name "-". It stays open when the source goes.
[[nodiscard]] Result<std::unique_ptr<FileSource>> open_standard_input();

}  // namespace weir
