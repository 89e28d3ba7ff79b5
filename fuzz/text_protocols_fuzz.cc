// SPDX-License-Identifier: GPL-3.0-or-later
// A conversation in any of the other protocols that weir reads names from: memory stays bounded,
// and those over TCP find the same wherever packets split them. First byte: which one. Second: how
// it is split.
#include <cstdint>

#include "dissector_check.h"
#include "dpi/dhcp_dissector.h"
#include "dpi/ftp_dissector.h"
#include "dpi/imap_dissector.h"
#include "dpi/irc_dissector.h"
#include "dpi/ntp_dissector.h"
#include "dpi/pop3_dissector.h"
#include "dpi/rtp_dissector.h"
#include "dpi/rtsp_dissector.h"
#include "dpi/sip_dissector.h"
#include "dpi/smtp_dissector.h"
#include "dpi/snmp_dissector.h"
#include "dpi/ssdp_dissector.h"
#include "dpi/ssh_dissector.h"
#include "dpi/stun_dissector.h"
#include "dpi/telnet_dissector.h"

namespace {

using namespace weir;        // NOLINT(google-build-using-namespace): a program of one file
using namespace weir::fuzz;  // NOLINT(google-build-using-namespace): a program of one file

template <typename D>
void check_lines(const std::vector<Piece>& pieces, const Splits& splits) {
  std::unique_ptr<D> dissector;
  const Outcome whole = hear(pieces, {}, true, {}, dissector);
  Outcome split = hear(pieces, splits, true, {}, dissector);
  // What STARTTLS promised and is no TLS may be given up with an earlier or a later packet.
  split.progress = whole.progress;
  require(whole == split);
}

// What its first packet alone decides.
template <typename D>
void check_first(const std::vector<Piece>& pieces, const Splits&) {
  std::unique_ptr<D> dissector;
  static_cast<void>(hear(pieces, {}, true, {}, dissector));
}

constexpr Ports kDhcp6Ports{546, 547};
constexpr Check kChecks[] = {
    check_lines<SmtpDissector>,     check_lines<FtpDissector>,
    check_lines<Pop3Dissector>,     check_lines<ImapDissector>,
    check_lines<IrcDissector>,      check_lines<SipDissector>,
    check_lines<RtspDissector>,     check_lines<SshDissector>,
    check_datagrams<SipDissector>,  check_datagrams<SsdpDissector>,
    check_datagrams<RtpDissector>,  check_datagrams<DhcpDissector, kDhcp6Ports>,
    check_datagrams<NtpDissector>,  check_datagrams<SnmpDissector>,
    check_datagrams<StunDissector>, check_datagrams<DhcpDissector>,
    check_first<TelnetDissector>,
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  check_input(kChecks, ByteReader(data, size));
  return 0;
}
