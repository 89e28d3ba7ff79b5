// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/byte_reader.h"
#include "base/result.h"
#include "net/packet_view.h"

namespace weir {

// The most bytes one packet may have in a capture. A record that claims more is damage, not a
// packet.
inline constexpr uint32_t kMaxCapturedLength = 64U << 20;
// A file whose snap length says less may still hold packets of this size (as libpcap and Wireshark
// allow).
inline constexpr uint32_t kUsualMaxCapturedLength = 262144;

enum class ParseStatus : uint8_t {
  kFull,      // the batch is full; there may be more in the window
  kNeedMore,  // the window ends before the next record does (or just after the last one: consumed
              // is the whole window)
  kTorn,      // what follows is no record: `reason` says why. Nothing after it can be found
};

struct ParseOutcome {
  ParseStatus status = ParseStatus::kNeedMore;
  size_t consumed = 0;   // bytes of the window that are done with; the next window starts there
  size_t needed = 0;     // kNeedMore: how long the next window must at least be
  std::string reason{};  // kTorn
};

// Turns the bytes of a capture file into packets, whether they lie in a mapping or arrive in
// pieces. Holds what the file said so far (byte order, interfaces), never the bytes. Owner: the
// source that feeds it.
class CaptureParser {
 public:
  virtual ~CaptureParser() = default;

  // Adds packets to `batch` until it is full, the window is used up or the file turns out damaged.
  // The views point into `window`. Each window must start where the one before was consumed to.
  // Packets added before a tear are good. Every kFull consumes; no allocation but for pcapng's list
  // of interfaces and the reason of a tear.
  virtual ParseOutcome parse(ByteReader window, PacketBatch& batch) = 0;
};

// What the first bytes of a file must at least be to tell its format.
inline constexpr size_t kFormatBytes = 4;

// The parser for a file that starts with `start` (at least kFormatBytes unless the file is
// shorter), or a sentence saying what it is instead ("is compressed with gzip: gunzip it first").
[[nodiscard]] Result<std::unique_ptr<CaptureParser>> make_capture_parser(ByteReader start);

}  // namespace weir
