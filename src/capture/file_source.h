// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

#include "capture/capture_parser.h"
#include "capture/packet_source.h"

namespace weir {

// What all sources that read capture files have in common: their name, where they are and how they
// ended.
class FileSource : public PacketSource {
 public:
  explicit FileSource(std::string name) : name_(std::move(name)) {}

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
