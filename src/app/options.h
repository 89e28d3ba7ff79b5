// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/environment.h"
#include "base/result.h"
#include "cache/redis_address.h"
#include "engine/shard.h"
#include "net/prefix.h"
#include "places/address_book.h"
#include "top/top.h"

namespace weir {

// What both `monitor` and `read` may be told about the tables.
struct TableOptions {
  size_t memory_bytes = 0;  // for all interfaces together; 0: what plan_memory() gives them
  uint32_t shards = 1;      // per interface
  std::vector<Prefix> local_networks;
  IdleTimeouts timeouts;
  bool collects = false;       // flow records that exporters send, instead of packets
  bool inspects = true;        // payloads; without, applications are known by port only
  std::string protocols_file;  // the user's own rules for applications; empty: none
  PlaceOptions places;         // without the local networks
};

struct ReadOptions {
  std::vector<std::string> files;  // "-": standard input
  bool json = false;
  std::string flows_file;  // empty: do not write
  std::string hosts_file;
  uint32_t repeat = 1;
  TableOptions tables;

  // The lines of flows or hosts.
  [[nodiscard]] bool writes_to_stdout() const { return flows_file == "-" || hosts_file == "-"; }
};

// How long what was forgotten of a host is kept unless it is said.
inline constexpr std::chrono::seconds kRememberHosts{7 * 86'400};

// Of which hosts the names are asked for.
enum class ResolvedHosts : uint8_t { kNone, kLocal, kAll };

// The answers to first start's questions (docs/setup.md).
struct StartAnswers {
  std::vector<std::string> interfaces;  // as -i takes them; empty: those that are up
  std::vector<Prefix> local_networks;   // empty: default_local_networks()
  ResolvedHosts resolved = ResolvedHosts::kLocal;

  bool operator==(const StartAnswers&) const = default;
};

struct StartQuestions {
  std::string file;          // where answers are kept; empty: nowhere
  std::string config;        // the file of --config; empty: none
  bool is_answered = false;  // the file is there
  // By what a question is decided whatever the file says: "--local", "WEIR_LOCAL", the file of
  // --config. By the name of the option: "interface", "local", "resolve".
  std::map<std::string, std::string> decided;
  StartAnswers kept;     // what the file says
  StartAnswers answers;  // the same, but for what is decided
  std::string problem;   // why weir does not use the answers that it was given last
};

// Whom links of ZeroMQ trust (docs/zmq.md).
struct ZmqOptions {
  std::string keys_file;           // our own pair; empty: none
  std::vector<std::string> allow;  // who may come where we listen: as read_allowed_keys() takes it
  std::string server_key;          // of those to whom we connect; empty: that of the URL, or none
  bool allows_plain = false;       // to and from other machines
};

struct MonitorOptions {
  std::vector<std::string> sources;  // empty: the interfaces that are up
  std::string http_address = "127.0.0.1";
  uint16_t http_port = 3000;
  bool insecure = false;  // listen on other than loopback addresses without a sign-in
  std::vector<std::string> allowed_hosts;  // names that browsers may use beside the address
  std::string data_folder;
  std::optional<RedisAddress> redis;  // none: the embedded cache
  ResolvedHosts resolved = ResolvedHosts::kLocal;
  std::string dns_server;          // empty: those of the machine
  std::string web_folder;          // serve the console from here instead of the built-in one
  std::string scripts_folder;      // empty: where they were installed
  bool counts_duplicates = false;  // flows that several exporters told of, as often as they did
  bool edits_scripts = false;      // over HTTP, with the token
  std::vector<std::string> allowed_urls;  // where scripts may send requests, as for AllowedUrls
  std::vector<std::string> exports;       // where flows go, as for parse_outlet()
  std::chrono::seconds export_every{60};  // how often a flow that goes on is told of; 0: at its end
  std::string instance;                   // the name of this weir; empty: the machine's
  ZmqOptions zmq;
  std::string bpf;
  bool promiscuous = true;
  bool prefer_libpcap = false;
  size_t buffer_bytes = 0;                 // of each interface; 0: what plan_memory() gives it
  size_t block_bytes = size_t{256} << 10;  // a power of two
  std::chrono::milliseconds block_timeout{40};
  bool busy_poll = false;
  std::vector<uint32_t> cpus;  // where the shards' threads run, in turn; empty: anywhere
  std::chrono::seconds remember_hosts = kRememberHosts;  // that were forgotten; 0: not at all
  TableOptions tables;
  StartQuestions start;
};

struct ImportHostsOptions {
  std::vector<std::string> files;  // "-": standard input
  std::string data_folder;
  std::string interface;  // id
  std::chrono::seconds lifetime = kRememberHosts;
};

struct KeysOptions {
  std::string file;
};

// How many rows and columns `weir top --once` prints.
struct TopCommandOptions {
  TopOptions top;
  size_t rows = 20;
  size_t columns = 120;
};

struct HelpOptions {
  std::string topic;
};
struct VersionOptions {};
struct ProtocolsOptions {};
struct CheckConfigOptions {
  std::string file;
  Environment environment;
};

using Command =
    std::variant<MonitorOptions, ReadOptions, HelpOptions, VersionOptions, ProtocolsOptions,
                 CheckConfigOptions, ImportHostsOptions, KeysOptions, TopCommandOptions>;

// The command line as DESIGN says. `arguments` without the program's name. What it does not say
// `monitor` takes from the environment, what that does not say from the file of --config, and what
// first start asks from the file of its answers: of --data, else of `config_folder` where there is
// one. An error is a usage error: exit code 2.
[[nodiscard]] Result<Command> parse_command_line(const std::vector<std::string>& arguments,
                                                 const Environment& environment = {},
                                                 const std::string& config_folder = {});

// An option that is not left as it is.
struct AppliedOption {
  std::string name;      // the long one, without dashes
  std::string value;     // of a cache without user and password
  std::string variable;  // that says so; empty: the file does
};
struct AppliedOptions {
  std::vector<AppliedOption> list;
  MonitorOptions options;  // without the answers to first start's questions
};
// What `monitor --config FILE` would do in this environment. Error: it would refuse what one of
// them says; what it would refuse besides is for check_start().
[[nodiscard]] Result<AppliedOptions> options_that_apply(const std::string& file,
                                                        const Environment& environment);
// The long names of the options of `monitor`, without dashes.
[[nodiscard]] std::vector<std::string> monitor_option_names();

// "127.0.0.1:3000", "[::1]:3000", ":3000", "3000".
struct ListenAddress {
  std::string address;
  uint16_t port = 0;
};
[[nodiscard]] Result<ListenAddress> parse_listen_address(std::string_view text);
// "off", "local", "all".
[[nodiscard]] Result<ResolvedHosts> parse_resolved(std::string_view text);
[[nodiscard]] std::string_view to_text(ResolvedHosts hosts);
// "192.0.2.53", "192.0.2.53:5353", "2001:db8::53", "[2001:db8::53]:5353": the same, with brackets
// where it is IPv6.
[[nodiscard]] Result<std::string> parse_dns_server(std::string_view text);
// "embedded" (nothing), or as RedisAddress.
[[nodiscard]] Result<std::optional<RedisAddress>> parse_cache(std::string_view text);
// "0", "0-3", "0,2,8-11": numbers in that order, each once. Error: no such list, or a number above
// 4095.
[[nodiscard]] Result<std::vector<uint32_t>> parse_numbers(std::string_view text);
// "10.0.0.0/8,2001:db8::/32".
[[nodiscard]] Result<std::vector<Prefix>> parse_networks(std::string_view text);
// RFC 1918, RFC 6598, link-local, unique local and loopback addresses.
[[nodiscard]] std::vector<Prefix> default_local_networks();

}  // namespace weir
