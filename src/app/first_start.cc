// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/first_start.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include <fmt/format.h>

#include "app/interface_setup.h"
#include "base/whole_file.h"
#include "http/http_server.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostInterfaces = 64;
constexpr size_t kMostNetworks = 1000;

QueryError refusal(std::string parameter, std::string message) {
  return {QueryError::Kind::kBadParameter, std::move(parameter), std::move(message), 0};
}

template <typename T>
bool contains(const std::vector<T>& all, const T& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

template <typename T>
void add_new(std::vector<T>& all, T one) {
  if (!contains(all, one)) all.push_back(std::move(one));
}

Value::Array texts(const std::vector<std::string>& names) {
  return {names.begin(), names.end()};
}

Value::Array texts(const std::vector<Prefix>& networks) {
  Value::Array array;
  for (const Prefix& network : networks) array.emplace_back(network.to_string());
  return array;
}

Value to_value(const StartAnswers& answers) {
  return Value::Object{{"interfaces", texts(answers.interfaces)},
                       {"local", texts(answers.local_networks)},
                       {"resolve", Value(to_text(answers.resolved))}};
}

// Whether all of `network` is in one of them.
bool holds(const std::vector<Prefix>& networks, const Prefix& network) {
  return std::any_of(networks.begin(), networks.end(), [&](const Prefix& one) {
    return one.contains(network.address()) && one.length() <= network.length();
  });
}

// The private ranges and those of the machine's networks that they do not hold; none when they hold
// all.
std::vector<Prefix> suggested_networks(const Machine& machine) {
  std::vector<Prefix> networks = default_local_networks();
  const size_t known = networks.size();
  for (const InterfaceAddress& one : machine.addresses) {
    if (one.network.length() > 0 && !holds(networks, one.network)) networks.push_back(one.network);
  }
  return networks.size() > known ? networks : std::vector<Prefix>();
}

Value to_value(const NetworkInterface& interface, const Machine& machine, bool is_watched) {
  Value::Array addresses;
  std::vector<Prefix> networks;
  for (const InterfaceAddress& one : machine.addresses) {
    if (one.interface != interface.name) continue;
    addresses.emplace_back(one.address.to_string());
    add_new(networks, one.network);
  }
  return Value::Object{{"name", interface.name},
                       {"is_up", interface.is_up},
                       {"is_loopback", interface.is_loopback},
                       {"is_watched", is_watched},
                       {"addresses", std::move(addresses)},
                       {"networks", texts(networks)},
                       {"bytes", machine.bytes(interface.name)}};
}

// Whether the file of answers can say it: CLI11 takes what is in brackets for a list.
bool can_be_written(const std::string& name) {
  return !name.starts_with('[');
}

Result<std::vector<std::string>, QueryError> checked_interfaces(
    const std::vector<std::string>& names, const Machine& machine) {
  if (names.size() > kMostInterfaces)
    return refusal("interfaces", fmt::format("at most {} interfaces", kMostInterfaces));
  std::vector<std::string> checked;
  for (const std::string& name : names) {
    const auto found = std::find_if(machine.interfaces.begin(), machine.interfaces.end(),
                                    [&](const NetworkInterface& one) { return one.name == name; });
    if (found == machine.interfaces.end())
      return refusal("interfaces", fmt::format("there is no interface \"{}\"", name));
    if (!found->is_up) return refusal("interfaces", interface_is_down(name).message);
    if (!can_be_written(name))
      return refusal("interfaces", fmt::format("a file of options cannot name \"{}\"", name));
    add_new(checked, name);
  }
  return checked;
}

Result<std::vector<Prefix>, QueryError> checked_networks(const std::vector<std::string>& texts) {
  if (texts.size() > kMostNetworks)
    return refusal("local", fmt::format("at most {} networks", kMostNetworks));
  std::vector<Prefix> networks;
  for (const std::string& text : texts) {
    const auto network = Prefix::parse(text);
    if (!network)
      return refusal("local", fmt::format("\"{}\" is no network: write 192.0.2.0/24 or "
                                          "2001:db8::/32",
                                          text));
    add_new(networks, *network);
  }
  return networks;
}

template <typename T>
bool are_equal_sets(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && std::is_permutation(a.begin(), a.end(), b.begin());
}

std::string toml_text(std::string_view text) {
  std::string quoted;
  append_json_string(quoted, text);  // a basic string of TOML takes the same escapes
  return quoted;
}

// Whether something that is read at the start is gone then.
bool reads_a_pipe(const MonitorOptions& options, const std::vector<SourceSpec>& specs) {
  const TableOptions& tables = options.tables;
  const std::array<const std::string*, 5> files{&options.start.config, &tables.protocols_file,
                                                &tables.places.country_file, &tables.places.as_file,
                                                &options.zmq.keys_file};
  return std::any_of(files.begin(), files.end(),
                     [](const std::string* file) { return !file->empty() && reads_once(*file); }) ||
         std::any_of(specs.begin(), specs.end(), [](const SourceSpec& spec) {
           return spec.kind == SourceSpec::Kind::kFile && reads_once(spec.name);
         });
}

std::optional<std::string> text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

Machine this_machine() {
  return {list_interfaces(true), list_addresses(),
          [](const std::string& name) { return device_bytes(name); }};
}

std::string to_toml(const StartAnswers& answers) {
  std::string text =
      "# What weir was told in the console (/setup). The command line, WEIR_ variables and the "
      "file\n"
      "# of --config count before it; without this file the console asks again.\n";
  std::string list;
  for (const std::string& name : answers.interfaces)
    list += (list.empty() ? "" : ", ") + toml_text(name);
  if (!list.empty()) text += "interface = [" + list + "]\n";
  list.clear();
  for (const Prefix& network : answers.local_networks)
    list += (list.empty() ? "" : ",") + network.to_string();
  if (!list.empty()) text += "local = " + toml_text(list) + "\n";
  return text + "resolve = " + toml_text(to_text(answers.resolved)) + "\n";
}

Result<void> put_back(const std::string& file, const EarlierAnswers& earlier) {
  if (earlier.text) return write_whole_file(file, *earlier.text);
  std::error_code error;
  fs::remove(file, error);
  if (error) return Error{fmt::format("remove {}: {}", file, error.message()), error.value()};
  return {};
}

std::string why_answers_stay(const MonitorOptions& options, const std::vector<SourceSpec>& specs) {
  if (!is_loopback(options.http_address))
    return "anybody who reaches weir could change them: it listens on other than loopback "
           "addresses, without a sign-in";
  if (!options.allowed_hosts.empty())
    return "anybody who reaches weir could change them: --allow-host lets others in, without a "
           "sign-in";
  if (options.start.file.empty())
    return "there is no place to keep them: no --data, and no home folder of this user's own";
  if (reads_a_pipe(options, specs))
    return "weir reads a pipe, which it could not read again to start with them";
  return {};
}

bool FirstStart::asks_now() const {
  const StartQuestions& questions = setting_.questions;
  return !questions.is_answered && !was_answered_ && !questions.decided.contains("interface") &&
         setting_.why_not.empty();
}

bool FirstStart::asks() const {
  const std::lock_guard lock(mutex_);
  return asks_now();
}

Value FirstStart::state() const {
  const Machine machine = setting_.machine();
  const StartQuestions& questions = setting_.questions;
  const std::lock_guard lock(mutex_);
  Value state;
  state.set("asks", asks_now());
  state.set("may_change", setting_.why_not.empty());
  if (!setting_.why_not.empty()) {
    state.set("why_not", setting_.why_not);
  } else {
    state.set("file", questions.file);
  }
  if (!questions.problem.empty() && !was_answered_) state.set("problem", questions.problem);
  state.set("answers", to_value(answers_));
  const auto networks =
      setting_.why_not.empty() ? suggested_networks(machine) : std::vector<Prefix>();
  state.set("suggested", to_value({{}, networks, ResolvedHosts::kLocal}));
  state.set("private", texts(default_local_networks()));
  Value::Object decided;
  for (const auto& [option, by] : questions.decided)
    decided.emplace_back(option == "interface" ? "interfaces" : option, Value(by));
  state.set("decided", std::move(decided));
  Value::Array interfaces;
  // Who may not answer need not know this machine.
  for (const NetworkInterface& one :
       setting_.why_not.empty() ? machine.interfaces : std::vector<NetworkInterface>())
    interfaces.push_back(to_value(one, machine, contains(setting_.watched, one.name)));
  state.set("interfaces", std::move(interfaces));
  return state;
}

Result<void, QueryError> FirstStart::check_decided(const SetupChange& change) const {
  const auto check = [&](bool is_given, const char* option,
                         const char* parameter) -> Result<void, QueryError> {
    const auto found = setting_.questions.decided.find(option);
    if (!is_given || found == setting_.questions.decided.end()) return {};
    return refusal(parameter, fmt::format("{} decides it already", found->second));
  };
  if (auto free = check(change.interfaces.has_value(), "interface", "interfaces"); !free)
    return free;
  if (auto free = check(change.local.has_value(), "local", "local"); !free) return free;
  return check(change.resolve.has_value(), "resolve", "resolve");
}

Result<StartAnswers, QueryError> FirstStart::answers_after(const SetupChange& change) const {
  StartAnswers answers = answers_;
  if (change.interfaces) {
    auto interfaces = checked_interfaces(*change.interfaces, setting_.machine());
    if (!interfaces) return interfaces.error();
    answers.interfaces = *std::move(interfaces);
  }
  if (change.local) {
    auto networks = checked_networks(*change.local);
    if (!networks) return networks.error();
    answers.local_networks = *std::move(networks);
  }
  if (change.resolve) {
    const auto hosts = parse_resolved(*change.resolve);
    if (!hosts) return refusal("resolve", hosts.error().message);
    answers.resolved = *hosts;
  }
  return answers;
}

// Whether weir works by these already.
bool FirstStart::is_in_use(const StartAnswers& answers) const {
  const std::vector<std::string> sources =
      answers.interfaces.empty() ? interfaces_that_are_up(setting_.machine().interfaces)
                                 : answers.interfaces;
  const std::vector<Prefix> networks =
      answers.local_networks.empty() ? default_local_networks() : answers.local_networks;
  const bool has_sources =
      setting_.questions.decided.contains("interface") || are_equal_sets(sources, setting_.watched);
  return has_sources && are_equal_sets(networks, setting_.local_networks) &&
         answers.resolved == answers_.resolved;
}

// What others decide this time stays as the file had it.
Result<void> FirstStart::keep(const StartAnswers& answers) {
  const StartQuestions& questions = setting_.questions;
  StartAnswers kept = answers;
  if (questions.decided.contains("interface")) kept.interfaces = questions.kept.interfaces;
  if (questions.decided.contains("local")) kept.local_networks = questions.kept.local_networks;
  if (questions.decided.contains("resolve")) kept.resolved = questions.kept.resolved;
  const std::string& file = questions.file;
  std::error_code error;
  fs::create_directories(fs::path(file).parent_path(), error);
  if (error) return Error{fmt::format("{}: {}", file, error.message()), error.value()};
  return write_whole_file(file, to_toml(kept));
}

Answer FirstStart::change(const SetupChange& change) {
  if (!setting_.why_not.empty()) return refusal("", setting_.why_not);
  if (auto free = check_decided(change); !free) return free.error();
  const std::lock_guard lock(mutex_);
  if (earlier_) return refusal("", "weir is about to start again: ask once more in a second");
  const auto answers = answers_after(change);
  if (!answers) return answers.error();
  EarlierAnswers earlier{text_of(setting_.questions.file)};
  if (auto kept = keep(*answers); !kept) return refusal("", kept.error().message);
  was_answered_ = true;
  const bool restarts = !is_in_use(*answers);
  if (restarts) {
    earlier_ = std::move(earlier);
  } else {
    answers_ = *answers;
  }
  return Value(Value::Object{{"restarts", restarts}, {"file", setting_.questions.file}});
}

std::optional<EarlierAnswers> FirstStart::asks_for_restart() const {
  const std::lock_guard lock(mutex_);
  return earlier_;
}

}  // namespace weir
