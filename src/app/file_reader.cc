// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/file_reader.h"

#include "capture/capture_file.h"
#include "capture/stream_file.h"

namespace weir {

Result<std::unique_ptr<PacketSource>> open_file(const std::string& path) {
  return path == "-" ? open_standard_input() : open_capture_file(path);
}

Result<void> FileReader::run(const std::atomic<bool>& stop) {
  for (size_t pass = 0; pass < files_.size() * repeat_ && !stop.load(std::memory_order_relaxed);
       ++pass) {
    auto source = open_file(files_[pass % files_.size()]);
    if (!source) return source.error();
    read_one(**source, pass, stop);
    const std::string warning = (*source)->error();
    if (!warning.empty() && pass < files_.size()) warnings_.push_back(warning);
  }
  shard_.finish();
  return {};
}

void FileReader::read_one(PacketSource& source, size_t pass, const std::atomic<bool>& stop) {
  constexpr std::chrono::milliseconds kPatience{200};
  constexpr uint32_t kBatchesPerReport = 4096;
  const auto passes = static_cast<double>(files_.size() * repeat_);
  for (uint32_t batches = 1; !stop.load(std::memory_order_relaxed); ++batches) {
    const PollStatus status = source.poll(batch_, kPatience);
    if (status == PollStatus::kEnd) return;
    if (status == PollStatus::kPackets) shard_.process(batch_);
    if (batches % kBatchesPerReport != 0) continue;
    const double part = source.progress();
    progress_.store(part < 0 ? -1 : (static_cast<double>(pass) + part) / passes,
                    std::memory_order_relaxed);
  }
}

}  // namespace weir
