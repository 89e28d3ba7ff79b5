// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "capture/packet_source.h"
#include "engine/shard.h"

namespace weir {

// Opens a capture by its path, or standard input for "-".
[[nodiscard]] Result<std::unique_ptr<PacketSource>> open_file(const std::string& path);

// Shows every packet of some files to one shard, then ends its flows. Owner: the thread that calls
// run(); progress() any thread.
class FileReader {
 public:
  FileReader(std::vector<std::string> files, uint32_t repeat, Shard& shard)
      : files_(std::move(files)), repeat_(repeat), shard_(shard) {}

  // Returns early when `stop` becomes true. Error: a file cannot be opened any more.
  Result<void> run(const std::atomic<bool>& stop);

  // How much of everything was read, 0 to 1; negative when that cannot be known.
  [[nodiscard]] double progress() const { return progress_.load(std::memory_order_relaxed); }
  // What was wrong with files that could be read in part. After run().
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  void read_one(PacketSource& source, size_t pass, const std::atomic<bool>& stop);

  std::vector<std::string> files_;
  uint32_t repeat_;
  Shard& shard_;
  PacketBatch batch_;
  std::atomic<double> progress_{0};
  std::vector<std::string> warnings_;
};

}  // namespace weir
