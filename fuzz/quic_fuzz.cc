// SPDX-License-Identifier: GPL-3.0-or-later
// QUIC. Parsed alone: headers lie within their datagram, and frames put together in any order give
// no more than was sent. As a conversation: memory stays bounded. First byte, bit 1: each datagram
// holds frames, which are sealed into Initial packets first; else it is taken as it is.
#include <cstdint>
#include <string>

#include "dissector_check.h"
#include "dpi/gquic.h"
#include "dpi/quic_crypto_stream.h"
#include "dpi/quic_dissector.h"
#include "dpi/test_quic.h"

namespace {

using namespace weir;        // NOLINT(google-build-using-namespace): a program of one file
using namespace weir::fuzz;  // NOLINT(google-build-using-namespace): a program of one file

void check_header(ByteReader datagram) {
  QuicLongHeader header;
  if (read_quic_long_header(datagram, header)) {
    require(header.size >= 7 && header.size <= datagram.remaining());
    require(header.protected_at <= header.size);
    require(header.destination_id.remaining() <= kMaxConnectionId);
    require(header.source_id.remaining() <= kMaxConnectionId);
    require(!quic_version_name(header.number).empty());
  }
  GquicHello hello;
  ByteReader message;
  if (find_gquic_hello(datagram, message)) static_cast<void>(parse_gquic_hello(message, hello));
  static_cast<void>(parse_gquic_hello(datagram, hello));
  require(hello.server_name.size() <= datagram.remaining());
  require(hello.user_agent.size() <= datagram.remaining());
}

void check_frames(const std::vector<Piece>& pieces, QuicFrames kind) {
  QuicCryptoStream stream(FragmentBuffer::kMax);
  size_t bytes = 0;
  for (const Piece& piece : pieces) {
    stream.take_frames(ByteReader(piece.bytes), kind);
    bytes += piece.bytes.size();
    require(stream.front().remaining() <= bytes);
    uint8_t type = 0;
    for (ByteReader body; stream.next_message(type, body);)
      require(body.remaining() <= FragmentBuffer::kMax);
  }
}

// The fuzzer cannot make packets that open: what it makes is sealed for it.
std::vector<Piece> sealed(std::vector<Piece> pieces, uint32_t number) {
  test_quic::Sealer sealer(number, "original");
  for (Piece& piece : pieces) {
    const std::string frames(piece.bytes.begin(), piece.bytes.end());
    const std::string packet =
        piece.to_server ? sealer.client_initial(frames) : sealer.server_initial(frames);
    piece.bytes.assign(packet.begin(), packet.end());
  }
  return pieces;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ByteReader input(data, size);
  static constexpr uint32_t kVersions[] = {kQuicV1, kQuicV2, 0xff00001d, 0x51303530};
  const uint8_t flags = input.u8(0);
  input.skip(1);
  std::vector<Piece> pieces = pieces_of(input);
  for (const Piece& piece : pieces) check_header(ByteReader(piece.bytes));
  check_frames(pieces, QuicFrames::kIetf);
  check_frames(pieces, QuicFrames::kGoogle);
  if ((flags & 1) != 0) pieces = sealed(std::move(pieces), kVersions[flags >> 1 & 3]);
  std::unique_ptr<QuicDissector> dissector;
  static_cast<void>(hear(pieces, {}, false, Ports(), dissector));
  return 0;
}
