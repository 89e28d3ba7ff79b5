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

namespace {

using namespace weir;        // NOLINT(google-build-using-namespace): a program of one file
using namespace weir::fuzz;  // NOLINT(google-build-using-namespace): a program of one file

using Splits = std::vector<uint8_t>;

template <typename D>
void check_stream(const std::vector<Piece>& pieces, const Splits& splits) {
  std::unique_ptr<D> dissector;
  const Outcome whole = hear(pieces, {}, true, {}, dissector);
  Outcome split = hear(pieces, splits, true, {}, dissector);
  // What STARTTLS promised and is no TLS may be given up with an earlier or a later packet.
  split.progress = whole.progress;
  require(whole == split);
}

template <typename D>
void check_datagrams(const std::vector<Piece>& pieces, const Splits&) {
  std::unique_ptr<D> dissector;
  static_cast<void>(hear(pieces, {}, false, {546, 547}, dissector));
}

constexpr void (*kChecks[])(const std::vector<Piece>&, const Splits&) = {
    check_stream<SmtpDissector>,    check_stream<FtpDissector>,     check_stream<Pop3Dissector>,
    check_stream<ImapDissector>,    check_stream<IrcDissector>,     check_stream<SipDissector>,
    check_stream<RtspDissector>,    check_stream<SshDissector>,     check_datagrams<SipDissector>,
    check_datagrams<SsdpDissector>, check_datagrams<RtpDissector>,  check_datagrams<DhcpDissector>,
    check_datagrams<NtpDissector>,  check_datagrams<SnmpDissector>, check_datagrams<StunDissector>,
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ByteReader input(data, size);
  const size_t which = input.u8(0) % std::size(kChecks);
  const Splits splits{input.u8(1), static_cast<uint8_t>(input.u8(1) / 7)};
  input.skip(2);
  const std::vector<Piece> pieces = pieces_of(input);
  kChecks[which](pieces, splits);
  return 0;
}
