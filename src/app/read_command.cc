// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/read_command.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <thread>

#include <fmt/format.h>

#include "app/flow_writer.h"
#include "app/interface_setup.h"
#include "app/known_places.h"
#include "app/memory_limit.h"
#include "app/output.h"
#include "app/read_outputs.h"
#include "app/read_report.h"
#include "app/shared_files.h"
#include "app/top_flows.h"
#include "base/printable.h"
#include "query/live_questions.h"
#include "query/scan.h"
#include "record/record_fields.h"

namespace weir {
namespace {

using Clock = std::chrono::steady_clock;

// Each sorted run of flows is an open file, and a flood makes many.
void allow_many_files() {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

// Where temporary files may lie: beside the output when that is a file, else here.
std::string folder_of(const std::string& path) {
  std::error_code ignored;
  const auto kind = std::filesystem::status(path, ignored);
  if (std::filesystem::exists(kind) && !std::filesystem::is_regular_file(kind)) return ".";
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

// One thread's part of the work.
struct Part {
  std::unique_ptr<FlowWriter> writer;  // null: flows are not written
  std::unique_ptr<TopFlows> top;
};

// What each part's thread does.
void show_packets(SharedFiles& files, size_t part, Shard& shard, const std::atomic<bool>& stop) {
  while (const SharedFiles::Chunk* chunk = files.next(part, stop)) {
    const std::span batches(chunk->packets.batches.data(), chunk->packets.count);
    if (chunk->shared.batches() != 0) {
      shard.process(chunk->shared);
    } else {
      for (const PacketBatch& batch : batches) shard.process(batch);
    }
  }
  shard.finish();
}

void show_progress(const SharedFiles& files, Clock::time_point start) {
  const double part = files.progress();
  const double elapsed = std::chrono::duration<double>(Clock::now() - start).count();
  if (part > 0) {
    say(fmt::format("\r  {:3.0f} %  {:.0f} s, about {:.0f} s to go ", part * 100, elapsed,
                    elapsed / part - elapsed));
  } else {
    say(fmt::format("\r  {:.0f} s ", elapsed));
  }
}

// Shows the files to all shards side by side and how far they are, and passes a signal on. True
// when a signal cut it short.
bool run_shards(SharedFiles& files, const Interface& interface, StopSignal& stop_signal,
                bool shows_progress) {
  std::atomic<bool> stop{false};
  std::atomic<size_t> running{interface.shards().size()};
  std::vector<std::jthread> threads;
  for (size_t part = 0; part < interface.shards().size(); ++part) {
    threads.emplace_back([&, part] {
      show_packets(files, part, *interface.shards()[part], stop);
      running.fetch_sub(1, std::memory_order_release);
    });
  }
  const auto start = Clock::now();
  constexpr std::chrono::milliseconds kLook{5};
  constexpr std::chrono::milliseconds kBetweenReports{500};
  auto next_report = start + kBetweenReports;
  bool has_reported = false;
  while (running.load(std::memory_order_acquire) > 0) {
    if (stop_signal.wait(kLook)) {
      stop.store(true, std::memory_order_relaxed);
      break;
    }
    if (shows_progress && Clock::now() >= next_report) {
      show_progress(files, start);
      next_report += kBetweenReports;
      has_reported = true;
    }
  }
  threads.clear();
  if (has_reported) say(fmt::format("\r{:40}\r", ""));
  return stop.load(std::memory_order_relaxed);
}

ReadCost cost_since(Clock::time_point start) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return {std::chrono::duration<double>(Clock::now() - start).count(),
          seconds(usage.ru_utime) + seconds(usage.ru_stime),
          static_cast<uint64_t>(usage.ru_maxrss) * 1024};
}

// `file`: null where it could not be opened before.
Result<OutputFile> opened(OutputFile file, const std::string& path) {
  if (file) return Result<OutputFile>(std::move(file));
  return open_output(path);
}

Result<void> write_flows(const std::string& path, OutputFile early, std::vector<Part>& parts) {
  auto file = opened(std::move(early), path);
  if (!file) return file.error();
  std::vector<SortedLines> lines;
  for (Part& part : parts) lines.push_back(std::move(part.writer->lines()));
  if (auto merged = SortedLines::merge(lines, file->get()); !merged) return merged.error().in(path);
  return {};
}

// Hosts in the order of their addresses.
Result<void> write_hosts(const std::string& path, OutputFile early, const Interface& interface,
                         const RowContext& context) {
  auto file = opened(std::move(early), path);
  if (!file) return file.error();
  std::vector<SortedLines> lines;
  lines.emplace_back(folder_of(path), plan_memory(memory_limit()).sort_bytes);
  const auto add = [&](const HostRecord& host) {
    const auto& bytes = host.key.address.bytes();
    std::string key(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    for (const uint16_t id : host.key.vlan.ids)
      key += {static_cast<char>(id >> 8), static_cast<char>(id)};
    std::string line;
    append_host_json(line, host, context.of(interface.id(), 0));
    lines.front().add(std::move(key), std::move(line));
  };
  visit_hosts(interface, add, HostDetail::kAll);
  if (auto merged = SortedLines::merge(lines, file->get()); !merged) return merged.error().in(path);
  return {};
}

LiveQuestions questions_about(const Interface& interface, const ReadOptions& options,
                              std::shared_ptr<const Places> places) {
  LiveQuestions::Setting setting;
  setting.interfaces = {&interface};
  setting.local_networks = options.tables.local_networks;
  setting.places = [places = std::move(places)] { return places; };
  setting.now = [] { return 0.0; };
  setting.uptime = [] { return 0.0; };
  return LiveQuestions(std::move(setting));
}

std::string summary_of(const ReadOptions& options, const Interface& interface,
                       const Questions& questions, const std::vector<Part>& parts,
                       const Value& report) {
  ListRequest request;
  request.sort = "bytes";
  request.limit = TopFlows::kKept;
  const Answer hosts = questions.hosts(request);
  std::vector<const TopFlows*> tops;
  for (const Part& part : parts) tops.push_back(part.top.get());
  const std::string name = options.files.size() == 1
                               ? options.files.front()
                               : fmt::format("{} captures", options.files.size());
  return read_summary(name == "-" ? interface.name() : name, report, hosts ? *hosts : Value(),
                      TopFlows::rows(tops));
}

// Beside standard output where that has the flows or hosts for who reads them.
int print_summary(const ReadOptions& options, const std::string& summary) {
  if (!options.writes_to_stdout()) return print_or_complain(summary);
  say(summary);
  return 0;
}

// The sinks of one shard: the largest flows for the summary, before them the writer where flows are
// wanted.
Part make_part(const ReadOptions& options, std::shared_ptr<const Places> places) {
  Part part;
  if (!options.flows_file.empty()) {
    part.writer = std::make_unique<FlowWriter>(
        file_id(options.files.front()),
        RowContext(std::move(places), options.tables.local_networks),
        options.flows_file == "-" ? "." : folder_of(options.flows_file),
        plan_memory(memory_limit()).sort_bytes / options.tables.shards);
  }
  part.top = std::make_unique<TopFlows>(part.writer.get());
  return part;
}

Result<void> write_files(const ReadOptions& options, ReadOutputs outputs,
                         const Interface& interface, const std::shared_ptr<const Places>& places,
                         std::vector<Part>& parts) {
  if (!options.flows_file.empty()) {
    auto written = write_flows(options.flows_file, std::move(outputs.flows), parts);
    if (!written) return written;
  }
  if (!options.hosts_file.empty())
    return write_hosts(options.hosts_file, std::move(outputs.hosts), interface,
                       RowContext(places, options.tables.local_networks));
  return {};
}

}  // namespace

int run_read(const ReadOptions& options, StopSignal& stop) {
  const auto start = Clock::now();
  allow_many_files();
  // A file that cannot be opened is better found before an hour of reading others.
  for (const std::string& path : options.files) {
    if (reads_once(path)) {
      if (options.repeat > 1)
        return complain({path + " can be read only once: leave out --repeat, or give a file"});
      continue;
    }
    if (auto source = open_file(path); !source) return complain(source.error());
  }
  const auto places = load_places(options.tables);
  if (!places) return complain(places.error());
  std::vector<Part> parts;
  std::vector<FlowSink*> sinks;
  for (uint32_t i = 0; i < options.tables.shards; ++i) {
    parts.push_back(make_part(options, *places));
    sinks.push_back(parts.back().top.get());
  }
  const auto rules = load_rules(options.tables);
  if (!rules) return complain(rules.error());
  const std::string id = file_id(options.files.front());
  const MemoryPlan plan = plan_memory(memory_limit(), {.shards = options.tables.shards});
  auto interface =
      make_interface(id, options.files.front(), 0, options.tables,
                     memory_for_tables(options.tables, plan), true, sinks, *rules, *places);
  if (!interface) return complain(interface.error());
  // So is an output; what was in one stays when the start fails for another reason.
  auto outputs = open_outputs(options);
  if (!outputs) return complain(outputs.error());
  SharedFiles files(options.files, options.repeat, options.tables.shards,
                    (*interface)->shards().front()->shares());
  const bool was_stopped = run_shards(files, **interface, stop, isatty(STDERR_FILENO) == 1);
  stop.give_back();
  if (!files.result()) return complain(files.result().error());
  const std::vector<std::string>& warnings = files.warnings();
  for (const std::string& warning : warnings) say("weir: " + printable(warning) + "\n");
  const LiveQuestions questions = questions_about(**interface, options, *places);
  const Value report = read_report(**interface, questions, cost_since(start), warnings);
  const auto written = write_files(options, *std::move(outputs), **interface, *places, parts);
  // What was read is worth its report all the same.
  if (!written) (void)complain(written.error());
  const bool was_no_capture =
      !warnings.empty() && (*interface)->shards().front()->counters().total.read().packets == 0;
  const int printed =
      options.json
          ? print_or_complain(to_json(report) + "\n")
          : print_summary(options, summary_of(options, **interface, questions, parts, report));
  constexpr int kInterrupted = 130;
  if (!written) return 1;
  if (was_stopped) return kInterrupted;
  return was_no_capture ? 1 : printed;
}

}  // namespace weir
