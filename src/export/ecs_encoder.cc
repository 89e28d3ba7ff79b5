// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/ecs_encoder.h"

#include <string_view>

#include "base/ascii.h"
#include "export/utc_text.h"
#include "net/ip_protocol.h"
#include "record/applications.h"
#include "record/instance_paths.h"

namespace weir {
namespace {

std::string lower(std::string_view text) {
  std::string made(text);
  for (char& c : made) c = ascii_lower(c);
  return made;
}

// ECS writes AA-BB-CC-DD-EE-FF (RFC 7042).
std::string mac_text(const MacAddress& mac) {
  std::string text = mac.to_string();
  for (char& c : text) {
    c = c == ':' ? '-' : ascii_upper(c);
  }
  return text;
}

struct Side {
  FlowField country;
  FlowField as_number;
  FlowField as_name;
};

Value side(const ExportedFlow& exported, const RecordContext& context, bool is_client) {
  const FlowRecord& flow = exported.flow;
  const Side fields =
      is_client
          ? Side{FlowField::kClientCountry, FlowField::kClientAsNumber, FlowField::kClientAsName}
          : Side{FlowField::kServerCountry, FlowField::kServerAsNumber, FlowField::kServerAsName};
  const auto known = [&](FlowField field) { return to_value(flow_field(flow, field, context)); };
  Value made;
  made.set("ip", (is_client ? flow.client : flow.server).to_string());
  if (const uint16_t port = is_client ? flow.client_port : flow.server_port; port != 0)
    made.set("port", uint64_t{port});
  const MacAddress& mac = is_client ? flow.client_mac : flow.server_mac;
  if (mac.is_known()) made.set("mac", mac_text(mac));
  const Traffic& sent = is_client ? flow.to_server : flow.to_client;
  made.set("bytes", sent.bytes);
  made.set("packets", sent.packets);
  if (Value country = known(fields.country); !country.is_null()) {
    Value geo;
    geo.set("country_iso_code", std::move(country));
    made.set("geo", std::move(geo));
  }
  if (Value number = known(fields.as_number); !number.is_null()) {
    Value as;
    as.set("number", std::move(number));
    if (Value name = known(fields.as_name); !name.is_null()) {
      Value organization;
      organization.set("name", std::move(name));
      as.set("organization", std::move(organization));
    }
    made.set("as", std::move(as));
  }
  return made;
}

Value event_of(const FlowRecord& flow) {
  Value event;
  event.set("kind", "event");
  event.set("category", Value::Array{"network"});
  Value::Array type{"connection"};
  if (flow.end_reason != EndReason::kActive) type.push_back("end");
  event.set("type", std::move(type));
  event.set("action", "network_flow");
  event.set("dataset", "weir.flow");
  event.set("start", utc_text(flow.first_seen));
  event.set("end", utc_text(flow.last_seen));
  event.set("duration", flow.last_seen.as_nanoseconds() - flow.first_seen.as_nanoseconds());
  return event;
}

Value network_of(const FlowRecord& flow) {
  Value network;
  network.set("type", flow.client.is_v4() ? "ipv4" : "ipv6");
  network.set("iana_number", std::to_string(flow.protocol));
  if (const std::string_view name = protocol_name(flow.protocol); !name.empty())
    network.set("transport", lower(name));
  // "TLS.Google": the protocol, and whose application it carries.
  if (flow.application != kApplicationUnknown) {
    const std::string name = lower(application_name(flow.application));
    const size_t dot = name.find('.');
    network.set("protocol", name.substr(0, dot));
    if (dot != std::string::npos) network.set("application", name.substr(dot + 1));
  }
  const Traffic all = flow.to_server + flow.to_client;
  network.set("bytes", all.bytes);
  network.set("packets", all.packets);
  if (flow.vlan.count > 0) {
    Value vlan;
    vlan.set("id", std::to_string(flow.vlan.ids[0]));
    network.set("vlan", std::move(vlan));
  }
  return network;
}

// Names of others, the first value of each.
void add_text(Value& object, std::string_view name, const FlowRecord& flow, MetadataField field) {
  const std::string_view text = flow.metadata.first(field);
  if (!text.empty()) object.set(name, text);
}

void set_if_any(Value& object, std::string_view name, Value member) {
  if (!member.is_null()) object.set(name, std::move(member));
}

Value tls_of(const FlowRecord& flow) {
  Value client;
  if (flow.metadata.has(MetadataField::kTlsVersion))
    add_text(client, "server_name", flow, MetadataField::kServerName);
  add_text(client, "ja3", flow, MetadataField::kJa3);
  Value server;
  add_text(server, "ja3s", flow, MetadataField::kJa3s);
  add_text(server, "issuer", flow, MetadataField::kCertificateIssuer);
  add_text(server, "subject", flow, MetadataField::kCertificateSubject);
  Value tls;
  add_text(tls, "cipher", flow, MetadataField::kTlsCipher);
  add_text(tls, "next_protocol", flow, MetadataField::kAlpn);
  set_if_any(tls, "client", std::move(client));
  set_if_any(tls, "server", std::move(server));
  return tls;
}

Value http_of(const FlowRecord& flow) {
  Value request;
  add_text(request, "method", flow, MetadataField::kHttpMethod);
  Value response;
  add_text(response, "mime_type", flow, MetadataField::kHttpContentType);
  Value http;
  set_if_any(http, "request", std::move(request));
  set_if_any(http, "response", std::move(response));
  return http;
}

Value dns_of(const FlowRecord& flow) {
  Value question;
  add_text(question, "name", flow, MetadataField::kDnsQuery);
  add_text(question, "type", flow, MetadataField::kDnsType);
  Value dns;
  add_text(dns, "response_code", flow, MetadataField::kDnsRcode);
  set_if_any(dns, "question", std::move(question));
  return dns;
}

}  // namespace

void EcsEncoder::add(const ExportedFlow& exported, const RecordContext& context,
                     std::vector<Message>& out) {
  const FlowRecord& flow = exported.flow;
  Value line;
  line.set("@timestamp", utc_text(flow.last_seen));
  Value ecs;
  ecs.set("version", "8.11.0");
  line.set("ecs", std::move(ecs));
  line.set("event", event_of(flow));
  Value observer;
  observer.set("vendor", "weir");
  observer.set("type", "sensor");
  observer.set("name", instance_);
  line.set("observer", std::move(observer));
  line.set("network", network_of(flow));
  line.set("source", side(exported, context, true));
  Value destination = side(exported, context, false);
  add_text(destination, "domain", flow, MetadataField::kServerName);
  line.set("destination", std::move(destination));
  set_if_any(line, "tls", tls_of(flow));
  set_if_any(line, "http", http_of(flow));
  set_if_any(line, "dns", dns_of(flow));
  Value url;
  add_text(url, "original", flow, MetadataField::kHttpUrl);
  set_if_any(line, "url", std::move(url));
  Value agent;
  add_text(agent, "original", flow, MetadataField::kUserAgent);
  set_if_any(line, "user_agent", std::move(agent));
  Value labels;
  labels.set("interface", context.interface);
  labels.set("path", path_text(flow.origin.path));
  line.set("labels", std::move(labels));
  Message message;
  message.flows = 1;
  append_json(message.bytes, line);
  message.bytes += '\n';
  out.push_back(std::move(message));
}

}  // namespace weir
