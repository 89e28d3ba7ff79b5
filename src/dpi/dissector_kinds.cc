// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/dissector_kinds.h"

#include "dpi/bittorrent_dissector.h"
#include "dpi/dhcp_dissector.h"
#include "dpi/dnp3_dissector.h"
#include "dpi/dns_dissector.h"
#include "dpi/dtls_dissector.h"
#include "dpi/ftp_dissector.h"
#include "dpi/http1_dissector.h"
#include "dpi/http2_dissector.h"
#include "dpi/iec104_dissector.h"
#include "dpi/imap_dissector.h"
#include "dpi/irc_dissector.h"
#include "dpi/kerberos_dissector.h"
#include "dpi/memcached_dissector.h"
#include "dpi/modbus_dissector.h"
#include "dpi/mqtt_dissector.h"
#include "dpi/mysql_dissector.h"
#include "dpi/ntp_dissector.h"
#include "dpi/openvpn_dissector.h"
#include "dpi/pop3_dissector.h"
#include "dpi/postgresql_dissector.h"
#include "dpi/quic_dissector.h"
#include "dpi/rdp_dissector.h"
#include "dpi/redis_dissector.h"
#include "dpi/rtp_dissector.h"
#include "dpi/rtsp_dissector.h"
#include "dpi/sip_dissector.h"
#include "dpi/smb_dissector.h"
#include "dpi/smtp_dissector.h"
#include "dpi/snmp_dissector.h"
#include "dpi/ssdp_dissector.h"
#include "dpi/ssh_dissector.h"
#include "dpi/stun_dissector.h"
#include "dpi/telnet_dissector.h"
#include "dpi/tls_dissector.h"

namespace weir {
namespace {

constexpr DissectorKind kKinds[] = {
    {"TLS", TlsDissector::may_begin, TlsDissector::create},
    {"QUIC", QuicDissector::may_begin, QuicDissector::create},
    {"DTLS", DtlsDissector::may_begin, DtlsDissector::create},
    {"OpenVPN", OpenvpnDissector::may_begin, OpenvpnDissector::create},
    {"RDP", RdpDissector::may_begin, RdpDissector::create},
    {"RDP", RdpUdpDissector::may_begin, RdpUdpDissector::create},
    {"HTTP2", Http2Dissector::may_begin, Http2Dissector::create},
    {"HTTP", Http1Dissector::may_begin, Http1Dissector::create},
    {"DNS", DnsDissector::may_begin, DnsDissector::create},
    {"SSH", SshDissector::may_begin, SshDissector::create},
    {"MySQL", MysqlDissector::may_begin, MysqlDissector::create},
    {"PostgreSQL", PostgresqlDissector::may_begin, PostgresqlDissector::create},
    {"Redis", RedisDissector::may_begin, RedisDissector::create},
    {"DHCP", DhcpDissector::may_begin, DhcpDissector::create},
    {"NTP", NtpDissector::may_begin, NtpDissector::create},
    {"SNMP", SnmpDissector::may_begin, SnmpDissector::create},
    {"SSDP", SsdpDissector::may_begin, SsdpDissector::create},
    {"SIP", SipDissector::may_begin, SipDissector::create},
    {"RTSP", RtspDissector::may_begin, RtspDissector::create},
    {"FTP_CONTROL", FtpDissector::may_begin, FtpDissector::create},
    {"SMTP", SmtpDissector::may_begin, SmtpDissector::create},
    {"POP3", Pop3Dissector::may_begin, Pop3Dissector::create},
    {"IMAP", ImapDissector::may_begin, ImapDissector::create},
    {"IRC", IrcDissector::may_begin, IrcDissector::create},
    {"Modbus", ModbusDissector::may_begin, ModbusDissector::create},
    {"DNP3", Dnp3Dissector::may_begin, Dnp3Dissector::create},
    {"IEC60870", Iec104Dissector::may_begin, Iec104Dissector::create},
    {"MQTT", MqttDissector::may_begin, MqttDissector::create},
    {"Kerberos", KerberosDissector::may_begin, KerberosDissector::create},
    {"SMBv23", SmbDissector::may_begin, SmbDissector::create},
    {"BitTorrent", BittorrentDissector::may_begin, BittorrentDissector::create},
    {"BitTorrent", BittorrentUdpDissector::may_begin, BittorrentUdpDissector::create},
    {"Memcached", MemcachedDissector::may_begin, MemcachedDissector::create},
    {"Telnet", TelnetDissector::may_begin, TelnetDissector::create},
    {"STUN", StunDissector::may_begin, StunDissector::create},
    {"RTP", RtpDissector::may_begin, RtpDissector::create},
};

}  // namespace

std::span<const DissectorKind> dissector_kinds() {
  return kKinds;
}

}  // namespace weir
