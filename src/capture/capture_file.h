// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "capture/file_source.h"

namespace weir {

// Opens a pcap or pcapng file, or anything else that can be read (a FIFO, /dev/stdin,
// <(zcat x.pcap.gz)). Views live until the next poll. Everything up to a tear is delivered; then
// poll() says kEnd and error() "x.pcap: torn after packet 17 at byte 1804: ...". Errors: one
// sentence saying what `path` is (missing, a directory, empty, compressed, no capture) and what to
// do.
[[nodiscard]] Result<std::unique_ptr<FileSource>> open_capture_file(const std::string& path);

}  // namespace weir
