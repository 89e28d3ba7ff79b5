// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/source_spec.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "app/file_reader.h"
#include "app/interface_setup.h"
#include "capture/interfaces.h"
#include "capture/live.h"

namespace weir {
namespace {

constexpr std::string_view kFilePrefix = "pcap:";

bool is_path(const std::string& text) {
  const bool has_ending =
      text.ends_with(".pcap") || text.ends_with(".pcapng") || text.ends_with(".cap");
  return text == "-" || text.find('/') != std::string::npos || has_ending;
}

std::vector<std::string> interfaces_that_are_up() {
  std::vector<std::string> names;
  std::vector<std::string> loopbacks;
  for (const NetworkInterface& interface : list_interfaces())
    (interface.is_loopback ? loopbacks : names).push_back(interface.name);
  return names.empty() ? loopbacks : names;
}

void make_ids_distinct(std::vector<SourceSpec>& specs) {
  for (auto spec = specs.begin(); spec != specs.end(); ++spec) {
    const std::string id = spec->id;
    const auto is_taken = [&] {
      return std::any_of(specs.begin(), spec,
                         [&](const SourceSpec& other) { return other.id == spec->id; });
    };
    for (int number = 2; is_taken(); ++number) spec->id = fmt::format("{}+{}", id, number);
  }
}

}  // namespace

Result<SourceSpec> parse_source(const std::string& text) {
  if (text.empty()) return Error{"-i needs an interface or a file"};
  // libpcap has names with a colon of its own (nflog:5), so only the kinds that weir will have are
  // refused.
  constexpr std::array<std::string_view, 6> kLater{
      "afxdp:", "netflow:", "sflow:", "zmq:", "zmq-listen:", "syslog:"};
  for (const std::string_view prefix : kLater) {
    if (text.starts_with(prefix))
      return Error{fmt::format("this version has no sources of the kind \"{}\"",
                               prefix.substr(0, prefix.size() - 1))};
  }
  if (text.starts_with(kFilePrefix)) {
    const std::string path = text.substr(kFilePrefix.size());
    return SourceSpec{SourceSpec::Kind::kFile, path, file_id(path)};
  }
  if (is_path(text)) return SourceSpec{SourceSpec::Kind::kFile, text, file_id(text)};
  return SourceSpec{SourceSpec::Kind::kLive, text, text};
}

Result<std::vector<SourceSpec>> sources_to_watch(const MonitorOptions& options) {
  const std::vector<std::string> names =
      options.sources.empty() ? interfaces_that_are_up() : options.sources;
  if (names.empty())
    return Error{"no interface is up: name one with -i, or a capture with -i pcap:FILE"};
  std::vector<SourceSpec> specs;
  for (const std::string& name : names) {
    auto spec = parse_source(name);
    if (!spec) return spec.error();
    specs.push_back(std::move(*spec));
  }
  make_ids_distinct(specs);
  return specs;
}

Result<std::vector<std::unique_ptr<PacketSource>>> open_sources(const SourceSpec& spec,
                                                                const MonitorOptions& options,
                                                                uint16_t group) {
  const uint32_t shards = options.tables.shards;
  if (spec.kind == SourceSpec::Kind::kFile && shards > 1 && reads_once(spec.name)) {
    return Error{spec.name + " can be read only once and by one thread: leave out --shards"};
  }
  LiveOptions live;
  live.interface = spec.name;
  live.bpf = options.bpf;
  live.promiscuous = options.promiscuous;
  live.prefer_libpcap = options.prefer_libpcap;
  live.buffer_bytes = options.buffer_bytes / shards;
  if (shards > 1) live.fanout_group = group;
  std::vector<std::unique_ptr<PacketSource>> sources;
  for (uint32_t i = 0; i < shards; ++i) {
    auto source = spec.kind == SourceSpec::Kind::kFile ? open_file(spec.name) : open_live(live);
    if (!source) return source.error();
    sources.push_back(std::move(*source));
  }
  return sources;
}

}  // namespace weir
