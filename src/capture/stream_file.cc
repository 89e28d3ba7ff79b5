// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/stream_file.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

#include "capture/file_source.h"

namespace weir {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Small enough that a packet is still in the second-level cache when the engine looks at it: for a
// file in the page cache that made reading 1.15 times as fast as a mapping, whose page faults cost
// more than the copy.
constexpr size_t kFirstBuffer = 256U << 10;
constexpr uint64_t kUnknownSize = UINT64_MAX;

class StreamCapture final : public FileSource {
 public:
  StreamCapture(Descriptor descriptor, std::string name, uint64_t size)
      : FileSource(std::move(name)),
        descriptor_(std::move(descriptor)),
        buffer_(kFirstBuffer),
        size_(size) {}

  // Reads the beginning of a regular file and says whether it is a capture.
  Result<void> start();
  PollStatus poll(PacketBatch& batch, milliseconds timeout) override;
  PollStatus poll_chunk(PacketChunk& chunk, milliseconds timeout) override;
  [[nodiscard]] double progress() const override;

 private:
  enum class Input { kBytes, kNothing, kEnd };

  [[nodiscard]] ByteReader window() const {
    return ByteReader(std::span<const uint8_t>(buffer_).subspan(begin_, end_ - begin_));
  }
  void parse(PacketBatch& batch);
  Input wait_and_read(steady_clock::time_point deadline);
  Input read_more();
  void end();
  void make_room();
  // `taker` gets the bytes that views point to, and gives its own memory for them.
  void give_away_buffer(std::vector<uint8_t>& taker);

  Descriptor descriptor_;
  std::unique_ptr<CaptureParser> parser_;  // none until the format is known
  std::vector<uint8_t> buffer_;            // what was read and not yet parsed is [begin_, end_)
  size_t begin_ = 0;
  size_t end_ = 0;
  size_t needed_ = kFormatBytes;  // a window shorter than this gives nothing
  uint64_t size_;                 // when it was opened: what is appended later is not read
  uint64_t received_ = 0;
};

Result<void> StreamCapture::start() {
  while (!has_ended() && !window().can_read(kFormatBytes) && read_more() != Input::kEnd) {
  }
  if (has_ended()) return Error{error()};
  auto parser = make_capture_parser(window());
  if (!parser) return parser.error().in(std::string(name()));
  parser_ = *std::move(parser);
  needed_ = 0;
  return {};
}

double StreamCapture::progress() const {
  if (size_ == kUnknownSize) return FileSource::progress();
  return static_cast<double>(offset()) / static_cast<double>(size_);
}

PollStatus StreamCapture::poll(PacketBatch& batch, milliseconds timeout) {
  batch.clear();
  const auto deadline = steady_clock::now() + timeout;
  while (!has_ended()) {
    if (window().can_read(needed_)) parse(batch);
    if (batch.count != 0) return PollStatus::kPackets;
    if (has_ended()) break;
    switch (wait_and_read(deadline)) {
      case Input::kBytes:
        break;
      case Input::kNothing:
        return has_ended() ? PollStatus::kEnd : PollStatus::kIdle;
      case Input::kEnd:
        if (parser_) {
          end();
        } else {
          needed_ = 0;  // a file shorter than any magic: what is there decides
          parse(batch);
        }
    }
  }
  return PollStatus::kEnd;
}

PollStatus StreamCapture::poll_chunk(PacketChunk& chunk, milliseconds timeout) {
  chunk.clear();
  const PollStatus status = poll(chunk.add(), timeout);
  if (status != PollStatus::kPackets) {
    chunk.drop_last();
    return status;
  }
  while (!has_ended() && window().can_read(needed_)) {
    PacketBatch& batch = chunk.add();
    parse(batch);
    if (batch.count != 0) continue;
    chunk.drop_last();
    break;
  }
  give_away_buffer(chunk.bytes);
  return PollStatus::kPackets;
}

void StreamCapture::give_away_buffer(std::vector<uint8_t>& taker) {
  const size_t left = end_ - begin_;
  // One that an unusually long record made large is not kept.
  if (taker.size() > kFirstBuffer) taker = {};
  taker.resize(std::max(kFirstBuffer, left));
  std::memcpy(taker.data(), std::span(buffer_).subspan(begin_).data(), left);
  taker.swap(buffer_);
  begin_ = 0;
  end_ = left;
}

void StreamCapture::end() {
  if (size_ != kUnknownSize && received_ < size_) {
    tear("the file became shorter while it was read");
  } else {
    end_of_file(end_ - begin_, needed_);
  }
}

void StreamCapture::parse(PacketBatch& batch) {
  if (!parser_) {
    auto parser = make_capture_parser(window());
    if (!parser) return fail(parser.error().message);
    parser_ = *std::move(parser);
  }
  const ParseOutcome outcome = parser_->parse(window(), batch);
  begin_ += outcome.consumed;
  // After a full batch the next record may be there already; only the parser can tell.
  needed_ = outcome.status == ParseStatus::kNeedMore ? outcome.needed : 0;
  advance(outcome, batch);
}

StreamCapture::Input StreamCapture::wait_and_read(steady_clock::time_point deadline) {
  if (size_ != kUnknownSize) return read_more();
  const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
  pollfd waiting{.fd = descriptor_.get(), .events = POLLIN, .revents = 0};
  const int wait = static_cast<int>(std::clamp<int64_t>(left.count(), 0, INT_MAX));
  if (::poll(&waiting, 1, wait) <= 0) return Input::kNothing;
  return read_more();
}

StreamCapture::Input StreamCapture::read_more() {
  make_room();
  const std::span<uint8_t> room = std::span(buffer_).subspan(end_);
  const size_t wanted = std::min<uint64_t>(room.size(), size_ - received_);
  const ssize_t got = ::read(descriptor_.get(), room.data(), wanted);
  if (got > 0) {
    end_ += static_cast<size_t>(got);
    received_ += static_cast<size_t>(got);
    return Input::kBytes;
  }
  if (got == 0) return Input::kEnd;
  if (errno != EINTR && errno != EAGAIN) fail(std::generic_category().message(errno));
  return Input::kNothing;
}

// No view is out: this runs only while the batch is empty. The buffer grows only when it is full of
// bytes that really came.
void StreamCapture::make_room() {
  const std::span<uint8_t> all(buffer_);
  std::memmove(all.data(), all.subspan(begin_).data(), end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  if (end_ == buffer_.size()) buffer_.resize(buffer_.size() * 2);
}

}  // namespace

Result<std::unique_ptr<FileSource>> open_capture_stream(Descriptor descriptor, std::string name) {
  if (::isatty(descriptor.get()) != 0)
    return Error{name + ": is a terminal; pipe a capture into it"};
  return std::unique_ptr<FileSource>(
      new StreamCapture(std::move(descriptor), std::move(name), kUnknownSize));
}

Result<std::unique_ptr<FileSource>> open_regular_capture(Descriptor descriptor, std::string name,
                                                         uint64_t size) {
  // Advice that the kernel does not take changes nothing but speed.
  ::posix_fadvise(descriptor.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  auto capture = std::make_unique<StreamCapture>(std::move(descriptor), std::move(name), size);
  const Result<void> started = capture->start();
  if (!started) return started.error();
  return std::unique_ptr<FileSource>(std::move(capture));
}

Result<std::unique_ptr<FileSource>> open_standard_input() {
  Descriptor copy(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0));
  if (!copy.is_open()) return system_error("standard input", errno);
  return open_capture_stream(std::move(copy), "-");
}

}  // namespace weir
