// SPDX-License-Identifier: GPL-3.0-or-later
// What the inspection reads in the payloads of every capture against what tshark reads there: the
// values that tshark lists for a capture, each as often as it saw them, should be in the metadata
// of one of its flows. Prints a line for each kind of value and each value that is not found.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "corpus/corpus.h"
#include "decode/decode.h"
#include "dpi/dns_message.h"
#include "dpi/inspector.h"
#include "net/ip_protocol.h"
#include "record/applications.h"

namespace weir {
namespace {

using nlohmann::json;
using Values = std::set<std::string>;
using Counts = std::map<std::string, uint64_t>;

// ASCII in lower case; each other character, and each byte that is none, is '?': tshark shows them
// in its own way.
std::string plain(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (byte >= 0x80 && byte < 0xc0 && !result.empty() && result.back() == '?') continue;
    if (byte >= 0x80 || byte < 0x20) {
      result += '?';
    } else {
      result += static_cast<char>(std::tolower(byte));
    }
  }
  return result;
}

// The same of a text in which tshark wrote control characters as "\\r" or "\\022".
std::string plain_answer(const std::string& text) {
  static const std::regex kEscape("\\\\([0-7]{3}|[a-z])");
  return plain(std::regex_replace(text, kEscape, "?"));
}

// The metadata of all flows of a capture, as values by field; DNS queries with their type.
struct Seen {
  std::map<MetadataField, Values> values;
  Values queries;

  void add(const FlowMetadata& metadata) {
    Values names;
    Values types;
    for (const MetadataEntry& entry : metadata.entries()) {
      values[entry.field].insert(plain(entry.value));
      if (entry.field == MetadataField::kDnsQuery) names.insert(plain(entry.value));
      if (entry.field == MetadataField::kDnsType) types.emplace(entry.value);
    }
    for (const auto& name : names) {
      for (const auto& type : types) queries.insert(name + " " + type);
    }
  }
};

// Inspects the flows of one capture as a shard does.
class Inspection {
 public:
  explicit Inspection(Inspector& inspector) : inspector_(inspector) {}

  void take(const PacketView& view) {
    DecodedPacket packet;
    decode(view, packet);
    if (!packet.has_ip || packet.is_later_fragment) return;
    Flow& flow = find(packet);
    if (flow.handle == Inspector::kNone) return;
    InspectedPacket inspected;
    inspected.datagram = {packet.network, packet.network_length};
    inspected.payload = {packet.payload, packet.payload_length};
    inspected.payload_wire_length = packet.payload_wire_length;
    inspected.tcp_sequence = packet.tcp_sequence;
    inspected.tcp_flags = packet.tcp_flags;
    inspected.is_tcp = packet.protocol == kProtocolTcp;
    inspected.to_server =
        packet.source == flow.about.client && packet.source_port == flow.about.client_port;
    inspected.when = view.timestamp;
    if (inspector_.inspect(flow.handle, inspected) == InspectionState::kFinished) end(flow);
  }
  Seen finish() {
    for (auto& [key, flow] : flows_) {
      if (flow.handle == Inspector::kNone) continue;
      inspector_.conclude(flow.handle);
      end(flow);
    }
    return seen_;
  }

 private:
  struct Flow {
    Inspector::Handle handle = Inspector::kNone;
    InspectedFlow about;
  };
  using End = std::pair<IpAddress, uint16_t>;
  using Key = std::tuple<End, End, uint8_t, VlanTags>;

  // The client is who sends the first SYN, else who has no port of a service, else who began.
  Flow& find(const DecodedPacket& packet) {
    End from{packet.source, packet.source_port};
    End to{packet.destination, packet.destination_port};
    auto [at, is_new] =
        flows_.try_emplace({std::min(from, to), std::max(from, to), packet.protocol, packet.vlan});
    if (!is_new) return at->second;
    const bool is_tcp = packet.protocol == kProtocolTcp;
    const bool is_syn = is_tcp && (packet.tcp_flags & kTcpSyn) != 0;
    const bool is_from_service =
        application_of_port(packet.protocol, packet.source_port) != kApplicationUnknown &&
        application_of_port(packet.protocol, packet.destination_port) == kApplicationUnknown;
    const bool is_answer = is_syn ? (packet.tcp_flags & kTcpAck) != 0 : is_from_service;
    if (is_answer) std::swap(from, to);
    at->second.about = {from.first, to.first, from.second, to.second, packet.protocol};
    at->second.handle = inspector_.begin(at->second.about);
    return at->second;
  }
  void end(Flow& flow) {
    seen_.add(inspector_.metadata(flow.handle));
    inspector_.end(flow.handle);
    flow.handle = Inspector::kNone;
  }

  Inspector& inspector_;
  std::map<Key, Flow> flows_;
  Seen seen_;
};

// One kind of value: where the answers have it, and what must be found.
struct Kind {
  std::string name;
  double least;  // the share that must be found
  Counts (*expected)(const json& answers);
  MetadataField field;
};

Counts counts_of(const json& answers, const char* part, const char* list) {
  Counts counts;
  if (!answers.contains(part) || !answers.at(part).contains(list)) return counts;
  for (const auto& item : answers.at(part).at(list).items()) {
    if (!item.key().empty()) counts[plain_answer(item.key())] += item.value().get<uint64_t>();
  }
  return counts;
}

// "wpad" of "WPAD<00>"; what tshark could not decode is no name.
Counts netbios_names(const json& answers) {
  Counts result;
  for (const auto& [name, count] : counts_of(answers, "dns", "nbns")) {
    if (!name.starts_with("illegal")) result[name.substr(0, name.find('<'))] += count;
  }
  return result;
}

// "0" and "1" are version 1 and 2c.
Counts snmp_versions(const json& answers) {
  Counts result;
  for (const auto& [number, count] : counts_of(answers, "other", "snmp_versions"))
    result[number == "0" ? "1" : number == "1" ? "2c" : number] = count;
  return result;
}

// Functions by their numbers at tshark, by their names here.
template <typename Name>
Counts functions(const json& answers, const char* list, const std::vector<Name>& names) {
  Counts result;
  for (const auto& [number, count] : counts_of(answers, "other", list)) {
    const auto at = std::ranges::find(names, number, &Name::first);
    result[at == names.end() ? number : plain(at->second)] += count;
  }
  return result;
}
using Names = std::vector<std::pair<std::string, std::string>>;
Counts modbus_functions(const json& answers) {
  return functions(answers, "modbus_functions", Names{{"3", "Read Holding Registers"}});
}
Counts dnp3_functions(const json& answers) {
  return functions(answers, "dnp3_functions",
                   Names{{"0", "Confirm"},
                         {"1", "Read"},
                         {"2", "Write"},
                         {"13", "Cold Restart"},
                         {"14", "Warm Restart"},
                         {"18", "Stop Application"},
                         {"20", "Enable Unsolicited"},
                         {"21", "Disable Unsolicited"},
                         {"129", "Response"},
                         {"130", "Unsolicited Response"}});
}

const Kind kKinds[] = {
    {"HTTP hosts", 0.98, [](const json& a) { return counts_of(a, "http", "hosts"); },
     MetadataField::kHttpHost},
    {"HTTP methods", 0.98, [](const json& a) { return counts_of(a, "http", "methods"); },
     MetadataField::kHttpMethod},
    {"HTTP status codes", 0.98, [](const json& a) { return counts_of(a, "http", "status"); },
     MetadataField::kHttpStatus},
    {"HTTP user agents", 0.98, [](const json& a) { return counts_of(a, "http", "user_agents"); },
     MetadataField::kUserAgent},
    {"HTTP servers", 0.98, [](const json& a) { return counts_of(a, "http", "servers"); },
     MetadataField::kHttpServer},
    {"NetBIOS names", 0.9, netbios_names, MetadataField::kDnsQuery},
    {"DHCP host names", 1, [](const json& a) { return counts_of(a, "other", "dhcp_host"); },
     MetadataField::kDhcpHostName},
    {"DHCP vendor classes", 1,
     [](const json& a) { return counts_of(a, "other", "dhcp_vendor_class"); },
     MetadataField::kDhcpClass},
    {"SIP methods", 0.9, [](const json& a) { return counts_of(a, "other", "sip_methods"); },
     MetadataField::kSipMethod},
    {"SIP calls", 0.85, [](const json& a) { return counts_of(a, "other", "sip_call_ids"); },
     MetadataField::kSipCallId},
    {"RTP sources", 0.85, [](const json& a) { return counts_of(a, "other", "rtp_ssrc"); },
     MetadataField::kRtpSsrc},
    {"MQTT topics", 1, [](const json& a) { return counts_of(a, "other", "mqtt_topics"); },
     MetadataField::kMqttTopic},
    {"Modbus functions", 1, modbus_functions, MetadataField::kModbusFunction},
    {"DNP3 functions", 1, dnp3_functions, MetadataField::kDnp3Function},
    {"SNMP versions", 1, snmp_versions, MetadataField::kSnmpVersion},
};

struct Score {
  uint64_t expected = 0;
  uint64_t found = 0;
  std::vector<std::string> missing;

  void add(const Counts& wanted, const Values& seen, const std::string& capture) {
    for (const auto& [value, count] : wanted) {
      expected += count;
      if (seen.contains(value)) {
        found += count;
      } else {
        missing.push_back(capture + ": " + value + ", " + std::to_string(count) + " times");
      }
    }
  }
};

void report(const std::string& name, const Score& score, double least) {
  std::cout << name << ": " << score.found << " of " << score.expected << "\n";
  for (const std::string& text : score.missing) std::cout << "  not found in " << text << "\n";
  EXPECT_GT(score.expected, 0U) << name;
  EXPECT_GE(static_cast<double>(score.found), least * static_cast<double>(score.expected)) << name;
}

// "www.example.org 28" as "www.example.org AAAA"; a label that tshark could not read is no name.
Counts expected_queries(const json& answers) {
  Counts queries;
  for (const auto& [query, count] : counts_of(answers, "dns", "queries")) {
    const size_t blank = query.rfind(' ');
    const std::string name = query.substr(0, blank);
    const int type = std::stoi(query.substr(blank + 1));
    if (name == "<unknown extended label>") continue;
    queries[(name == "<root>" ? "." : name) + " " +
            dns_type_name(static_cast<uint16_t>(type), false)] += count;
  }
  return queries;
}

Values both(const Seen& seen, MetadataField one, MetadataField other) {
  Values values;
  for (const MetadataField field : {one, other}) {
    const auto at = seen.values.find(field);
    if (at != seen.values.end()) values.insert(at->second.begin(), at->second.end());
  }
  return values;
}

TEST(NamesCorpus, FindsTheNamesThatTsharkFinds) {
  const auto folder = corpus::find_captures();
  if (!folder) GTEST_SKIP() << "skipped: corpus not there";
  const auto inspector = Inspector::create({});
  ASSERT_TRUE(inspector.ok());
  std::map<std::string, Score> scores;
  Score queries;
  Score banners;
  for (const auto& file : corpus::list_captures(*folder)) {
    const std::string name = file.filename().string();
    Inspection inspection(**inspector);
    EXPECT_EQ(corpus::for_each_packet(file, [&](const PacketView& view) { inspection.take(view); }),
              "")
        << name;
    Seen seen = inspection.finish();
    const json answers = json::parse(std::ifstream(*folder / "expected" / (name + ".json")));
    queries.add(expected_queries(answers), seen.queries, name);
    banners.add(counts_of(answers, "other", "ssh_banner"),
                both(seen, MetadataField::kSshClient, MetadataField::kSshServer), name);
    for (const Kind& kind : kKinds)
      scores[kind.name].add(kind.expected(answers), seen.values[kind.field], name);
  }
  report("DNS queries", queries, 0.99);
  report("SSH banners", banners, 1);
  for (const Kind& kind : kKinds) {
    report(kind.name, scores[kind.name], kind.least);
  }
}

// What tshark 4.0.17 reads in captures of which the expected files do not hold it.
struct Told {
  const char* capture;
  MetadataField field;
  Values values;
};
const Told kTold[] = {
    {"N-smbv1.pcap", MetadataField::kSmbVersion, {"smb 1.0"}},
    {"N-smbv1.pcap", MetadataField::kSmbShare, {"\\\\10.128.0.243\\ipc$"}},
    {"N-kerberos-login.pcap", MetadataField::kKerberosRealm, {"denydc.com", "testbed1.ca"}},
    {"N-kerberos-login.pcap",
     MetadataField::kKerberosService,
     {"cifs/vpc-w2k3ent", "host/xp1.denydc.com", "ldap/dc",
      "ldap/vpc-w2k3ent.denydc.com/denydc.com", "krbtgt/denydc.com"}},
    {"N-kerberos-login.pcap", MetadataField::kUserName, {"des", "u5", "xp1$", "ubuntu64a$"}},
    {"N-mqtt.pcap", MetadataField::kMqttClientId, {"cbaabcbabacbbbbbaaaaab"}},
    {"N-mqtt.pcap", MetadataField::kUserName, {"02d5050223d3"}},
    {"N-IEC104.pcap", MetadataField::kIec104Type, {"m_me_tf_1"}},
    {"N-bittorrent.pcap",
     MetadataField::kBittorrentHash,
     {"dcfcdccfb9e670ccc3dd40c78c161f2bea243126"}},
    {"N-bittorrent_utp.pcap",
     MetadataField::kBittorrentHash,
     {"0ca4c8e7fb26a354b1a7aa15baeaf26067c66811"}},
    {"P-four_ipv6_http_streams.pcap",
     MetadataField::kHttpUrl,
     {"6bone.informatik.uni-leipzig.de/ipv6/stats/log.php3?url=www.uk6x.com&imageid=6",
      "www.uk6x.com/", "www.uk6x.com/header.css", "www.uk6x.com/header.shtml",
      "www.uk6x.com/images/logo.jpg", "www.uk6x.com/images/space23.jpg",
      "www.uk6x.com/images/top_bground.jpg", "www.uk6x.com/main.html", "www.uk6x.com/style1.css"}},
    {"P-four_ipv6_http_streams.pcap",
     MetadataField::kHttpContentType,
     {"image/gif", "image/jpeg", "text/css", "text/html; charset=iso-8859-1"}},
    {"Z-pipelined-requests.pcap",
     MetadataField::kHttpUrl,
     {"www.mozilla.org/images/template/screen/bullet_utility.png",
      "www.mozilla.org/images/template/screen/key-point-top.png",
      "www.mozilla.org/projects/calendar/images/header-sunbird.png",
      "www.mozilla.org/script/urchin.js", "www.mozilla.org/style/enhanced.css"}},
    {"Z-pipelined-requests.pcap",
     MetadataField::kHttpContentType,
     {"application/x-javascript", "image/png", "text/css"}},
    {"N-rdp.pcap", MetadataField::kRdpSecurity, {"credssp with early user authorization"}},
};

TEST(NamesCorpus, ReadsWhatTsharkReadsInSingleCaptures) {
  const auto folder = corpus::find_captures();
  if (!folder) GTEST_SKIP() << "skipped: corpus not there";
  const auto inspector = Inspector::create({});
  ASSERT_TRUE(inspector.ok());
  for (const Told& told : kTold) {
    Inspection inspection(**inspector);
    const auto file = *folder / "pcap" / told.capture;
    ASSERT_EQ(corpus::for_each_packet(file, [&](const PacketView& view) { inspection.take(view); }),
              "");
    const Values seen = inspection.finish().values[told.field];
    for (const std::string& value : told.values)
      EXPECT_TRUE(seen.contains(value)) << told.capture << ": " << value;
  }
}

}  // namespace
}  // namespace weir
