// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/verdict.h"

#include <algorithm>
#include <array>
#include <string>

#include "dpi/application_names.h"
#include "dpi/ndpi_classifier.h"
#include "dpi/protocol_rules.h"
#include "net/ip_protocol.h"

namespace weir {
namespace {

// Views of what the evidence and the authorities hold.
struct Label {
  std::string_view name;
  std::string_view category;
};
template <typename Source>
Label label_of(const Source& source) {
  return {source.application, source.category};
}

constexpr uint16_t kSmtpsPort = 465;
constexpr uint16_t kSubmissionPort = 587;
constexpr uint16_t kImapsPort = 993;
constexpr uint16_t kPop3sPort = 995;
constexpr uint16_t kDnsOverTlsPort = 853;

// TLS from the first byte on the ports of mail has names of its own (RFC 8314).
std::string_view refined(std::string_view protocol, uint16_t server_port) {
  if (protocol != "TLS") return protocol;
  switch (server_port) {
    case kSmtpsPort:
    case kSubmissionPort:
      return "SMTPS";
    case kImapsPort:
      return "IMAPS";
    case kPop3sPort:
      return "POPS";
    default:
      return protocol;
  }
}

// Which field of a protocol's flows names the server.
struct NameField {
  std::string_view protocol;
  MetadataField field;
};
constexpr std::array<NameField, 12> kNameFields{{
    {"TLS", MetadataField::kServerName},
    {"DTLS", MetadataField::kServerName},
    {"QUIC", MetadataField::kServerName},
    {"SMTPS", MetadataField::kServerName},
    {"IMAPS", MetadataField::kServerName},
    {"POPS", MetadataField::kServerName},
    {"HTTP", MetadataField::kHttpHost},
    {"HTTP2", MetadataField::kHttpHost},
    {"HTTP_Proxy", MetadataField::kHttpHost},
    {"HTTP_Connect", MetadataField::kHttpHost},
    {"DNS", MetadataField::kDnsQuery},
    {"STUN", MetadataField::kServerName},
}};

std::string_view host_of(std::string_view protocol, const FlowMetadata& metadata) {
  const auto* found = std::ranges::find(kNameFields, protocol, &NameField::protocol);
  if (found == kNameFields.end()) return {};
  std::string_view host = metadata.first(found->field);
  // "host:port" of HTTP; an IPv6 literal names nobody.
  if (found->field == MetadataField::kHttpHost) host = host.substr(0, host.find(':'));
  return host;
}

// nDPI wants the star of "*.example.com": some of its names begin with the dot after it.
Label by_host(std::string_view host, const Authorities& known) {
  if (known.rules != nullptr) {
    const std::string_view name = host.starts_with("*.") ? host.substr(2) : host;
    if (const auto label = known.rules->by_host(name); !label.empty()) return label_of(label);
  }
  return known.ndpi != nullptr ? label_of(known.ndpi->match_host(host)) : Label{};
}

// Of a distinguished name ("CN=example.com,O=..."); "" when there is none at its start.
std::string_view common_name(std::string_view subject) {
  constexpr std::string_view kKey = "CN=";
  if (!subject.starts_with(kKey)) return {};
  subject.remove_prefix(kKey.size());
  return subject.substr(0, subject.find(','));
}

Label by_fingerprint(const FlowMetadata& metadata, const Authorities& known) {
  if (known.rules == nullptr) return {};
  const auto ja4 = known.rules->by_ja4(metadata.first(MetadataField::kJa4));
  return label_of(ja4.empty() ? known.rules->by_hassh(metadata.first(MetadataField::kHassh)) : ja4);
}

// The name that was asked for, else a fingerprint, else the names the server's certificate has.
Label by_name(std::string_view protocol, const Evidence& evidence, const Authorities& known) {
  if (evidence.metadata == nullptr) return {};
  const FlowMetadata& metadata = *evidence.metadata;
  if (const Label label = by_host(host_of(protocol, metadata), known); !label.name.empty())
    return label;
  if (const Label label = by_fingerprint(metadata, known); !label.name.empty()) return label;
  for (const MetadataEntry& entry : metadata.entries()) {
    if (entry.field != MetadataField::kCertificateNames) continue;
    if (const Label label = by_host(entry.value, known); !label.name.empty()) return label;
  }
  return by_host(common_name(metadata.first(MetadataField::kCertificateSubject)), known);
}

Label by_network(const Evidence& evidence, const Authorities& known) {
  if (known.rules == nullptr) return {};
  const auto server = known.rules->by_address(evidence.server);
  return label_of(server.empty() ? known.rules->by_address(evidence.client) : server);
}

// nDPI's word is taken only where it speaks of this protocol and does not owe it to an address:
// whose server it is does not say what is spoken with it.
bool speaks_of(const NdpiVerdict* ndpi, std::string_view protocol) {
  return ndpi != nullptr && !ndpi->application.empty() && !ndpi->is_application_by_address &&
         ndpi->master == protocol;
}

std::string_view known_category(std::string_view name) {
  const uint16_t number = find_application(name);
  return number == kApplicationUnknown ? std::string_view() : application_category(number);
}

// nDPI's category of the flow may be that of one of its names: an application's own goes before.
Label by_ndpi(const NdpiVerdict& ndpi) {
  const std::string_view category = known_category(ndpi.application);
  return {ndpi.application, category.empty() ? ndpi.category : category};
}

// What rides on the protocol and what told it.
struct Rider {
  Label label;
  Confidence confidence = Confidence::kPayload;
};
Rider rider_of(std::string_view protocol, const Evidence& evidence, const Authorities& known) {
  if (!evidence.application.empty()) return {{evidence.application, {}}, Confidence::kPayload};
  if (const Label label = by_name(protocol, evidence, known); !label.name.empty())
    return {label, Confidence::kName};
  if (protocol == "TLS" && evidence.server_port == kDnsOverTlsPort)
    return {{"DoH_DoT", "Network"}, Confidence::kPort};
  if (speaks_of(evidence.ndpi, protocol)) return {by_ndpi(*evidence.ndpi), Confidence::kPayload};
  if (const Label label = by_network(evidence, known); !label.name.empty())
    return {label, Confidence::kAddress};
  return {};
}

// Names that nDPI gives to two together.
struct Pair {
  std::string_view from;
  std::string_view to;
};
constexpr std::array<Pair, 6> kPairs{{
    {"HTTP.WebSocket", "WebSocket"},
    {"STUN.Teams", "STUN.Skype_TeamsCall"},
    {"STUN.Skype_Teams", "STUN.Skype_TeamsCall"},
    {"STUN.Viber", "STUN.ViberVoip"},
    {"STUN.WhatsApp", "STUN.WhatsAppCall"},
    {"STUN.Facebook", "STUN.FacebookVoip"},
}};

std::string joined(std::string_view protocol, std::string_view rider) {
  std::string name(protocol);
  if (rider.empty() || rider == protocol) return name;
  name.append(".").append(rider);
  for (const Pair& pair : kPairs) {
    if (pair.from == name) return std::string(pair.to);
  }
  return name;
}

// The rider's; but what is asked of the DNS is no traffic of whom it was asked about. The catalogue
// goes before what was said of one host name: an application has one category, whichever of its
// hosts is seen first.
std::string_view category_of(std::string_view protocol, const Label& rider,
                             const NdpiVerdict* ndpi) {
  if (!rider.name.empty() && protocol != "DNS") {
    if (const auto category = known_category(rider.name); !category.empty()) return category;
    if (!rider.category.empty()) return rider.category;
  }
  if (const auto category = known_category(protocol); !category.empty()) return category;
  return ndpi != nullptr && ndpi->master == protocol ? ndpi->category : std::string_view();
}

Verdict named(const Label& label, Confidence confidence) {
  return {application_number(canonical_application(label.name), label.category), confidence};
}

// The server's port goes before the client's, whoever knows it.
Verdict by_port(const Evidence& evidence, const Authorities& known) {
  const bool is_tcp =
      evidence.ip_protocol != kProtocolUdp && evidence.ip_protocol != kProtocolUdpLite;
  for (const uint16_t port : {evidence.server_port, evidence.client_port}) {
    if (known.rules != nullptr && port != 0) {
      const auto label = known.rules->by_port(is_tcp, port);
      if (!label.empty()) return named(label_of(label), Confidence::kPort);
    }
    const uint16_t application = guess_application(evidence.ip_protocol, port, port);
    if (application != kApplicationUnknown) return {application, Confidence::kPort};
  }
  return {};
}

}  // namespace

Verdict combine(const Evidence& evidence, const Authorities& authorities) {
  const NdpiVerdict* ndpi = evidence.ndpi;
  std::string_view protocol = canonical_application(evidence.protocol);
  if (protocol.empty() && ndpi != nullptr && ndpi->confidence == Confidence::kPayload)
    protocol = ndpi->master;
  if (protocol.empty()) return guess(evidence, authorities);
  protocol = refined(protocol, evidence.server_port);
  const auto [rider, confidence] = rider_of(protocol, evidence, authorities);
  const std::string name = joined(protocol, canonical_application(rider.name));
  return {application_number(name, category_of(protocol, rider, ndpi)), confidence};
}

// Of most fields only the first value is looked at.
uint32_t clues_in(const FlowMetadata& metadata) {
  constexpr uint32_t kOneName = 1U << 8;
  uint32_t clues = 0;
  for (const MetadataEntry& entry : metadata.entries()) {
    switch (entry.field) {
      case MetadataField::kServerName:
        clues |= 1;
        break;
      case MetadataField::kHttpHost:
        clues |= 2;
        break;
      case MetadataField::kDnsQuery:
        clues |= 4;
        break;
      case MetadataField::kJa4:
        clues |= 8;
        break;
      case MetadataField::kHassh:
        clues |= 16;
        break;
      case MetadataField::kCertificateSubject:
        clues |= 32;
        break;
      case MetadataField::kCertificateNames:
        clues += kOneName;
        break;
      default:
        break;
    }
  }
  return clues;
}

Verdict guess(const Evidence& evidence, const Authorities& authorities) {
  const Verdict port = by_port(evidence, authorities);
  if (port.confidence != Confidence::kNone) return port;
  if (const Label label = by_network(evidence, authorities); !label.name.empty())
    return named(label, Confidence::kAddress);
  if (authorities.ndpi != nullptr) {
    for (const IpAddress& address : {evidence.server, evidence.client}) {
      const NdpiLabel label = authorities.ndpi->match_address(address);
      if (!label.empty()) return named(label_of(label), Confidence::kAddress);
    }
  }
  const NdpiVerdict* ndpi = evidence.ndpi;
  if (ndpi == nullptr || ndpi->master.empty()) return {};
  const std::string name = joined(ndpi->master, ndpi->application);
  return named({name, ndpi->category}, ndpi->confidence);
}

}  // namespace weir
