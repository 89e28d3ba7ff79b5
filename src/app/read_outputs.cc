// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/read_outputs.h"

#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace weir {
namespace {

namespace fs = std::filesystem;

constexpr const char* kInput = "/dev/stdin";
constexpr const char* kOutput = "/dev/stdout";

// Devices and pipes hold nothing that could be lost.
bool is_one_file(const std::string& a, const std::string& b) {
  std::error_code error;
  if (fs::equivalent(a, b, error)) return fs::is_regular_file(a, error);
  if (fs::exists(a, error) || fs::exists(b, error)) return false;
  // Neither is there yet.
  return fs::weakly_canonical(fs::absolute(a, error), error) ==
         fs::weakly_canonical(fs::absolute(b, error), error);
}

std::vector<std::string> files_that_are_read(const ReadOptions& options) {
  std::vector<std::string> files;
  for (const std::string& file : options.files) files.push_back(file == "-" ? kInput : file);
  const TableOptions& tables = options.tables;
  for (const std::string* file :
       {&tables.protocols_file, &tables.places.country_file, &tables.places.as_file}) {
    if (!file->empty()) files.push_back(*file);
  }
  return files;
}

Result<void> check_output(const std::string& option, const std::string& output,
                          const std::vector<std::string>& inputs) {
  if (output.empty()) return {};
  const std::string file = output == "-" ? kOutput : output;
  for (const std::string& input : inputs) {
    if (is_one_file(file, input))
      return Error{fmt::format("{} {} would write over {}, which is read: name another file",
                               option, output, input)};
  }
  // The summary goes there, too.
  if (output != "-" && is_one_file(file, kOutput))
    return Error{
        fmt::format("{} {} is where standard output goes: write {} -, or name another "
                    "file",
                    option, output, option)};
  return {};
}

// Nothing for a pipe: the kernel holds whoever opens one until somebody reads.
Result<OutputFile> open_early(const std::string& path) {
  std::error_code ignored;
  if (path.empty() || fs::is_fifo(path, ignored)) return OutputFile();
  return open_output(path);
}

}  // namespace

Result<void> check_outputs(const ReadOptions& options) {
  const std::vector<std::string> inputs = files_that_are_read(options);
  if (auto free = check_output("--flows", options.flows_file, inputs); !free) return free;
  if (auto free = check_output("--hosts", options.hosts_file, inputs); !free) return free;
  const bool has_both = !options.flows_file.empty() && !options.hosts_file.empty();
  if (has_both && options.flows_file != "-" && options.hosts_file != "-" &&
      is_one_file(options.flows_file, options.hosts_file))
    return Error{fmt::format("--flows {} and --hosts {} are one file: give each its own",
                             options.flows_file, options.hosts_file)};
  return {};
}

Result<OutputFile> open_output(const std::string& path) {
  if (path == "-") return OutputFile(stdout);
  OutputFile file(std::fopen(path.c_str(), "we"));
  if (!file) return system_error("write " + path, errno);
  return file;
}

Result<ReadOutputs> open_outputs(const ReadOptions& options) {
  auto flows = open_early(options.flows_file);
  if (!flows) return flows.error();
  auto hosts = open_early(options.hosts_file);
  if (!hosts) return hosts.error();
  return ReadOutputs{*std::move(flows), *std::move(hosts)};
}

}  // namespace weir
