// SPDX-License-Identifier: GPL-3.0-or-later
// A conversation in a protocol of units with lengths, or of BitTorrent: memory stays bounded, and
// over TCP the same is found wherever packets split it. First byte: which one. Second: how it is
// split.
#include <cstdint>

#include "dissector_check.h"
#include "dpi/bittorrent_dissector.h"
#include "dpi/dnp3_dissector.h"
#include "dpi/iec104_dissector.h"
#include "dpi/kerberos_dissector.h"
#include "dpi/modbus_dissector.h"
#include "dpi/mqtt_dissector.h"
#include "dpi/smb_dissector.h"

namespace {

using namespace weir;        // NOLINT(google-build-using-namespace): a program of one file
using namespace weir::fuzz;  // NOLINT(google-build-using-namespace): a program of one file

constexpr Check kChecks[] = {
    check_stream<SmbDissector>,         check_stream<KerberosDissector>,
    check_stream<MqttDissector>,        check_stream<ModbusDissector>,
    check_stream<Dnp3Dissector>,        check_stream<Iec104Dissector>,
    check_stream<BittorrentDissector>,  check_datagrams<BittorrentUdpDissector>,
    check_datagrams<KerberosDissector>, check_datagrams<Dnp3Dissector>,
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  check_input(kChecks, ByteReader(data, size));
  return 0;
}
