// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/file_channel.h"

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir {
namespace {

Error failure(const std::string& what, const std::string& path) {
  const int code = errno;
  return {fmt::format("{} {}: {}", what, path, std::generic_category().message(code)), code};
}

}  // namespace

FileChannel::FileChannel(std::string path, uint64_t rotate_bytes, uint32_t keep)
    : path_(std::move(path)), rotate_bytes_(rotate_bytes), keep_(keep) {}

Result<void> FileChannel::reopen() {
  constexpr mode_t kMode = 0640;  // who talks to whom is not for everybody
  // Not blocking: a pipe may have no reader.
  constexpr int kFlags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  file_ = Descriptor(::open(path_.c_str(), kFlags, kMode));
  if (!file_.is_open()) return failure("open", path_);
  struct stat about {};
  if (fstat(file_.get(), &about) != 0) return failure("stat", path_);
  is_regular_ = S_ISREG(about.st_mode);
  size_ = is_regular_ ? static_cast<uint64_t>(about.st_size) : 0;
  return {};
}

Result<void> FileChannel::open(const IsOver& is_over) {
  if (auto opened = reopen(); !opened) return opened;
  return write_kept(is_over);
}

Result<void> FileChannel::send(std::vector<Message>&& messages, const IsOver& is_over) {
  keep(std::move(messages));
  if (auto there = look(); !there) return there;
  return write_kept(is_over);
}

Result<void> FileChannel::write_kept(const IsOver& is_over) {
  while (!kept_messages().empty()) {
    const std::string& bytes = kept_messages().front().bytes;
    Result<void> result;
    if (rotate_bytes_ != 0 && size_ != 0 && size_ + bytes.size() > rotate_bytes_) result = rotate();
    if (result) result = write_one(bytes, is_over);
    if (!result) {
      file_ = Descriptor();
      return result;
    }
    size_ += bytes.size();
    let_go();
  }
  return {};
}

Result<void> FileChannel::write_one(const std::string& bytes, const IsOver& is_over) {
  constexpr int kLook = 100;
  size_t at = 0;
  while (at < bytes.size()) {
    const ssize_t written = ::write(file_.get(), bytes.data() + at, bytes.size() - at);
    if (written > 0) {
      at += static_cast<size_t>(written);
    } else if (errno == EAGAIN && !is_over()) {
      pollfd wanted{file_.get(), POLLOUT, 0};
      (void)poll(&wanted, 1, kLook);
    } else if (errno != EINTR) {
      const Error error = failure("write", path_);
      // The file ends with what was whole.
      if (at > 0 && is_regular_) (void)::ftruncate(file_.get(), static_cast<off_t>(size_));
      return error;
    }
  }
  return {};
}

Result<void> FileChannel::rotate() {
  if (!is_regular_) return {};
  if (keep_ == 0) {
    if (::ftruncate(file_.get(), 0) != 0) return failure("truncate", path_);
    size_ = 0;
    return {};
  }
  // Those that are not there yet are no error.
  for (uint32_t number = keep_; number > 1; --number) {
    (void)std::rename(fmt::format("{}.{}", path_, number - 1).c_str(),
                      fmt::format("{}.{}", path_, number).c_str());
  }
  if (std::rename(path_.c_str(), (path_ + ".1").c_str()) != 0) return failure("rename", path_);
  return reopen();
}

bool FileChannel::is_moved() const {
  struct stat there {};
  struct stat open {};
  if (!is_regular_ || fstat(file_.get(), &open) != 0) return false;
  return stat(path_.c_str(), &there) != 0 || there.st_ino != open.st_ino ||
         there.st_dev != open.st_dev;
}

Result<void> FileChannel::look() {
  const auto now = std::chrono::steady_clock::now();
  if (now < looked_ + std::chrono::seconds(1)) return {};
  looked_ = now;
  return is_moved() ? reopen() : Result<void>();
}

}  // namespace weir
