// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/capture_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "capture/file_source.h"
#include "capture/mapped_file.h"
#include "capture/stream_file.h"

namespace weir {
namespace {

class MappedCapture final : public FileSource {
 public:
  MappedCapture(std::string name, MappedFile file, std::unique_ptr<CaptureParser> parser)
      : FileSource(std::move(name)), file_(std::move(file)), parser_(std::move(parser)) {}

  PollStatus poll(PacketBatch& batch, std::chrono::milliseconds /*timeout*/) override {
    batch.clear();
    if (has_ended()) return PollStatus::kEnd;
    if (!file_.advance(offset())) {
      tear("the file became shorter while it was read");
      return PollStatus::kEnd;
    }
    const ByteReader window = file_.from(offset());
    const ParseOutcome outcome = parser_->parse(window, batch);
    advance(outcome, batch);
    if (outcome.status == ParseStatus::kNeedMore) {
      end_of_file(window.remaining() - outcome.consumed, outcome.needed);
    }
    return batch.count != 0 ? PollStatus::kPackets : PollStatus::kEnd;
  }

  [[nodiscard]] double progress() const override {
    return static_cast<double>(offset()) / static_cast<double>(file_.size());
  }

 private:
  MappedFile file_;
  std::unique_ptr<CaptureParser> parser_;
};

Error file_error(const std::string& path, int error_number) {
  if (error_number == ENOENT) return {path + ": there is no such file", error_number};
  if (error_number == EACCES) return {path + ": no permission to read it", error_number};
  return system_error(path, error_number);
}

Result<std::unique_ptr<PacketSource>> open_mapped(const std::string& path, Descriptor descriptor,
                                                  size_t size) {
  if (size == 0) return Error{path + ": is empty; weir reads pcap and pcapng"};
  auto file = MappedFile::map(std::move(descriptor), size);
  if (!file) return file.error().in(path);
  auto parser = make_capture_parser(file->from(0));
  if (!parser) return parser.error().in(path);
  return std::unique_ptr<PacketSource>(
      new MappedCapture(path, *std::move(file), *std::move(parser)));
}

}  // namespace

Result<std::unique_ptr<PacketSource>> open_capture_file(const std::string& path) {
  // Without O_NONBLOCK a FIFO that nobody writes to yet would hold us here, deaf to signals.
  Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!descriptor.is_open() || ::fstat(descriptor.get(), &status) != 0)
    return file_error(path, errno);
  if (S_ISREG(status.st_mode)) {
    return open_mapped(path, std::move(descriptor), static_cast<size_t>(status.st_size));
  }
  if (S_ISDIR(status.st_mode))
    return Error{path + ": is a directory; name the capture files in it", EISDIR};
  return open_capture_stream(std::move(descriptor), path);
}

}  // namespace weir
