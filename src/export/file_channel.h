// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "export/message_channel.h"

namespace weir {

// Appends messages to a file, whole ones only: what a full disk took of one is cut off again, and
// the message waits. A file that becomes larger than `rotate_bytes` is named FILE.1, the one before
// it FILE.2, up to FILE.`keep`; 0: never. A file that somebody else moved away is begun anew within
// a second.
class FileChannel final : public MessageChannel {
 public:
  FileChannel(std::string path, uint64_t rotate_bytes, uint32_t keep);

  Result<void> open(const IsOver& is_over) override;
  Result<void> send(std::vector<Message>&& messages, const IsOver& is_over) override;
  Result<void> look() override;

 private:
  [[nodiscard]] Result<void> reopen();
  [[nodiscard]] Result<void> write_kept(const IsOver& is_over);
  [[nodiscard]] Result<void> write_one(const std::string& bytes, const IsOver& is_over);
  [[nodiscard]] Result<void> rotate();
  [[nodiscard]] bool is_moved() const;

  std::string path_;
  uint64_t rotate_bytes_;
  uint32_t keep_;
  Descriptor file_;
  bool is_regular_ = false;  // else a pipe, a terminal, a device
  uint64_t size_ = 0;
  std::chrono::steady_clock::time_point looked_{};
};

}  // namespace weir
