// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes as a payload, as a host name and as a file of rules. Properties: no access outside them and
// no exception; small_protocol() says the same twice and only names that are no part of the input;
// a rule found by payload or by name is one of the rules; a file of rules is either taken, and then
// each of its names is found again, or refused with a line.
#include <string>

#include "dpi/protocol_rules.h"
#include "dpi/rule_file.h"
#include "dpi/small_protocols.h"
#include "property.h"

namespace {

using weir::ByteReader;
using weir::Payload;
using weir::ProtocolRules;
using weir::fuzz::require;

const ProtocolRules& built_in() {
  static const auto rules = ProtocolRules::load("");
  require(rules.ok());
  return **rules;
}

Payload payload_of(const uint8_t* data, size_t size) {
  Payload payload;
  payload.bytes = ByteReader(data, size);
  if (size < 5) return payload;
  payload.is_tcp = (data[0] & 1) != 0;
  payload.is_stream_start = (data[0] & 2) != 0;
  payload.server_port = payload.bytes.u16(1);
  payload.client_port = payload.bytes.u16(3);
  payload.bytes.skip(5);
  return payload;
}

void check_payload(const Payload& payload) {
  const std::string_view name = weir::small_protocol(payload);
  require(name == weir::small_protocol(payload));
  const auto label = built_in().by_payload(payload);
  require(label.empty() || !label.category.empty());
}

void check_host(std::string_view text) {
  const auto label = built_in().by_host(text);
  if (!label.empty() && text.size() < 200)
    require(built_in().by_host("x." + std::string(text)) == label);
}

void check_rules(std::string_view text) {
  const auto rules = weir::parse_rule_file(text, "f");
  if (!rules.ok()) {
    require(rules.error().message.starts_with("f:"));
    return;
  }
  const auto tables = ProtocolRules::parse("", text, "f");
  if (!tables.ok()) return;
  for (const auto& rule : *rules) {
    for (const std::string& host : rule.hosts) require(!(*tables)->by_host(host).empty());
    for (const auto& network : rule.networks) {
      require(!(*tables)->by_address(network.first).empty());
      require(!(*tables)->by_address(network.last).empty());
    }
    for (const uint16_t port : rule.tcp_ports) require(!(*tables)->by_port(true, port).empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(data, data + size);
  check_payload(payload_of(data, size));
  check_host(text);
  check_rules(text);
  return 0;
}
