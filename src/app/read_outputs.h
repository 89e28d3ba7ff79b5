// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "app/options.h"
#include "base/result.h"

namespace weir {

// Leaves standard output open.
struct OutputCloser {
  void operator()(std::FILE* file) const {
    if (file != stdout) std::fclose(file);
  }
};
using OutputFile = std::unique_ptr<std::FILE, OutputCloser>;

// Whether `read` can write its files without losing what is to be read, or one under the other,
// whatever the names and links are by which they are named. Looks and changes nothing. Error: which
// of them are one file.
[[nodiscard]] Result<void> check_outputs(const ReadOptions& options);

// "-" is standard output. What is in the file is gone.
[[nodiscard]] Result<OutputFile> open_output(const std::string& path);

// Where `read` writes flows and hosts. Null: not wanted, or a pipe, which nobody may read yet.
struct ReadOutputs {
  OutputFile flows;
  OutputFile hosts;
};
// REQUIRES: check_outputs().
[[nodiscard]] Result<ReadOutputs> open_outputs(const ReadOptions& options);

}  // namespace weir
