// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/protocol_rules.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <unordered_map>
#include <utility>
#include <vector>

#include <cerrno>

#include "dpi/address_owners.h"
#include "dpi/built_in_rules.h"
#include "dpi/rule_file.h"
#include "record/applications.h"

namespace weir {
namespace {

constexpr size_t kMaxHostBytes = 253;

struct TextHash {
  using is_transparent = void;
  size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
// Whose a text is, by the rule's index.
using TextOwners = std::unordered_map<std::string, uint16_t, TextHash, std::equal_to<>>;

uint32_t port_key(bool is_tcp, uint16_t port) {
  return (is_tcp ? 1U << 16 : 0U) | port;
}

}  // namespace

struct ProtocolRuleTables {
  struct Named {
    std::string name;
    std::string category;
  };
  struct Pattern {
    PayloadPattern payload;
    uint16_t owner;
  };
  std::vector<Named> applications;
  TextOwners hosts;
  TextOwners ja4;
  TextOwners hassh;
  std::unordered_map<uint32_t, uint16_t> ports;  // by port_key()
  AddressOwners networks;
  std::vector<Pattern> patterns;
  std::array<std::vector<uint16_t>, 256> by_first_byte;  // indices of patterns, in their order

  // Keeps what is there already: the first to name a thing owns it.
  void add(const ApplicationRule& rule);
  void index_patterns();
  [[nodiscard]] RuleLabel label(uint16_t owner) const {
    return {applications[owner].name, applications[owner].category};
  }
  [[nodiscard]] RuleLabel find(const TextOwners& owners, std::string_view text) const {
    const auto found = owners.find(text);
    return found == owners.end() ? RuleLabel{} : label(found->second);
  }
};

void ProtocolRuleTables::add(const ApplicationRule& rule) {
  const auto owner = static_cast<uint16_t>(applications.size());
  applications.push_back({rule.name, rule.category});
  for (const std::string& host : rule.hosts) hosts.emplace(host, owner);
  for (const std::string& text : rule.ja4) ja4.emplace(text, owner);
  for (const std::string& text : rule.hassh) hassh.emplace(text, owner);
  for (const uint16_t port : rule.tcp_ports) ports.emplace(port_key(true, port), owner);
  for (const uint16_t port : rule.udp_ports) ports.emplace(port_key(false, port), owner);
  for (const AddressRange& range : rule.networks) networks.add(range, owner);
  for (const PayloadPattern& pattern : rule.payloads) patterns.push_back({pattern, owner});
}

void ProtocolRuleTables::index_patterns() {
  for (size_t i = 0; i < patterns.size(); ++i) {
    for (size_t byte = 0; byte < by_first_byte.size(); ++byte) {
      if (patterns[i].payload.may_begin_with(static_cast<uint8_t>(byte)))
        by_first_byte[byte].push_back(static_cast<uint16_t>(i));
    }
  }
}

ProtocolRules::ProtocolRules(std::unique_ptr<const ProtocolRuleTables> tables)
    : tables_(std::move(tables)) {}
ProtocolRules::~ProtocolRules() = default;

Result<std::shared_ptr<const ProtocolRules>> ProtocolRules::load(const std::string& user_file) {
  std::string text;
  if (!user_file.empty()) {
    std::ifstream file(user_file, std::ios::binary);
    if (!file) return system_error(user_file, errno);
    text.resize(kMostFileBytes + 1);
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad()) return system_error(user_file, errno);
    text.resize(static_cast<size_t>(file.gcount()));
    if (text.size() > kMostFileBytes) return Error{user_file + ": more than 8 MB"};
  }
  auto rules = parse(built_in_rules(), text, user_file);
  if (rules) (*rules)->name_applications();
  return rules;
}

Result<std::shared_ptr<const ProtocolRules>> ProtocolRules::parse(std::string_view built_in,
                                                                  std::string_view user,
                                                                  const std::string& user_file) {
  auto tables = std::make_unique<ProtocolRuleTables>();
  const std::array<std::pair<std::string_view, std::string>, 2> texts{
      {{user, user_file}, {built_in, "schema/protocols.toml"}}};
  for (const auto& [text, name] : texts) {
    const auto rules = parse_rule_file(text, name);
    if (!rules) return rules.error();
    if (tables->applications.size() + rules->size() > kMostRules)
      return Error{name + ": more than 4096 applications in all"};
    for (const ApplicationRule& rule : *rules) tables->add(rule);
    if (tables->patterns.size() > UINT16_MAX) return Error{name + ": too many payloads"};
  }
  tables->networks.build();
  tables->index_patterns();
  return std::shared_ptr<const ProtocolRules>(new ProtocolRules(std::move(tables)));
}

RuleLabel ProtocolRules::by_host(std::string_view name) const {
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.empty() || name.size() > kMaxHostBytes || tables_->hosts.empty()) return {};
  std::array<char, kMaxHostBytes> lower{};
  std::ranges::transform(name, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  std::string_view rest(lower.data(), name.size());
  for (;;) {
    if (const RuleLabel label = tables_->find(tables_->hosts, rest); !label.empty()) return label;
    const size_t dot = rest.find('.');
    if (dot == std::string_view::npos) return {};
    rest.remove_prefix(dot + 1);
  }
}

RuleLabel ProtocolRules::by_address(const IpAddress& address) const {
  const auto owner = tables_->networks.find(address);
  return owner ? tables_->label(*owner) : RuleLabel{};
}

RuleLabel ProtocolRules::by_port(bool is_tcp, uint16_t port) const {
  const auto found = tables_->ports.find(port_key(is_tcp, port));
  return found == tables_->ports.end() ? RuleLabel{} : tables_->label(found->second);
}

RuleLabel ProtocolRules::by_ja4(std::string_view fingerprint) const {
  return tables_->find(tables_->ja4, fingerprint);
}

RuleLabel ProtocolRules::by_hassh(std::string_view fingerprint) const {
  return tables_->find(tables_->hassh, fingerprint);
}

RuleLabel ProtocolRules::by_payload(const Payload& payload) const {
  if (payload.bytes.empty() || (payload.is_tcp && !payload.is_stream_start)) return {};
  for (const uint16_t index : tables_->by_first_byte[payload.bytes.u8(0)]) {
    const auto& pattern = tables_->patterns[index];
    if (pattern.payload.matches(payload)) return tables_->label(pattern.owner);
  }
  return {};
}

void ProtocolRules::name_applications() const {
  for (const auto& application : tables_->applications)
    (void)application_number(application.name, application.category);
}

size_t ProtocolRules::rule_count() const {
  return tables_->applications.size();
}

}  // namespace weir
