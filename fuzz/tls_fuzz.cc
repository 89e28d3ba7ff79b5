// SPDX-License-Identifier: GPL-3.0-or-later
// TLS over TCP, DTLS, and what carries TLS (OpenVPN, RDP). Parsed alone: what hellos and
// certificates tell lies within them and is bounded. As a conversation: memory stays bounded, and
// over TCP it is the same wherever packets split it, unless bytes are missing. First byte: the
// dissector. Second: how the stream is split.
#include <algorithm>
#include <cstdint>
#include <string>

#include "dissector_check.h"
#include "dpi/dtls_dissector.h"
#include "dpi/ja3.h"
#include "dpi/ja4.h"
#include "dpi/openvpn_dissector.h"
#include "dpi/rdp_dissector.h"
#include "dpi/tls_certificate.h"
#include "dpi/tls_dissector.h"

namespace {

using namespace weir;        // NOLINT(google-build-using-namespace): a program of one file
using namespace weir::fuzz;  // NOLINT(google-build-using-namespace): a program of one file

void check_client_hello(ByteReader body, bool is_dtls) {
  TlsClientHello hello;
  const bool is_whole = parse_client_hello(body, is_dtls, hello);
  require(hello.server_name.size() <= body.remaining());
  require(hello.cipher_suites.size() <= body.remaining() / 2);
  require(hello.has_server_name || hello.server_name.empty());
  require(!is_whole || !hello.cipher_suites.empty());
  const std::string text = ja4(hello, TlsTransport::kQuic);
  require(text.empty() || text.size() == 36);
  require(ja3(hello).size() == 32);
  ByteReader list = hello.alpn;
  for (std::string_view name; next_alpn(list, name);) require(name.size() <= 255);
}

void check_server_hello(ByteReader body) {
  TlsServerHello hello;
  static_cast<void>(parse_server_hello(body, hello));
  require(hello.alpn.size() <= body.remaining());
  require(ja3s(hello).size() == 32);
  const std::string text = ja4s(hello, TlsTransport::kTcp);
  require(text.empty() || text.size() == 25);
}

void check_certificate(ByteReader der) {
  CertificateFacts facts;
  static_cast<void>(parse_certificate(der, facts));
  size_t bytes = 0;
  for (const std::string& name : facts.names) bytes += name.size();
  require(facts.names.size() <= CertificateFacts::kMaxNames);
  require(bytes <= std::min(CertificateFacts::kMaxNamesBytes, der.remaining()));
  require(facts.subject.size() <= 2048 && facts.issuer.size() <= 2048);
}

template <typename D>
void check(const std::vector<Piece>& pieces, const std::vector<uint8_t>& splits, bool is_tcp) {
  std::unique_ptr<D> dissector;
  const Outcome whole = hear(pieces, {}, is_tcp, Ports(), dissector);
  const bool has_gap = std::ranges::any_of(pieces, &Piece::has_gap);
  if (is_tcp && !has_gap) require(whole == hear(pieces, splits, is_tcp, Ports(), dissector));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ByteReader input(data, size);
  const uint8_t kind = input.u8(0) % 6;
  const std::vector<uint8_t> splits{input.u8(1), static_cast<uint8_t>(input.u8(1) / 7)};
  input.skip(2);
  const std::vector<Piece> pieces = pieces_of(input);
  for (const Piece& piece : pieces) {
    const ByteReader bytes(piece.bytes);
    check_client_hello(bytes, kind % 2 == 0);
    check_server_hello(bytes);
    check_certificate(bytes);
  }
  if (kind == 0) check<TlsDissector>(pieces, splits, true);
  if (kind == 1) check<DtlsDissector>(pieces, splits, false);
  if (kind == 2) check<OpenvpnDissector>(pieces, splits, false);
  if (kind == 3) check<OpenvpnDissector>(pieces, splits, true);
  if (kind == 4) check<RdpDissector>(pieces, splits, true);
  if (kind == 5) check<RdpUdpDissector>(pieces, splits, false);
  return 0;
}
