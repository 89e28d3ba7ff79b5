// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/dissector_kinds.h"

#include "dpi/dhcp_dissector.h"
#include "dpi/dns_dissector.h"
#include "dpi/http1_dissector.h"
#include "dpi/http2_dissector.h"
#include "dpi/ntp_dissector.h"
#include "dpi/rtp_dissector.h"
#include "dpi/snmp_dissector.h"
#include "dpi/stun_dissector.h"
#include "dpi/tls_dissector.h"

namespace weir {
namespace {

constexpr DissectorKind kKinds[] = {
    {"TLS", TlsDissector::may_begin, TlsDissector::create},
    {"HTTP2", Http2Dissector::may_begin, Http2Dissector::create},
    {"HTTP", Http1Dissector::may_begin, Http1Dissector::create},
    {"DNS", DnsDissector::may_begin, DnsDissector::create},
    {"DHCP", DhcpDissector::may_begin, DhcpDissector::create},
    {"NTP", NtpDissector::may_begin, NtpDissector::create},
    {"SNMP", SnmpDissector::may_begin, SnmpDissector::create},
    {"STUN", StunDissector::may_begin, StunDissector::create},
    {"RTP", RtpDissector::may_begin, RtpDissector::create},
};

}  // namespace

std::span<const DissectorKind> dissector_kinds() {
  return kKinds;
}

}  // namespace weir
