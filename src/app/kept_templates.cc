// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kept_templates.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include <fmt/format.h>

#include "base/log.h"
#include "base/whole_file.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

// A file's name of an interface's.
std::string file_name(std::string id) {
  std::replace_if(
      id.begin(), id.end(), [](char c) { return c == ':' || c == '/' || c == '[' || c == ']'; },
      '-');
  return "templates-" + id + ".txt";
}

}  // namespace

KeptTemplates::KeptTemplates(const std::string& data_folder, const std::string& id) {
  if (!data_folder.empty()) file_ = (fs::path(data_folder) / file_name(id)).string();
}

std::string KeptTemplates::read() const {
  std::error_code ignored;
  if (file_.empty() || !fs::exists(file_, ignored)) return {};
  if (fs::file_size(file_, ignored) > kMaxFileBytes) {
    log_warning(fmt::format("{}: too long to hold templates", file_));
    return {};
  }
  std::ifstream file(file_, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file) {
    log_warning(fmt::format("{}: cannot be read", file_));
    return {};
  }
  return text;
}

void KeptTemplates::write(const CollectorBoard& board, std::chrono::steady_clock::time_point now,
                          bool is_end) {
  if (file_.empty() || (!is_end && now < looked_ + kEvery)) return;
  looked_ = now;
  const auto notice = board.latest();
  const std::string& text = *notice->templates;
  if (text.empty() || text == written_) return;
  const Result<void> kept = write_whole_file(file_, text);
  if (kept.ok()) written_ = text;
  if (!kept.ok() && !has_failed_)
    log_warning(fmt::format("templates cannot be kept: {}", kept.error().message));
  has_failed_ = !kept.ok();
}

}  // namespace weir
