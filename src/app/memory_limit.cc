// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/memory_limit.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "engine/shard.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

constexpr size_t kNoLimit = SIZE_MAX;
constexpr size_t kMega = size_t{1} << 20;
constexpr size_t kGiga = kMega << 10;

// Where the groups that may limit memory are mounted, and which of the groups that is.
struct Hierarchy {
  bool is_version_2 = false;
  fs::path mounted_at;
  std::string mounted_group;
};

bool has_word(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    if (list.substr(0, comma) == word) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

// Undoes what proc(5) says of white space and backslashes in mountinfo: "\040" for a space.
std::string unescaped(std::string_view text) {
  constexpr size_t kLength = 4;
  std::string plain;
  while (!text.empty()) {
    unsigned code = 0;
    const char* const end = text.data() + std::min(text.size(), kLength);
    const bool is_escape = text.front() == '\\' && text.size() >= kLength &&
                           std::from_chars(text.data() + 1, end, code, 8).ptr == end;
    plain += is_escape ? static_cast<char>(code) : text.front();
    text.remove_prefix(is_escape ? kLength : 1);
  }
  return plain;
}

// A line of /proc/self/mountinfo: "36 25 0:31 GROUP MOUNT-POINT options ... - TYPE SOURCE OPTIONS".
std::optional<Hierarchy> memory_hierarchy(const std::string& line) {
  std::istringstream words(line);
  std::string skipped, type, options;
  Hierarchy hierarchy;
  std::string mount_point;
  words >> skipped >> skipped >> skipped >> hierarchy.mounted_group >> mount_point;
  while (words >> skipped && skipped != "-") {
  }
  words >> type >> skipped >> options;
  hierarchy.mounted_at = unescaped(mount_point);
  hierarchy.mounted_group = unescaped(hierarchy.mounted_group);
  hierarchy.is_version_2 = type == "cgroup2";
  if (hierarchy.is_version_2 || (type == "cgroup" && has_word(options, "memory"))) return hierarchy;
  return std::nullopt;
}

// The process's group in a hierarchy, by /proc/self/cgroup: "4:memory:/group", "0::/group".
std::optional<std::string> group_in(bool is_version_2, const fs::path& root) {
  std::ifstream lines(root / "proc/self/cgroup");
  for (std::string line; std::getline(lines, line);) {
    const size_t first = line.find(':');
    const size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string_view controllers =
        std::string_view(line).substr(first + 1, second - first - 1);
    const bool fits = is_version_2 ? controllers.empty() : has_word(controllers, "memory");
    if (fits) return line.substr(second + 1);
  }
  return std::nullopt;
}

// "max", which version 2 writes for none, is no number.
size_t read_limit(const fs::path& file) {
  std::ifstream stream(file);
  std::string text;
  stream >> text;
  size_t bytes = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bytes);
  return error == std::errc() && end != text.data() ? bytes : kNoLimit;
}

// The path from a mounted group to one that is in it or is the same; nothing when it is elsewhere.
std::optional<fs::path> path_below(const fs::path& mounted, const fs::path& group) {
  auto rest = group.begin();
  for (const fs::path& name : mounted) {
    if (rest == group.end() || *rest != name) return std::nullopt;
    ++rest;
  }
  fs::path below;
  for (; rest != group.end(); ++rest) {
    if (*rest == "..") return std::nullopt;
    below /= *rest;
  }
  return below;
}

// The least limit of the group and of those around it, as far up as they can be seen, and whether
// it is the group's own.
struct GroupLimit {
  size_t bytes = kNoLimit;
  bool is_own = false;
};

GroupLimit limit_of(const Hierarchy& hierarchy, const std::string& group, const fs::path& root) {
  const char* const file = hierarchy.is_version_2 ? "memory.max" : "memory.limit_in_bytes";
  // What is mounted may be the group itself (a container's view) or one around it. In a namespace
  // of its own the process is in "/", whatever the mount calls that.
  const auto below = group == "/" ? fs::path() : path_below(hierarchy.mounted_group, group);
  if (!below) return {};
  fs::path folder = root / hierarchy.mounted_at.relative_path();
  // "/..": what is mounted lies around the namespace.
  GroupLimit least{read_limit(folder / file), !hierarchy.mounted_group.starts_with("/..")};
  for (const fs::path& name : *below) {
    folder /= name;
    const size_t bytes = read_limit(folder / file);
    least = {std::min(least.bytes, bytes), bytes <= least.bytes};
  }
  return least;
}

GroupLimit group_limit(const fs::path& root) {
  GroupLimit least;
  std::ifstream mounts(root / "proc/self/mountinfo");
  for (std::string line; std::getline(mounts, line);) {
    const auto hierarchy = memory_hierarchy(line);
    if (!hierarchy) continue;
    const auto group = group_in(hierarchy->is_version_2, root);
    if (!group) continue;
    const GroupLimit limit = limit_of(*hierarchy, *group, root);
    if (limit.bytes < least.bytes) least = limit;
  }
  return least;
}

// "MemTotal:  24683820 kB".
size_t machine_memory(const fs::path& root) {
  std::ifstream words(root / "proc/meminfo");
  for (std::string word; words >> word;) {
    size_t kilobytes = 0;
    if (word == "MemTotal:" && words >> kilobytes) return kilobytes * 1024;
  }
  return kNoLimit;
}

}  // namespace

MemoryLimit memory_limit(const fs::path& root) {
  const size_t machine = machine_memory(root);
  const GroupLimit group = group_limit(root);
  const size_t bytes = std::min(machine, group.bytes);
  if (bytes == kNoLimit) return {};
  return {.bytes = bytes, .is_of_group = group.bytes < machine && group.is_own};
}

MemoryPlan plan_memory(const MemoryLimit& limit, const MemoryUsers& users) {
  constexpr size_t kUnknown = 4 * kGiga;
  constexpr size_t kProgram = 12 * kMega;
  constexpr size_t kLuaStates = 3;
  constexpr size_t kRowBytes = 4096;   // on its way through the lists of all threads
  constexpr size_t kMergedShare = 13;  // a twelfth of the tables: query/merged_hosts.h
  const size_t all = limit.bytes == 0 ? kUnknown : limit.bytes;
  MemoryPlan plan;
  plan.ring_bytes = std::clamp(all / std::max<size_t>(16, 8 * users.rings), 1 * kMega, 64 * kMega);
  plan.script_bytes = std::clamp(all / 8 / kLuaStates, 8 * kMega, 256 * kMega);
  plan.sort_bytes = std::clamp(all / 8, 4 * kMega, 64 * kMega);
  plan.spool_bytes =
      std::clamp(all / std::max<size_t>(16, 16 * users.outlets), 1 * kMega, 64 * kMega);
  plan.event_bytes = std::clamp(all / 512, kMega / 8, 16 * kMega);
  plan.answer_rows = std::clamp<size_t>(all >> 16, 1'000, 100'000);
  // What is remembered of which there are takes 60 bytes each.
  plan.kept_hosts = std::clamp<size_t>(all >> 12, 4096, size_t{1} << 17);
  plan.kept_hosts_in_memory = std::clamp<size_t>(all >> 18, 256, size_t{1} << 14);
  // So that each shard can be made at all.
  plan.tables_bytes =
      std::max(all / 4, std::min(all / 2, users.interfaces * users.shards * Shard::kMinMemory));
  if (!limit.is_of_group) return plan;
  const size_t ring = users.ring_bytes == 0 ? plan.ring_bytes : users.ring_bytes;
  // Flows on their way to the outlets (export/flow_reports.h).
  constexpr size_t kReportBytes = 4 * kMega;
  constexpr size_t kRelayBytes = 12 * kMega;  // more where they are collected
  const size_t outlets = users.outlets * plan.spool_bytes +
                         (users.outlets == 0 ? 0
                                             : users.interfaces * users.shards * kReportBytes +
                                                   users.collecting * kRelayBytes);
  const size_t reserve = kProgram + kLuaStates * plan.script_bytes + users.rings * ring +
                         plan.answer_rows * kRowBytes + plan.event_bytes + outlets;
  size_t left = all - std::min(all, reserve);
  if (users.shards > 1) left -= left / kMergedShare;
  plan.tables_bytes = std::max(plan.tables_bytes, left);
  return plan;
}

}  // namespace weir
