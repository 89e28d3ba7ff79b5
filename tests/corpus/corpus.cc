// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus.h"

#include <algorithm>
#include <cstdlib>

#include "capture/capture_file.h"

namespace weir::corpus {

std::optional<std::filesystem::path> find_captures() {
  const char* given = std::getenv("WEIR_CORPUS");
  const std::filesystem::path root =
      given != nullptr ? std::filesystem::path(given)
                       : std::filesystem::path(WEIR_SOURCE_DIR) / ".." / "shared" / "corpus";
  std::filesystem::path folder = root / "captures";
  if (!std::filesystem::is_directory(folder / "pcap")) return std::nullopt;
  return folder;
}

std::vector<std::filesystem::path> list_captures(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "pcap")) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string for_each_packet(const std::filesystem::path& file,
                            const std::function<void(const PacketView&)>& take) {
  auto source = open_capture_file(file.string());
  if (!source.ok()) return source.error().message;
  PacketBatch batch;
  while (source.value()->poll(batch, std::chrono::milliseconds(0)) != PollStatus::kEnd) {
    for (size_t i = 0; i < batch.count; ++i) take(batch.packets[i]);
  }
  return source.value()->error();
}

}  // namespace weir::corpus
