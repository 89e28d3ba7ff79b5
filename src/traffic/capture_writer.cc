// SPDX-License-Identifier: GPL-3.0-or-later
#include "traffic/capture_writer.h"

#include <array>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace weir {
namespace {

constexpr size_t kBufferBytes = size_t{1} << 20;
constexpr size_t kOverheadBytes = 64;  // more than what any format puts around a frame
constexpr uint32_t kEthernet = 1;

constexpr size_t padding(size_t bytes) {
  return (4 - bytes % 4) % 4;
}

}  // namespace

Result<CaptureWriter> CaptureWriter::create(const std::string& path, CaptureFormat format) {
  if (path == "-") return CaptureWriter(dup(STDOUT_FILENO), "standard output", format);
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return system_error("write " + path, errno);
  return CaptureWriter(file, path, format);
}

CaptureWriter::CaptureWriter(int file, std::string path, CaptureFormat format)
    : file_(file), path_(std::move(path)), format_(format), buffer_(kBufferBytes) {
  write_file_header();
}

CaptureWriter::CaptureWriter(CaptureWriter&& other) noexcept
    : file_(std::exchange(other.file_, -1)),
      path_(std::move(other.path_)),
      format_(other.format_),
      buffer_(std::move(other.buffer_)),
      used_(other.used_) {}

CaptureWriter::~CaptureWriter() {
  if (file_ >= 0) close(file_);
}

void CaptureWriter::put_u16(uint16_t value) {
  std::memcpy(buffer_.data() + used_, &value, sizeof value);
  used_ += sizeof value;
}

void CaptureWriter::put_u32(uint32_t value) {
  std::memcpy(buffer_.data() + used_, &value, sizeof value);
  used_ += sizeof value;
}

void CaptureWriter::write_file_header() {
  if (format_ != CaptureFormat::kPcapng) {
    put_u32(format_ == CaptureFormat::kPcap ? 0xa1b2c3d4 : 0xa1b23c4d);
    put_u16(2);  // version 2.4
    put_u16(4);
    put_u32(0);  // time zone, accuracy: always 0
    put_u32(0);
    put_u32(kMaxFrameBytes);
    put_u32(kEthernet);
    return;
  }
  for (const uint32_t word : {0x0a0d0d0aU, 28U, 0x1a2b3c4dU, 1U, 0xffff'ffffU, 0xffff'ffffU, 28U})
    put_u32(word);  // section
  put_u32(1);       // interface description
  put_u32(32);
  put_u16(kEthernet);
  put_u16(0);
  put_u32(kMaxFrameBytes);
  put_u16(9);  // if_tsresol
  put_u16(1);
  const std::array<uint8_t, 4> resolution{9, 0, 0, 0};  // 10^-9 s
  std::memcpy(buffer_.data() + used_, resolution.data(), resolution.size());
  used_ += resolution.size();
  put_u32(0);  // end of options
  put_u32(32);
}

bool CaptureWriter::has_room(size_t frame_bytes) const {
  assert(frame_bytes <= kMaxFrameBytes);
  return used_ + frame_bytes + kOverheadBytes <= buffer_.size();
}

std::span<uint8_t> CaptureWriter::append(Timestamp when, size_t frame_bytes) {
  assert(has_room(frame_bytes));
  const auto length = static_cast<uint32_t>(frame_bytes);
  if (format_ != CaptureFormat::kPcapng) {
    put_u32(when.seconds);
    put_u32(format_ == CaptureFormat::kPcap ? when.nanoseconds / 1000 : when.nanoseconds);
    put_u32(length);
    put_u32(length);
    const std::span<uint8_t> frame(buffer_.data() + used_, frame_bytes);
    used_ += frame_bytes;
    return frame;
  }
  const auto block = static_cast<uint32_t>(32 + frame_bytes + padding(frame_bytes));
  const auto time = static_cast<uint64_t>(when.as_nanoseconds());
  put_u32(6);  // enhanced packet
  put_u32(block);
  put_u32(0);  // interface
  put_u32(static_cast<uint32_t>(time >> 32));
  put_u32(static_cast<uint32_t>(time));
  put_u32(length);
  put_u32(length);
  const std::span<uint8_t> frame(buffer_.data() + used_, frame_bytes);
  used_ += frame_bytes;
  std::memset(buffer_.data() + used_, 0, padding(frame_bytes));
  used_ += padding(frame_bytes);
  put_u32(block);
  return frame;
}

Result<void> CaptureWriter::flush() {
  size_t written = 0;
  while (written < used_) {
    const ssize_t count = write(file_, buffer_.data() + written, used_ - written);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error("write " + path_, errno);
    written += static_cast<size_t>(count);
  }
  used_ = 0;
  return {};
}

}  // namespace weir
