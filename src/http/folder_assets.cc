// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "http/asset_store.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxFiles = 10'000;

std::string_view content_type_of(const fs::path& file) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kTypes{{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".map", "application/json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".txt", "text/plain; charset=utf-8"},
      {".webmanifest", "application/manifest+json"},
  }};
  const std::string extension = file.extension().string();
  for (const auto& [known, type] : kTypes) {
    if (extension == known) return type;
  }
  return "application/octet-stream";
}

class FolderAssets : public AssetStore {
 public:
  explicit FolderAssets(fs::path folder) : folder_(std::move(folder)) {}

  [[nodiscard]] std::optional<Asset> find(std::string_view path) const override {
    const std::map<std::string, fs::path, std::less<>> files = list();
    const auto found = files.find(path);
    if (found == files.end()) return std::nullopt;
    std::ifstream file(found->second, std::ios::binary);
    if (!file) return std::nullopt;
    auto text = std::make_shared<const std::string>(std::istreambuf_iterator<char>(file),
                                                    std::istreambuf_iterator<char>());
    const std::string etag =
        fmt::format("\"{:016x}-{:x}\"", std::hash<std::string>()(*text), text->size());
    return Asset{content_type_of(found->second), *text, {}, etag, text};
  }

 private:
  // Walked at each call: it serves one developer. The names asked for are only ever compared.
  [[nodiscard]] std::map<std::string, fs::path, std::less<>> list() const {
    std::map<std::string, fs::path, std::less<>> files;
    std::error_code error;
    for (auto at = fs::recursive_directory_iterator(folder_, error);
         !error && at != fs::recursive_directory_iterator() && files.size() < kMaxFiles;
         at.increment(error)) {
      std::error_code ignored;
      if (at->symlink_status(ignored).type() != fs::file_type::regular) continue;
      files.emplace("/" + at->path().lexically_relative(folder_).generic_string(), at->path());
    }
    return files;
  }

  const fs::path folder_;
};

}  // namespace

Result<std::unique_ptr<AssetStore>> make_folder_assets(const std::string& folder) {
  std::error_code error;
  const fs::directory_iterator listable(folder, error);
  if (error) return Error{folder + ": " + error.message(), error.value()};
  return std::unique_ptr<AssetStore>(std::make_unique<FolderAssets>(folder));
}

}  // namespace weir
