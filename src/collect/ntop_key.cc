// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/ntop_key.h"

#include <optional>
#include <unordered_map>

#include "base/number_text.h"

namespace weir {
namespace {

constexpr uint16_t kIanaApplicationName = 96;
// ntop's own, less kNtopBase.
constexpr uint16_t kL7Proto = 118;
constexpr uint16_t kL7ProtoName = 119;

struct Name {
  std::string_view text;
  uint16_t id;
  uint32_t enterprise = 0;
};

// NetFlow 9's names (RFC 3954, 8) as ntop's programs write them, and IANA's.
constexpr Name kNames[] = {
    {"IN_BYTES", 1},
    {"IN_PKTS", 2},
    {"PROTOCOL", 4},
    {"SRC_TOS", 5},
    {"TCP_FLAGS", 6},
    {"L4_SRC_PORT", 7},
    {"IPV4_SRC_ADDR", 8},
    {"IPV4_SRC_MASK", 9},
    {"SRC_MASK", 9},
    {"INPUT_SNMP", 10},
    {"L4_DST_PORT", 11},
    {"IPV4_DST_ADDR", 12},
    {"IPV4_DST_MASK", 13},
    {"DST_MASK", 13},
    {"OUTPUT_SNMP", 14},
    {"IPV4_NEXT_HOP", 15},
    {"SRC_AS", 16},
    {"DST_AS", 17},
    {"BGP_IPV4_NEXT_HOP", 18},
    {"LAST_SWITCHED", 21},
    {"FIRST_SWITCHED", 22},
    {"OUT_BYTES", 23},
    {"OUT_PKTS", 24},
    {"IPV6_SRC_ADDR", 27},
    {"IPV6_DST_ADDR", 28},
    {"IPV6_SRC_MASK", 29},
    {"IPV6_DST_MASK", 30},
    {"FLOW_LABEL", 31},
    {"ICMP_TYPE", 32},
    {"SAMPLING_INTERVAL", 34},
    {"SAMPLING_ALGORITHM", 35},
    {"FLOW_ACTIVE_TIMEOUT", 36},
    {"FLOW_INACTIVE_TIMEOUT", 37},
    {"ENGINE_TYPE", 38},
    {"ENGINE_ID", 39},
    {"TOTAL_BYTES_EXP", 40},
    {"TOTAL_PKTS_EXP", 41},
    {"TOTAL_FLOWS_EXP", 42},
    {"FLOW_SAMPLER_ID", 48},
    {"MIN_TTL", 52},
    {"MAX_TTL", 53},
    {"DST_TOS", 55},
    {"IN_SRC_MAC", 56},
    {"OUT_DST_MAC", 57},
    {"SRC_VLAN", 58},
    {"DST_VLAN", 59},
    {"IP_PROTOCOL_VERSION", 60},
    {"DIRECTION", 61},
    {"IPV6_NEXT_HOP", 62},
    {"IN_DST_MAC", 80},
    {"OUT_SRC_MAC", 81},
    {"INTERFACE_NAME", 82},
    {"APPLICATION_ID", 95},
    {"APPLICATION_NAME", 96},
    {"EXPORTER_IPV4_ADDRESS", 130},
    {"EXPORTER_IPV6_ADDRESS", 131},
    {"FLOW_END_REASON", 136},
    {"FLOW_ID", 148},
    {"FLOW_START_SEC", 150},
    {"FLOW_END_SEC", 151},
    {"FLOW_START_MILLISECONDS", 152},
    {"FLOW_END_MILLISECONDS", 153},
    {"FLOW_START_MICROSECONDS", 154},
    {"FLOW_END_MICROSECONDS", 155},
    {"FLOW_DURATION_MILLISECONDS", 161},
    {"FIREWALL_EVENT", 233},
    {"INGRESS_VRFID", 234},
    {"octetDeltaCount", 1},
    {"packetDeltaCount", 2},
    {"protocolIdentifier", 4},
    {"ipClassOfService", 5},
    {"tcpControlBits", 6},
    {"sourceTransportPort", 7},
    {"sourceIPv4Address", 8},
    {"ingressInterface", 10},
    {"destinationTransportPort", 11},
    {"destinationIPv4Address", 12},
    {"egressInterface", 14},
    {"bgpSourceAsNumber", 16},
    {"bgpDestinationAsNumber", 17},
    {"flowEndSysUpTime", 21},
    {"flowStartSysUpTime", 22},
    {"sourceIPv6Address", 27},
    {"destinationIPv6Address", 28},
    {"sourceMacAddress", 56},
    {"destinationMacAddress", 80},
    {"vlanId", 58},
    {"flowDirection", 61},
    {"interfaceName", 82},
    {"octetTotalCount", 85},
    {"packetTotalCount", 86},
    {"applicationName", 96},
    {"flowStartSeconds", 150},
    {"flowEndSeconds", 151},
    {"flowStartMilliseconds", 152},
    {"flowEndMilliseconds", 153},
    {"initiatorOctets", 231},
    {"responderOctets", 232},
    {"initiatorPackets", 298},
    {"responderPackets", 299},
    {"L7_PROTO", kL7Proto, kNtopEnterprise},
    {"L7_PROTO_NAME", kL7ProtoName, kNtopEnterprise},
};

NtopKey key_of(uint32_t enterprise, uint32_t id) {
  // Both ways to write ntop's own.
  if (enterprise == 0 && id >= kNtopBase) {
    enterprise = kNtopEnterprise;
    id -= kNtopBase;
  } else if (enterprise == kNtopEnterprise && id >= kNtopBase) {
    id -= kNtopBase;
  }
  if (id > UINT16_MAX) return {};
  NtopKey key;
  key.enterprise = enterprise;
  key.id = static_cast<uint16_t>(id);
  key.element = element_of(ExportVersion::kNtop, enterprise, key.id);
  if (enterprise == 0 && id == kIanaApplicationName) key.kind = NtopKey::Kind::kApplicationName;
  if (enterprise == kNtopEnterprise && id == kL7ProtoName)
    key.kind = NtopKey::Kind::kApplicationName;
  if (enterprise == kNtopEnterprise && id == kL7Proto) key.kind = NtopKey::Kind::kApplicationIds;
  return key;
}

std::optional<NtopKey> numbered(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
  const size_t dot = text.find('.');
  const auto first = number_in<uint32_t>(text.substr(0, dot));
  if (!first) return std::nullopt;
  if (dot == std::string_view::npos) return key_of(0, *first);
  const auto second = number_in<uint32_t>(text.substr(dot + 1));
  if (!second) return std::nullopt;
  return key_of(*first, *second);
}

std::optional<NtopKey> named(std::string_view text) {
  static const auto* const kByName = [] {
    auto* const names = new std::unordered_map<std::string_view, NtopKey>;
    for (const Name& name : kNames) names->emplace(name.text, key_of(name.enterprise, name.id));
    return names;
  }();
  const auto found = kByName->find(text);
  if (found == kByName->end()) return std::nullopt;
  return found->second;
}

}  // namespace

NtopKey ntop_key(uint32_t number) {
  return key_of(0, number);
}

NtopKey ntop_key(std::string_view text) {
  if (text.size() > NtopKeyCache::kMaxKeyBytes) return {};
  if (const auto key = numbered(text)) return *key;
  if (const auto key = named(text)) return *key;
  if (text.find_first_of("- ") == std::string_view::npos) return {};
  std::string plain;
  for (const char c : text) {
    if (c != '-') plain += c == ' ' ? '_' : c;
  }
  return named(plain).value_or(NtopKey());
}

const NtopKey& NtopKeyCache::learn(size_t place, std::string_view text) {
  other_ = ntop_key(text);
  if (place >= kMaxPlaces || text.size() > kMaxKeyBytes) return other_;
  if (place >= known_.size()) known_.resize(place + 1);
  known_[place] = {std::string(text), std::nullopt, other_};
  return other_;
}

const NtopKey& NtopKeyCache::learn(size_t place, uint32_t number) {
  other_ = ntop_key(number);
  if (place >= kMaxPlaces) return other_;
  if (place >= known_.size()) known_.resize(place + 1);
  known_[place] = {{}, number, other_};
  return other_;
}

}  // namespace weir
