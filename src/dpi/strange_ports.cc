// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <span>

#include "dpi/risk_facts.h"

namespace weir {
namespace {

// The ports at which a protocol is no surprise: IANA's and those of common use.
constexpr std::array<uint16_t, 13> kHttp{80,   81,   591,  3128, 5985, 8000, 8008,
                                         8080, 8081, 8088, 8090, 8888, 9080};
// Those of protocols that are TLS from their first byte on are TLS's too.
constexpr std::array<uint16_t, 30> kTls{443,  465,  563,  587,  614,  636,  853,  989,  990,  992,
                                        993,  994,  995,  2376, 3269, 3389, 4443, 5061, 5223, 5228,
                                        5349, 5671, 5986, 6443, 6514, 6697, 8443, 8883, 9093, 9443};
constexpr std::array<uint16_t, 4> kQuic{80, 443, 853, 8443};
constexpr std::array<uint16_t, 2> kDns{53, 853};
constexpr std::array<uint16_t, 1> kSsh{22};
constexpr std::array<uint16_t, 1> kFtp{21};
constexpr std::array<uint16_t, 4> kSmtp{25, 465, 587, 2525};
constexpr std::array<uint16_t, 1> kPop3{110};
constexpr std::array<uint16_t, 1> kImap{143};
constexpr std::array<uint16_t, 2> kTelnet{23, 2323};
constexpr std::array<uint16_t, 1> kRdp{3389};
constexpr std::array<uint16_t, 2> kSmb{139, 445};
constexpr std::array<uint16_t, 2> kMysql{3306, 33060};
constexpr std::array<uint16_t, 1> kPostgresql{5432};
constexpr std::array<uint16_t, 2> kRedis{6379, 26379};
constexpr std::array<uint16_t, 1> kNtp{123};
constexpr std::array<uint16_t, 3> kSnmp{161, 162, 10161};
constexpr std::array<uint16_t, 2> kKerberos{88, 464};
constexpr std::array<uint16_t, 3> kLdap{389, 3268, 636};
constexpr std::array<uint16_t, 2> kMqtt{1883, 8883};
constexpr std::array<uint16_t, 3> kRtsp{554, 7070, 8554};
constexpr std::array<uint16_t, 1> kModbus{502};
constexpr std::array<uint16_t, 1> kBgp{179};
constexpr std::array<uint16_t, 5> kVnc{5500, 5800, 5900, 5901, 5902};
constexpr std::array<uint16_t, 2> kOpenVpn{1194, 1195};
constexpr std::array<uint16_t, 3> kSip{5060, 5061, 5062};

struct Home {
  std::string_view protocol;
  std::span<const uint16_t> ports;
};
constexpr std::array<Home, 27> kHomes{{
    {"HTTP", kHttp},         {"TLS", kTls},         {"QUIC", kQuic},
    {"DNS", kDns},           {"SSH", kSsh},         {"FTP_CONTROL", kFtp},
    {"SMTP", kSmtp},         {"POP3", kPop3},       {"IMAP", kImap},
    {"Telnet", kTelnet},     {"RDP", kRdp},         {"SMBv1", kSmb},
    {"SMBv23", kSmb},        {"MySQL", kMysql},     {"PostgreSQL", kPostgresql},
    {"Redis", kRedis},       {"NTP", kNtp},         {"SNMP", kSnmp},
    {"Kerberos", kKerberos}, {"LDAP", kLdap},       {"MQTT", kMqtt},
    {"RTSP", kRtsp},         {"Modbus", kModbus},   {"BGP", kBgp},
    {"VNC", kVnc},           {"OpenVPN", kOpenVpn}, {"SIP", kSip},
}};

}  // namespace

bool is_on_strange_port(const RiskFacts& facts) {
  const auto* home = std::ranges::find(kHomes, facts.protocol(), &Home::protocol);
  if (home == kHomes.end()) return false;
  return std::ranges::none_of(home->ports, [&](uint16_t port) {
    return port == facts.server_port || port == facts.client_port;
  });
}

}  // namespace weir
