// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/import_hosts_command.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "app/folder_lock.h"
#include "app/output.h"
#include "app/remembered_hosts.h"
#include "base/json_reader.h"
#include "base/printable.h"
#include "cache/cache.h"
#include "record/host_json.h"

namespace weir {
namespace {

// The next line without its end; nothing at the end of the stream. Of a line that is too long to
// be a host only so much is kept.
bool next_line(std::istream& lines, std::string& line) {
  line.clear();
  char c = 0;
  bool has_any = false;
  while (lines.get(c)) {
    has_any = true;
    if (c == '\n') break;
    if (line.size() <= Cache::kMaxValueBytes) line += c;
  }
  return has_any;
}

Result<HostRecord> host_of_line(const std::string& line, std::string_view estimator) {
  const auto value = parse_json(line);
  if (!value) return value.error();
  return host_from_value(*value, estimator);
}

Result<size_t> import_all(const ImportHostsOptions& options, HostStore& store) {
  size_t hosts = 0;
  for (const std::string& file : options.files) {
    std::ifstream stream;
    if (file != "-") {
      stream.open(file);
      if (!stream) return system_error(file, errno);
    }
    const auto added = import_hosts(file == "-" ? std::cin : stream, options.interface, store);
    if (!added) return added.error().in(file);
    hosts += *added;
  }
  return hosts;
}

}  // namespace

Result<size_t> import_hosts(std::istream& lines, const std::string& interface, HostStore& store) {
  size_t hosts = 0;
  std::string line;
  for (size_t number = 1; next_line(lines, line); ++number) {
    const auto wrong = [&](const Error& error) { return error.in(fmt::format("line {}", number)); };
    if (line.size() > Cache::kMaxValueBytes) return wrong(Error{"is too long"});
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    auto host = host_of_line(line, store.estimator());
    if (!host) return wrong(host.error());
    store.put(interface, HostPast{*std::move(host), {}, {}});
    ++hosts;
  }
  return hosts;
}

int run_import_hosts(const ImportHostsOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(options.data_folder, error);
  if (error)
    return complain({fmt::format("{}: {}", options.data_folder, error.message()), error.value()});
  // A weir that runs knows by heart which hosts are kept.
  const auto lock = FolderLock::take(options.data_folder);
  if (!lock) return complain(lock.error());
  const auto cache = open_host_cache(options.data_folder, HostCacheFile::kLimitBytes);
  if (!cache) return complain(cache.error());
  HostStore store(**cache, HostStore::Setting{.lifetime = options.lifetime});
  const auto hosts = import_all(options, store);
  store.save();
  if (!hosts) return complain(hosts.error());
  return print_or_complain(fmt::format("{} hosts for {}\n", *hosts, printable(options.interface)));
}

}  // namespace weir
