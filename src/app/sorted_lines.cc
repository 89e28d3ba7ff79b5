// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sorted_lines.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>

namespace weir {
namespace {

constexpr size_t kLineOverhead = 96;  // of two short strings in a vector

bool write_text(std::FILE* file, const std::string& text) {
  const auto size = static_cast<uint32_t>(text.size());
  return std::fwrite(&size, sizeof(size), 1, file) == 1 &&
         std::fwrite(text.data(), 1, size, file) == size;
}

bool read_text(std::FILE* file, std::string& text) {
  uint32_t size = 0;
  if (std::fread(&size, sizeof(size), 1, file) != 1) return false;
  text.resize(size);
  return std::fread(text.data(), 1, size, file) == size;
}

// A file without a name: gone when it is closed, whatever happens.
int open_unnamed(const std::string& folder) {
  const int descriptor = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor >= 0) return descriptor;
  std::string name = folder + "/.weir-XXXXXX";
  const int named = mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) unlink(name.c_str());
  return named;
}

}  // namespace

// Where the merge stands in one run, or in the lines still in memory.
class SortedLines::Cursor {
 public:
  Cursor(std::FILE* run, std::vector<Line>* lines, size_t order)
      : run_(run), lines_(lines), order_(order) {
    next();
  }

  [[nodiscard]] bool at_end() const { return at_end_; }
  [[nodiscard]] const Line& line() const { return line_; }
  void next() {
    if (run_ != nullptr) {
      at_end_ = !read_text(run_, line_.key) || !read_text(run_, line_.text);
    } else if (position_ < lines_->size()) {
      line_ = std::move((*lines_)[position_++]);
    } else {
      at_end_ = true;
    }
  }
  [[nodiscard]] bool comes_after(const Cursor& other) const {
    const int order = line_.key.compare(other.line_.key);
    return order != 0 ? order > 0 : order_ > other.order_;
  }
  [[nodiscard]] bool failed() const { return run_ != nullptr && std::ferror(run_) != 0; }

 private:
  std::FILE* run_;
  std::vector<Line>* lines_;
  size_t order_;
  size_t position_ = 0;
  Line line_;
  bool at_end_ = false;
};

void SortedLines::add(std::string key, std::string line) {
  if (!failure_) return;
  held_bytes_ += key.size() + line.size() + kLineOverhead;
  lines_.push_back({std::move(key), std::move(line)});
  if (held_bytes_ >= limit_) failure_ = spill();
}

void SortedLines::sort() {
  std::stable_sort(lines_.begin(), lines_.end(),
                   [](const Line& a, const Line& b) { return a.key < b.key; });
}

Result<void> SortedLines::spill() {
  const int descriptor = open_unnamed(folder_);
  if (descriptor < 0) return system_error("temporary file in " + folder_, errno);
  File run(fdopen(descriptor, "w+"));
  if (!run) return system_error("temporary file in " + folder_, errno);
  sort();
  for (const Line& line : lines_) {
    if (!write_text(run.get(), line.key) || !write_text(run.get(), line.text))
      return system_error("write temporary file", errno);
  }
  if (std::fflush(run.get()) != 0) return system_error("write temporary file", errno);
  std::rewind(run.get());
  runs_.push_back(std::move(run));
  lines_.clear();
  held_bytes_ = 0;
  return {};
}

Result<void> SortedLines::merge(std::vector<SortedLines>& parts, std::FILE* out) {
  std::vector<Cursor> cursors;
  for (SortedLines& part : parts) {
    if (!part.failure_) return part.failure_;
    part.sort();
    for (const File& run : part.runs_) cursors.emplace_back(run.get(), nullptr, cursors.size());
    cursors.emplace_back(nullptr, &part.lines_, cursors.size());
  }
  const auto after = [](const Cursor& a, const Cursor& b) { return a.comes_after(b); };
  for (const Cursor& cursor : cursors) {
    if (cursor.failed()) return Error{"reading the temporary file failed"};
  }
  std::erase_if(cursors, [](const Cursor& cursor) { return cursor.at_end(); });
  std::make_heap(cursors.begin(), cursors.end(), after);
  while (!cursors.empty()) {
    std::pop_heap(cursors.begin(), cursors.end(), after);
    Cursor& first = cursors.back();
    const std::string& text = first.line().text;
    if (std::fwrite(text.data(), 1, text.size(), out) != text.size() ||
        std::fputc('\n', out) == EOF)
      return system_error("write", errno);
    first.next();
    if (first.failed()) return Error{"reading the temporary file failed"};
    if (first.at_end()) {
      cursors.pop_back();
    } else {
      std::push_heap(cursors.begin(), cursors.end(), after);
    }
  }
  if (std::fflush(out) != 0) return system_error("write", errno);
  return {};
}

}  // namespace weir
