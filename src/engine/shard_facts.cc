// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Shard that learns names of hosts and what hints at their operating systems.
#include <optional>
#include <string>
#include <utility>

#include "base/ascii.h"
#include "decode/syn_fingerprint.h"
#include "engine/shard.h"
#include "record/applications.h"

namespace weir {
namespace {

HostFactKind kind_of_names(std::string_view protocol) {
  if (protocol == "MDNS") return HostFactKind::kMdnsName;
  if (protocol == "NetBIOS") return HostFactKind::kNetbiosName;
  if (protocol == "LLMNR") return HostFactKind::kLlmnrName;
  if (protocol == "DHCP") return HostFactKind::kDhcpName;
  return HostFactKind::kDnsName;
}

HostFactKind kind_of_trait(MetadataField field) {
  return field == MetadataField::kDhcpClass ? HostFactKind::kDhcpClass
                                            : HostFactKind::kDhcpFingerprint;
}

bool is_nobody(const IpAddress& address) {
  return address == IpAddress() || (address.is_v4() && address.v4_bits() == 0);
}

// A proxy is asked for what others are called.
bool is_of_proxy(uint16_t application, const FlowMetadata& metadata) {
  const std::string_view name = application_name(application);
  return name.starts_with("HTTP_Proxy") || name.starts_with("HTTP_Connect") ||
         metadata.first(MetadataField::kHttpMethod) == "CONNECT";
}

// Names are the same in upper and in lower case.
std::string lowered(std::string_view text) {
  std::string lower(text.substr(0, kMaxFactBytes));
  for (char& c : lower) c = ascii_lower(c);
  return lower;
}

// Where hosts are never forgotten, no time passes for what is known of them.
uint32_t second_of_facts(const IdleTimeouts& timeouts, uint32_t second) {
  return timeouts.host == IdleTimeouts::kNever ? 0 : second;
}

// Who it is that says so, where the field is of interest.
struct Saying {
  HostRole role;
  HostFactKind kind;
};

// Of a flow's server, by what the client calls it.
std::optional<Saying> name_of_server(uint16_t application, const FlowMetadata& metadata,
                                     std::string_view name) {
  if (IpAddress::parse(name)) return std::nullopt;
  if (!metadata.first(MetadataField::kJa4).empty())
    return Saying{HostRole::kServer, HostFactKind::kTlsName};
  const bool is_http = !metadata.first(MetadataField::kHttpHost).empty();
  if (!is_http || is_of_proxy(application, metadata)) return std::nullopt;
  return Saying{HostRole::kServer, HostFactKind::kHttpName};
}

std::optional<Saying> saying_of(const MetadataEntry& entry, uint16_t application,
                                const FlowMetadata& metadata) {
  const auto has = [&](MetadataField field) { return !metadata.first(field).empty(); };
  switch (entry.field) {
    case MetadataField::kServerName:
      return name_of_server(application, metadata, entry.value);
    case MetadataField::kSshClient:
      return Saying{HostRole::kClient, HostFactKind::kSshBanner};
    case MetadataField::kSshServer:
      return Saying{HostRole::kServer, HostFactKind::kSshBanner};
    case MetadataField::kUserAgent:
      // Where requests go one way only.
      if (!has(MetadataField::kHttpMethod) && !has(MetadataField::kQuicVersion)) break;
      return Saying{HostRole::kClient, HostFactKind::kUserAgent};
    case MetadataField::kHttpServer:
      if (!has(MetadataField::kHttpStatus)) break;
      return Saying{HostRole::kServer, HostFactKind::kHttpServer};
    default:
      break;
  }
  return std::nullopt;
}

}  // namespace

void Shard::add_facts(const HostKey& key, std::vector<HostFact>& facts) const {
  const uint32_t now = second_of_facts(options_.timeouts, clock_second());
  facts_->read(hash_host(key.address, key.vlan, hash_), now, facts);
}

void Shard::learn(uint32_t flow, HostRole role, HostFactKind kind, std::string_view text) {
  const FlowEnds& ends = flows_->identity(flow).ends;
  const unsigned client = client_of(flow);
  const unsigned end = role == HostRole::kClient ? client : 1 - client;
  learn(ends.address[end], ends.vlan, kind, text);
}

void Shard::learn(const IpAddress& address, const VlanTags& vlan, HostFactKind kind,
                  std::string_view text) {
  if (is_nobody(address)) return;
  const uint64_t host = hash_host(address, vlan, hash_);
  const uint32_t now = second_of_facts(options_.timeouts, clock_.now().seconds);
  if (!is_host_name(kind)) return facts_->learn(host, kind, text, now);
  facts_->learn(host, kind, lowered(text), now);
}

void Shard::learn_metadata(uint32_t flow, const FlowMetadata& metadata) {
  const uint16_t application = flows_->slot(flow).warm.application.get();
  for (const MetadataEntry& entry : metadata.entries()) {
    if (const auto saying = saying_of(entry, application, metadata))
      learn(flow, saying->role, saying->kind, entry.value);
  }
}

// Others' names hold for the VLAN in which they were told.
void Shard::learn_learnt(uint32_t flow) {
  const Inspector::Learnt learnt = inspector_->take_learnt(flows_->inspection(flow).handle);
  const VlanTags& vlan = flows_->identity(flow).ends.vlan;
  for (const auto& [address, name] : learnt.names)
    learn(address, vlan, kind_of_names(learnt.protocol), name);
  for (const LearntTrait& trait : learnt.traits)
    learn(trait.address, vlan, kind_of_trait(trait.field), trait.value);
}

// Only of connections that came about: anybody can send a SYN in anybody's name.
void Shard::learn_syn(uint32_t flow) {
  const auto halves = std::exchange(flows_->inspection(flow).syn, {});
  const SynFingerprint syn = uint64_t{halves[1]} << 32 | halves[0];
  if (syn != 0)
    learn(flow, HostRole::kClient, HostFactKind::kSynFingerprint, syn_fingerprint_text(syn));
}

}  // namespace weir
