// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/host_facts.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/wildcard.h"
#include "record/systems.gen.h"

namespace weir {
namespace {

constexpr std::array<std::string_view, static_cast<size_t>(HostFactKind::kCount)> kNames{
    "dhcp",
    "mdns",
    "netbios",
    "llmnr",
    "dns",
    "tls",
    "http",
    "dns_reverse",
    "ssh banner",
    "dhcp class",
    "dhcp fingerprint",
    "user agent",
    "http server",
    "syn"};

}  // namespace

std::string_view host_fact_name(HostFactKind kind) {
  return kNames[static_cast<size_t>(kind)];
}

bool is_kept_first(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

void add_fact(std::vector<HostFact>& facts, HostFact fact) {
  const auto comes_first = [](const HostFact& a, const HostFact& b) {
    return a.kind != b.kind ? a.kind < b.kind : is_kept_first(a.text, b.text);
  };
  const auto place = std::lower_bound(facts.begin(), facts.end(), fact, comes_first);
  if (place != facts.end() && *place == fact) return;
  const HostFactKind kind = fact.kind;
  facts.insert(place, std::move(fact));
  const auto is_of_kind = [&](const HostFact& each) { return each.kind == kind; };
  const auto first = std::find_if(facts.begin(), facts.end(), is_of_kind);
  const auto end = std::find_if_not(first, facts.end(), is_of_kind);
  if (static_cast<size_t>(end - first) > most_facts(kind)) facts.erase(end - 1);
}

SystemGuess guess_system(const std::vector<HostFact>& facts) {
  for (const HostFact& fact : facts) {
    if (is_host_name(fact.kind)) continue;
    for (const SystemRule& rule : kSystemRules) {
      if (rule.evidence == host_fact_name(fact.kind) && matches_wildcard(fact.text, rule.pattern))
        return {rule.system, &fact};
    }
  }
  return {};
}

}  // namespace weir
