// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"

namespace weir {

enum class CaptureFormat : uint8_t {
  kPcap,             // microseconds
  kPcapNanoseconds,  // pcap with nanoseconds
  kPcapng,           // one Ethernet interface, nanoseconds
};

// Writes a capture of Ethernet frames in the byte order of this machine, through a large buffer.
// Use: while there are frames: if (!has_room(n)) flush(); fill append(when, n). At the end flush().
// Owner: one thread. The file is closed with the writer.
class CaptureWriter {
 public:
  // `path` "-" is standard output. An existing file is overwritten. Error: it cannot be opened for
  // writing.
  static Result<CaptureWriter> create(const std::string& path, CaptureFormat format);
  ~CaptureWriter();
  CaptureWriter(CaptureWriter&& other) noexcept;
  CaptureWriter& operator=(CaptureWriter&&) = delete;

  static constexpr size_t kMaxFrameBytes = 262'144;
  [[nodiscard]] bool has_room(size_t frame_bytes) const;
  // Where to write the frame, until the next call. REQUIRES: has_room(frame_bytes).
  [[nodiscard]] std::span<uint8_t> append(Timestamp when, size_t frame_bytes);
  // Error: the disk is full, the reader of the pipe went away ...
  Result<void> flush();

 private:
  CaptureWriter(int file, std::string path, CaptureFormat format);

  void write_file_header();
  void put_u16(uint16_t value);
  void put_u32(uint32_t value);

  int file_;
  std::string path_;
  CaptureFormat format_;
  std::vector<uint8_t> buffer_;
  size_t used_ = 0;
};

}  // namespace weir
