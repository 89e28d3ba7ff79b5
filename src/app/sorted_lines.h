// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace weir {

// Lines in the order of their keys, however many there are: what does not fit the memory limit
// waits in sorted runs in an unnamed temporary file. Owner: one thread at a time.
class SortedLines {
 public:
  static constexpr size_t kDefaultLimit = size_t{64} << 20;

  // `folder`: where the temporary file may lie.
  explicit SortedLines(std::string folder, size_t limit_bytes = kDefaultLimit)
      : folder_(std::move(folder)), limit_(limit_bytes) {}

  // Keys are compared as bytes; lines of one key stay in the order they came. An error of the
  // temporary file is kept for merge().
  void add(std::string key, std::string line);

  // Writes the lines of all parts in order, each ended by a newline. Equal keys: by the parts'
  // order. Error: reading a temporary file or writing `out` failed (a full disk, say).
  static Result<void> merge(std::vector<SortedLines>& parts, std::FILE* out);

 private:
  struct Line {
    std::string key;
    std::string text;
  };
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  using File = std::unique_ptr<std::FILE, Closer>;
  class Cursor;

  void sort();
  Result<void> spill();

  std::string folder_;
  size_t limit_;
  size_t held_bytes_ = 0;
  std::vector<Line> lines_;
  std::vector<File> runs_;
  Result<void> failure_;
};

}  // namespace weir
