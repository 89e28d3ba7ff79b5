// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/source_spec.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "app/interface_setup.h"
#include "app/shared_files.h"
#include "base/log.h"
#include "capture/af_packet.h"
#include "capture/fanout_program.h"
#include "capture/filtered_source.h"
#include "capture/interfaces.h"
#include "capture/live.h"
#include "capture/xdp_source.h"

namespace weir {
namespace {

constexpr std::string_view kFilePrefix = "pcap:";
constexpr std::string_view kXdpPrefix = "afxdp:";

bool is_path(const std::string& text) {
  const bool has_ending =
      text.ends_with(".pcap") || text.ends_with(".pcapng") || text.ends_with(".cap");
  return text == "-" || text.find('/') != std::string::npos || has_ending;
}

// What was answered once is no order to fail when a dock is not plugged in today: interfaces that
// the file of answers names and that are not there, or down, are left out.
std::vector<std::string> sources_that_are_there(const MonitorOptions& options) {
  if (!options.start.is_answered || options.start.decided.contains("interface"))
    return options.sources;
  std::vector<std::string> names;
  for (const std::string& name : options.sources) {
    const auto spec = parse_source(name);
    const bool is_missing =
        spec && spec->kind == SourceSpec::Kind::kLive && name != "any" && !is_interface_up(name);
    if (!is_missing) {
      names.push_back(name);
      continue;
    }
    log_warning(fmt::format("{}: {} is not there or down, and left out", options.start.file, name));
  }
  return names;
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

Result<SourceSpec> parse_xdp(const std::string& text) {
  const size_t at = text.rfind('@');
  SourceSpec spec{SourceSpec::Kind::kXdp, text.substr(0, at), text.substr(0, at)};
  if (spec.name.empty()) return Error{"afxdp: needs an interface: write afxdp:eth0"};
  if (at == std::string::npos) return spec;
  auto queues = parse_numbers(text.substr(at + 1));
  if (!queues) return queues.error().in("queues of afxdp:" + spec.name);
  spec.queues = *std::move(queues);
  return spec;
}

// Fills in who chooses the shard of a packet.
std::string set_balance(LiveOptions& live, uint16_t group) {
  live.fanout_group = group;
  // open_live() says what is wrong with sharing here.
  if (live.prefer_libpcap || !af_packet_reads(live.interface)) return {};
  auto program = load_fanout_program(live.interface);
  if (program) {
    live.fanout_program = *std::move(program);
    return "inner flow";
  }
  log_warning(
      fmt::format("{}: shards by the outermost headers only, so that a flow in tunnels may "
                  "show up in two: for the innermost give weir the capability cap_bpf ({})",
                  live.interface, program.error().message));
  return "outer flow";
}

// One socket understands all of them: the words are for people.
constexpr std::array<std::string_view, 2> kExportPrefixes{"netflow:", "sflow:"};

constexpr std::string_view kSyslogPrefix = "syslog:";

Result<SourceSpec> parse_listener(const std::string& text, std::string_view prefix,
                                  SourceSpec::Kind kind) {
  SourceSpec spec{kind, text, text};
  const std::string_view rest = std::string_view(text).substr(prefix.size());
  auto where = parse_listen_address(rest);
  if (!where || where->port == 0)
    return Error{fmt::format("\"{}\" names no port: write {}{} or {}192.0.2.1:{}", text, prefix,
                             kind == SourceSpec::Kind::kSyslog ? 5514 : 2055, prefix,
                             kind == SourceSpec::Kind::kSyslog ? 5514 : 2055)};
  spec.port = where->port;
  const bool has_address = rest.find(':') != std::string_view::npos && !rest.starts_with(':');
  if (!has_address) return spec;
  const bool is_local = where->address == "localhost";
  // parse_listen_address() saw that it is one.
  spec.address = *IpAddress::parse(is_local ? "127.0.0.1" : where->address);
  return spec;
}

constexpr std::string_view kZmqPrefix = "zmq:";
constexpr std::string_view kZmqListenPrefix = "zmq-listen:";

// The id is part of URLs: "zmq:192.0.2.1:5556", "zmq:flows" of "zmq:ipc:///run/flows".
Result<SourceSpec> parse_zmq(const std::string& text, std::string_view prefix) {
  auto endpoint = ZmqEndpoint::parse(std::string_view(text).substr(prefix.size()));
  if (!endpoint) return endpoint.error();
  SourceSpec spec{SourceSpec::Kind::kZmq, std::string(prefix) + endpoint->address, ""};
  spec.id = std::string(prefix) + endpoint->address.substr(endpoint->address.rfind('/') + 1);
  spec.listens = prefix == kZmqListenPrefix;
  spec.endpoint = *std::move(endpoint);
  return spec;
}

Result<OpenSources> open_files(const std::string& path, const std::string& bpf, uint32_t shards) {
  if (shards > 1 && reads_once(path))
    return Error{path + " can be read only once and by one thread: leave out --shards"};
  OpenSources opened;
  for (uint32_t i = 0; i < shards; ++i) {
    auto source = open_file(path);
    if (!source) return source.error();
    auto filtered = filter_source(*std::move(source), bpf);
    if (!filtered) return filtered.error();
    opened.sources.push_back(*std::move(filtered));
  }
  return opened;
}

Result<OpenSources> open_interface(LiveOptions live, uint32_t shards, uint16_t group) {
  OpenSources opened;
  if (shards > 1) opened.balance = set_balance(live, group);
  live.buffer_bytes /= shards;
  auto sources = open_live(live, shards);
  if (!sources) return sources.error();
  opened.sources = *std::move(sources);
  return opened;
}

Result<OpenSources> open_queues(const SourceSpec& spec, const LiveOptions& live, uint32_t shards) {
  auto sources = open_xdp(live, spec.queues, shards);
  if (!sources) return sources.error();
  const std::string balance = shards > 1 ? "receive queue" : "";
  log_info(fmt::format("{}: {}; the packets it takes do not reach this machine's network stack",
                       spec.name, sources->front()->method()));
  return OpenSources{*std::move(sources), balance};
}

}  // namespace

std::vector<std::string> interfaces_that_are_up(const std::vector<NetworkInterface>& interfaces) {
  std::vector<std::string> names;
  std::vector<std::string> loopbacks;
  for (const NetworkInterface& one : interfaces) {
    if (one.is_up) (one.is_loopback ? loopbacks : names).push_back(one.name);
  }
  return names.empty() ? loopbacks : names;
}

Result<SourceSpec> parse_source(const std::string& text) {
  if (text.empty()) return Error{"-i needs an interface or a file"};
  for (const std::string_view prefix : kExportPrefixes) {
    if (text.starts_with(prefix)) return parse_listener(text, prefix, SourceSpec::Kind::kExports);
  }
  if (text.starts_with(kSyslogPrefix))
    return parse_listener(text, kSyslogPrefix, SourceSpec::Kind::kSyslog);
  for (const std::string_view prefix : {kZmqPrefix, kZmqListenPrefix}) {
    if (text.starts_with(prefix)) return parse_zmq(text, prefix);
  }
  if (text.starts_with(kXdpPrefix)) return parse_xdp(text.substr(kXdpPrefix.size()));
  if (text.starts_with(kFilePrefix)) {
    const std::string path = text.substr(kFilePrefix.size());
    return SourceSpec{SourceSpec::Kind::kFile, path, file_id(path)};
  }
  if (is_path(text)) return SourceSpec{SourceSpec::Kind::kFile, text, file_id(text)};
  return SourceSpec{SourceSpec::Kind::kLive, text, text};
}

Result<std::vector<SourceSpec>> sources_to_watch(const MonitorOptions& options) {
  const std::vector<std::string> asked = sources_that_are_there(options);
  const std::vector<std::string> names =
      asked.empty() ? interfaces_that_are_up(list_interfaces()) : asked;
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

Result<OpenSources> open_sources(const SourceSpec& spec, const MonitorOptions& options,
                                 uint16_t group) {
  const uint32_t shards = options.tables.shards;
  if (spec.kind == SourceSpec::Kind::kFile) return open_files(spec.name, options.bpf, shards);
  LiveOptions live;
  live.interface = spec.name;
  live.bpf = options.bpf;
  live.promiscuous = options.promiscuous;
  live.prefer_libpcap = options.prefer_libpcap;
  live.buffer_bytes = options.buffer_bytes;
  live.block_bytes = options.block_bytes;
  live.block_timeout = options.block_timeout;
  live.busy_poll = options.busy_poll;
  return spec.kind == SourceSpec::Kind::kXdp ? open_queues(spec, live, shards)
                                             : open_interface(live, shards, group);
}

}  // namespace weir
