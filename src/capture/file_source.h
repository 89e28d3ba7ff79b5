// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "capture/capture_parser.h"
#include "capture/packet_source.h"

namespace weir {

// Packets together with their bytes. `batches` are used again: those up to `count` are filled.
struct PacketChunk {
  std::vector<uint8_t> bytes;  // the views of the batches point here
  std::vector<PacketBatch> batches;
  size_t count = 0;

  void clear() { count = 0; }
  // An empty batch.
  PacketBatch& add() {
    if (count == batches.size()) batches.emplace_back();
    PacketBatch& batch = batches[count++];
    batch.clear();
    return batch;
  }
  void drop_last() { --count; }
};

// What all sources that read capture files have in common: their name, where they are and how they
// ended.
class FileSource : public PacketSource {
 public:
  explicit FileSource(std::string name) : name_(std::move(name)) {}

  // poll() of as many packets as are read at once, some 256 KiB of them, into a chunk that is its
  // own: they live until it is used again. Also the chunk's memory is used again.
  virtual PollStatus poll_chunk(PacketChunk& chunk, std::chrono::milliseconds timeout) = 0;

  [[nodiscard]] CaptureStatistics statistics() const override {
    return {.packets = packets_.load(std::memory_order_relaxed)};
  }
  [[nodiscard]] std::string error() const override { return error_; }
  [[nodiscard]] std::string_view name() const override { return name_; }
  [[nodiscard]] bool is_file() const override { return true; }

 protected:
  // Takes note of what the parser made of the window at offset(): how far it came, and whether it
  // found a tear.
  void advance(const ParseOutcome& outcome, const PacketBatch& batch);
  // Takes note that the file ends with `left` bytes after the last record, of which the next needs
  // `needed`.
  void end_of_file(size_t left, size_t needed);
  void tear(std::string_view reason);
  void fail(std::string sentence);

  [[nodiscard]] uint64_t offset() const { return offset_.load(std::memory_order_relaxed); }
  [[nodiscard]] bool has_ended() const { return has_ended_; }

 private:
  std::string name_;
  std::string error_;
  bool has_ended_ = false;
  std::atomic<uint64_t> packets_{0};
  std::atomic<uint64_t> offset_{0};
};

}  // namespace weir
