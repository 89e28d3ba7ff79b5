// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "dpi/dissector.h"
#include "dpi/quic_crypto_stream.h"
#include "dpi/quic_header.h"
#include "dpi/quic_keys.h"
#include "dpi/tls_handshake.h"

namespace weir {

// QUIC: version 1 and 2, drafts, mvfst, and Google's Q024 to T051. Opens the Initial packets of
// both sides until both hellos were seen, at most kMaxDatagrams of them and kMaxKeys keys.
class QuicDissector final : public Dissector {
 public:
  [[nodiscard]] static bool may_begin(const Payload& payload);
  [[nodiscard]] static std::unique_ptr<Dissector> create();

  [[nodiscard]] Progress feed(const Payload& payload, Findings& findings) override;
  [[nodiscard]] size_t held_bytes() const override {
    return client_.stream.allocated() + server_.stream.allocated();
  }

 private:
  static constexpr unsigned kMaxDatagrams = 16;
  static constexpr unsigned kMaxKeys = 8;
  static constexpr unsigned kCertainHeaders = 2;  // without one that could be opened
  static constexpr size_t kClientCrypto = FragmentBuffer::kMax;
  static constexpr size_t kServerCrypto = FragmentBuffer::kSmall;

  // A connection id of the wire, kept.
  struct ConnectionId {
    void set(ByteReader id);
    [[nodiscard]] bool is(ByteReader id) const;
    [[nodiscard]] ByteReader reader() const { return {bytes.data(), size}; }

    std::array<uint8_t, kMaxConnectionId> bytes{};
    uint8_t size = 0;
  };
  struct Side {
    explicit Side(size_t limit) : stream(limit) {}

    QuicKeys keys;
    bool has_keys = false;
    QuicCryptoStream stream;
  };

  void take_datagram(const Payload& payload, Findings& findings);
  [[nodiscard]] bool take_google(ByteReader datagram, Findings& findings);
  void take_packet(ByteReader packet, const QuicLongHeader& header, const Payload& payload,
                   Findings& findings);
  void take_initial(ByteReader packet, const QuicLongHeader& header, const Payload& payload,
                    Findings& findings);
  [[nodiscard]] ByteReader open(ByteReader packet, const QuicLongHeader& header, bool is_client);
  [[nodiscard]] ByteReader open_as_first(ByteReader packet, const QuicLongHeader& header,
                                         const QuicVersion& version);
  [[nodiscard]] bool make_keys(const QuicVersion& version, ByteReader id, QuicSide side);
  void take_messages(Side& side, const Payload& payload, Findings& findings);
  void take_google_hello(ByteReader message, Findings& findings);
  void forget_keys();
  [[nodiscard]] bool is_complete() const;

  Side client_{kClientCrypto};
  Side server_{kServerCrypto};
  TlsHandshake handshake_{TlsTransport::kQuic};
  QuicVersion version_;    // of the keys
  ConnectionId first_id_;  // the destination id that they are made of
  unsigned datagrams_ = 0;
  unsigned headers_ = 0;
  unsigned keys_made_ = 0;
  bool is_certain_ = false;
  bool is_swapped_ = false;  // the client is who was taken for the server
  bool has_google_hello_ = false;
};

}  // namespace weir
