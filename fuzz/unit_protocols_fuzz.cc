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

using Splits = std::vector<uint8_t>;

template <typename D>
void check_stream(const std::vector<Piece>& pieces, const Splits& splits) {
  std::unique_ptr<D> dissector;
  const Outcome whole = hear(pieces, {}, true, {}, dissector);
  require(whole == hear(pieces, splits, true, {}, dissector));
}

template <typename D>
void check_datagrams(const std::vector<Piece>& pieces, const Splits&) {
  std::unique_ptr<D> dissector;
  static_cast<void>(hear(pieces, {}, false, {}, dissector));
}

constexpr void (*kChecks[])(const std::vector<Piece>&, const Splits&) = {
    check_stream<SmbDissector>,         check_stream<KerberosDissector>,
    check_stream<MqttDissector>,        check_stream<ModbusDissector>,
    check_stream<Dnp3Dissector>,        check_stream<Iec104Dissector>,
    check_stream<BittorrentDissector>,  check_datagrams<BittorrentUdpDissector>,
    check_datagrams<KerberosDissector>, check_datagrams<Dnp3Dissector>,
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
