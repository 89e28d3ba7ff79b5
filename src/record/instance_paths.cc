// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/instance_paths.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <string>

namespace weir {
namespace {

struct Paths {
  std::mutex mutex;
  std::map<std::string, uint32_t, std::less<>> numbers;  // its keys are the texts
  std::array<std::atomic<const std::string*>, kMaxPaths> texts{};
};

// Never destroyed: views of it live for ever.
Paths& paths() {
  static Paths& kPaths = *new Paths;
  return kPaths;
}

}  // namespace

uint32_t path_number(std::string_view path) {
  if (path.empty() || path.size() > kMaxPathBytes) return kNoPath;
  Paths& all = paths();
  const std::lock_guard lock(all.mutex);
  if (const auto found = all.numbers.find(path); found != all.numbers.end()) return found->second;
  const auto number = static_cast<uint32_t>(all.numbers.size() + 1);
  if (number >= kMaxPaths) return kNoPath;
  const auto made = all.numbers.emplace(path, number).first;
  all.texts[number].store(&made->first, std::memory_order_release);
  return number;
}

uint32_t find_path(std::string_view path) {
  Paths& all = paths();
  const std::lock_guard lock(all.mutex);
  const auto found = all.numbers.find(path);
  return found == all.numbers.end() ? kNoPath : found->second;
}

std::string_view path_text(uint32_t number) {
  if (number >= kMaxPaths) return {};
  const std::string* const text = paths().texts[number].load(std::memory_order_acquire);
  return text == nullptr ? std::string_view() : *text;
}

uint32_t path_through(uint32_t path, std::string_view instance) {
  std::string text(path_text(path));
  if (!text.empty()) text += '/';
  text += instance;
  return path_number(text);
}

bool leads_through(uint32_t path, std::string_view instance) {
  std::string_view rest = path_text(path);
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('/'), rest.size());
    if (rest.substr(0, end) == instance) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

}  // namespace weir
