// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/file_source.h"

#include <fmt/format.h>

namespace weir {

void FileSource::advance(const ParseOutcome& outcome, const PacketBatch& batch) {
  // One writer: a load and a store are enough.
  packets_.store(packets_.load(std::memory_order_relaxed) + batch.count, std::memory_order_relaxed);
  offset_.store(offset() + outcome.consumed, std::memory_order_relaxed);
  if (outcome.status == ParseStatus::kTorn) tear(outcome.reason);
}

void FileSource::end_of_file(size_t left, size_t needed) {
  if (left != 0) {
    tear(fmt::format("the file ends {} bytes into a record of at least {}", left, needed));
  }
  has_ended_ = true;
}

void FileSource::tear(std::string_view reason) {
  fail(fmt::format("torn after packet {} at byte {}: {}", statistics().packets, offset(), reason));
}

void FileSource::fail(std::string sentence) {
  error_ = fmt::format("{}: {}", name_, sentence);
  has_ended_ = true;
}

}  // namespace weir
