// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/capture_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "capture/stream_file.h"

namespace weir {
namespace {

Error file_error(const std::string& path, int error_number) {
  if (error_number == ENOENT) return {path + ": there is no such file", error_number};
  if (error_number == EACCES) return {path + ": no permission to read it", error_number};
  return system_error(path, error_number);
}

}  // namespace

Result<std::unique_ptr<FileSource>> open_capture_file(const std::string& path) {
  // Without O_NONBLOCK a FIFO that nobody writes to yet would hold us here, deaf to signals.
  Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!descriptor.is_open() || ::fstat(descriptor.get(), &status) != 0)
    return file_error(path, errno);
  if (S_ISREG(status.st_mode)) {
    if (status.st_size == 0) return Error{path + ": is empty; weir reads pcap and pcapng"};
    return open_regular_capture(std::move(descriptor), path, static_cast<uint64_t>(status.st_size));
  }
  if (S_ISDIR(status.st_mode))
    return Error{path + ": is a directory; name the capture files in it", EISDIR};
  return open_capture_stream(std::move(descriptor), path);
}

}  // namespace weir
