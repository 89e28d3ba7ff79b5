// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shared_files.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "capture/capture_file.h"
#include "capture/stream_file.h"

namespace weir {

Result<std::unique_ptr<FileSource>> open_file(const std::string& path) {
  return path == "-" ? open_standard_input() : open_capture_file(path);
}

// A position is that of the chunk a reader has in hand, so that one is not overwritten.
bool SharedFiles::has_room() const {
  const uint64_t slowest = *std::min_element(position_.begin(), position_.end());
  return chunks_read_ + 1 < slowest + kAhead;
}

const SharedFiles::Chunk* SharedFiles::next(size_t reader, const std::atomic<bool>& stop) {
  constexpr std::chrono::milliseconds kLook{50};  // at `stop`, which nobody announces
  std::unique_lock lock(mutex_);
  const uint64_t wanted = position_[reader]++;
  changed_.notify_all();
  while (!stop.load(std::memory_order_relaxed)) {
    const bool is_there = chunks_read_ > wanted;
    const bool is_far_enough = chunks_read_ > wanted + lead_;
    if (is_there && (is_far_enough || is_reading_ || has_ended_ || !has_room()))
      return &chunks_[wanted % kAhead];
    if (!is_there && has_ended_) return nullptr;
    if (is_reading_ || !has_room()) {
      changed_.wait_for(lock, kLook);
      continue;
    }
    is_reading_ = true;
    Chunk& chunk = chunks_[chunks_read_ % kAhead];
    lock.unlock();
    const bool has_more = read(chunk, stop);
    lock.lock();
    is_reading_ = false;
    has_ended_ = !has_more;
    chunks_read_ += has_more ? 1 : 0;
    changed_.notify_all();
  }
  return nullptr;
}

bool SharedFiles::read(Chunk& chunk, const std::atomic<bool>& stop) {
  constexpr std::chrono::milliseconds kPatience{200};
  while (!stop.load(std::memory_order_relaxed)) {
    if (!source_ && !open_next()) return false;
    switch (source_->poll_chunk(chunk.packets, kPatience)) {
      case PollStatus::kPackets:
        if (position_.size() > 1)
          chunk.shared.read({chunk.packets.batches.data(), chunk.packets.count}, shares_);
        publish_progress();
        return true;
      case PollStatus::kIdle:
        break;
      case PollStatus::kEnd:
        close();
    }
  }
  return false;
}

bool SharedFiles::open_next() {
  if (pass_ == files_.size() * repeat_) return false;
  auto source = open_file(files_[pass_ % files_.size()]);
  if (!source) {
    result_ = source.error();
    return false;
  }
  source_ = *std::move(source);
  return true;
}

void SharedFiles::close() {
  std::string warning = source_->error();
  if (!warning.empty() && pass_ < files_.size()) warnings_.push_back(std::move(warning));
  source_.reset();
  ++pass_;
}

void SharedFiles::publish_progress() {
  const auto passes = static_cast<double>(files_.size() * repeat_);
  const double part = source_->progress();
  progress_.store(part < 0 ? -1 : (static_cast<double>(pass_) + part) / passes,
                  std::memory_order_relaxed);
}

}  // namespace weir
