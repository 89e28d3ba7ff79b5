// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "capture/file_source.h"
#include "engine/flow_shares.h"
#include "engine/shared_packets.h"

namespace weir {

// Opens a capture by its path, or standard input for "-".
[[nodiscard]] Result<std::unique_ptr<FileSource>> open_file(const std::string& path);

// Some files, read once and shown to several readers: each is given all packets in the same order,
// at its own pace up to kAhead chunks before the slowest. There is no thread of its own: the reader
// that comes to the end of what was read reads on for all, so that none waits while there is work.
// Owner: each reader's thread calls next() with its own number; progress() any thread; the others
// when all readers are done. Memory: kAhead times some 700 KB.
class SharedFiles {
 public:
  static constexpr size_t kAhead = 12;

  struct Chunk {
    PacketChunk packets;
    SharedPackets shared;  // the same, read for all; nothing when there is one reader
  };

  SharedFiles(std::vector<std::string> files, uint32_t repeat, size_t readers,
              const FlowShares& shares)
      : files_(std::move(files)),
        repeat_(repeat),
        shares_(shares),
        lead_(readers > 1 ? kAhead / 4 : 0),
        position_(readers) {}

  // What follows the chunk that the reader was given last, which it must not use any more. Null at
  // the end, or when `stop` becomes true.
  [[nodiscard]] const Chunk* next(size_t reader, const std::atomic<bool>& stop);

  // How much of everything was read, 0 to 1; negative when that cannot be known.
  [[nodiscard]] double progress() const { return progress_.load(std::memory_order_relaxed); }
  // Error: a file could not be opened any more.
  [[nodiscard]] const Result<void>& result() const { return result_; }
  // What was wrong with files that could be read in part.
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  [[nodiscard]] bool has_room() const;
  // False at the end of the last file.
  [[nodiscard]] bool read(Chunk& chunk, const std::atomic<bool>& stop);
  [[nodiscard]] bool open_next();
  void close();
  void publish_progress();

  std::vector<std::string> files_;
  uint32_t repeat_;
  FlowShares shares_;
  // Who comes to the end of what was read reads so many chunks more than it needs before it goes on
  // with its own work: then the others find enough to do meanwhile.
  size_t lead_;
  std::array<Chunk, kAhead> chunks_;

  std::mutex mutex_;  // of what follows, up to the empty line
  std::condition_variable changed_;
  std::vector<uint64_t> position_;  // by reader: chunks that it was given
  uint64_t chunks_read_ = 0;
  bool is_reading_ = false;  // somebody is, without the mutex
  bool has_ended_ = false;

  // Of whoever reads.
  std::unique_ptr<FileSource> source_;
  size_t pass_ = 0;
  std::vector<std::string> warnings_;
  Result<void> result_;
  std::atomic<double> progress_{0};
};

}  // namespace weir
