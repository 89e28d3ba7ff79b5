// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/line_reader.h"

#include "dpi/ascii_text.h"

namespace weir {

void LineReader::keep(std::string_view text) {
  const std::string_view kept = text.substr(0, max_bytes_ - partial_.size());
  if (kept.size() < text.size()) is_partial_cut_ = true;
  partial_ += kept;
}

std::optional<std::string_view> LineReader::next(ByteReader& bytes) {
  if (is_partial_told_) clear();
  const std::string_view text = text_of(bytes);
  const size_t end = text.find('\n');
  if (end == std::string_view::npos) {
    keep(text);
    bytes.skip(text.size());
    return std::nullopt;
  }
  bytes.skip(end + 1);
  std::string_view line = text.substr(0, end);
  if (partial_.empty()) {
    was_cut_ = line.size() > max_bytes_;
    line = line.substr(0, max_bytes_);
  } else {
    keep(line);
    was_cut_ = is_partial_cut_;
    line = partial_;
    is_partial_told_ = true;
  }
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

void LineReader::clear() {
  partial_.clear();
  is_partial_cut_ = false;
  is_partial_told_ = false;
}

}  // namespace weir
