// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/application_answers.h"

#include <charconv>
#include <fstream>

#include <nlohmann/json.hpp>

#include "dpi/application_names.h"
#include "net/ip_protocol.h"

namespace weir::corpus {
namespace {

using Json = nlohmann::json;

int protocol_number(const std::string& text) {
  static const std::map<std::string, int> kNames{
      {"TCP", kProtocolTcp},       {"UDP", kProtocolUdp},   {"ICMP", kProtocolIcmp},
      {"ICMPV6", kProtocolIcmpv6}, {"IGMP", kProtocolIgmp}, {"SCTP", kProtocolSctp}};
  if (const auto found = kNames.find(text); found != kNames.end()) return found->second;
  int number = -1;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string end_text(const IpAddress& address, uint16_t port) {
  return address.to_string() + " " + std::to_string(port);
}

// "10.0.0.1:80" or "[2001:db8::1]:80", whatever the spelling of the address.
std::string end_text(const std::string& text) {
  const size_t colon = text.rfind(':');
  std::string address = text.substr(0, colon);
  if (address.starts_with('[')) address = address.substr(1, address.size() - 2);
  const auto parsed = IpAddress::parse(address);
  return (parsed ? parsed->to_string() : address) + " " + text.substr(colon + 1);
}

FlowName ordered(int protocol, std::string a, std::string b) {
  if (b < a) std::swap(a, b);
  return {protocol, {std::move(a), std::move(b)}};
}

}  // namespace

std::string in_our_spelling(const std::string& name) {
  const size_t dot = name.find('.');
  std::string result(canonical_application(name.substr(0, dot)));
  if (dot == std::string::npos) return result;
  return result + "." + std::string(canonical_application(name.substr(dot + 1)));
}

FlowName flow_name(const DecodedPacket& packet) {
  return ordered(packet.protocol, end_text(packet.source, packet.source_port),
                 end_text(packet.destination, packet.destination_port));
}

ApplicationAnswers read_application_answers(const std::filesystem::path& capture,
                                            std::string_view reader) {
  std::ifstream file(capture.parent_path().parent_path() / "expected" /
                     (capture.filename().string() + ".json"));
  const Json answers = Json::parse(file);
  ApplicationAnswers result;
  const auto found = answers.find(reader);
  if (found == answers.end() || !found->is_object() || !found->contains("flows")) return result;
  for (const Json& flow : (*found)["flows"]) {
    const FlowName name =
        ordered(protocol_number(flow["l4"].get<std::string>()),
                end_text(flow["a"].get<std::string>()), end_text(flow["b"].get<std::string>()));
    const auto text = [&](const char* key) {
      return flow.contains(key) && flow[key].is_string() ? flow[key].get<std::string>()
                                                         : std::string();
    };
    const std::string category = text("cat");
    const int vlan =
        flow.contains("vlan") && flow["vlan"].is_number() ? flow["vlan"].get<int>() : 0;
    result[name].push_back({in_our_spelling(text("proto")), category.substr(0, category.find('/')),
                            text("confidence"), vlan,
                            flow.value("risk", std::vector<std::string>())});
  }
  return result;
}

}  // namespace weir::corpus
