// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "dpi/dissector.h"
#include "dpi/tls_follower.h"

namespace weir {

// OpenVPN over UDP and TCP from its first packets on, and the TLS in its control channel where
// --tls-crypt does not hide it. --tls-auth is understood: the size of its MAC shows in the first
// packet. Source: OpenVPN's doc/doxygen/doc_protocol_overview.h.
class OpenvpnDissector final : public Dissector {
 public:
  [[nodiscard]] static bool may_begin(const Payload& payload);
  [[nodiscard]] static std::unique_ptr<Dissector> create();

  [[nodiscard]] Progress feed(const Payload& payload, Findings& findings) override;
  [[nodiscard]] size_t held_bytes() const override;

 private:
  static constexpr unsigned kMaxPackets = 200;
  static constexpr size_t kMaxPacket = 1536;  // of a stream's packets that are kept

  struct Side {
    uint32_t next_message = 1;  // 0 is that of the reset
    uint64_t session = 0;
    // Of TCP: the packet that is being read, with its length before it.
    std::unique_ptr<std::array<uint8_t, kMaxPacket>> packet;
    size_t size = 0;
    size_t left = 0;  // of a packet too long to be kept
  };

  [[nodiscard]] Progress take_stream(Side& side, const Payload& payload, Findings& findings);
  [[nodiscard]] Progress take_packet(Side& side, ByteReader packet, const Payload& payload,
                                     Findings& findings);
  [[nodiscard]] Progress take_control(Side& side, ByteReader packet, bool has_message,
                                      const Payload& payload, Findings& findings);
  [[nodiscard]] Progress take_tls(Side& side, uint32_t message, ByteReader bytes, Payload payload,
                                  Findings& findings);

  std::array<Side, 2> sides_;  // the client's, the server's
  TlsFollower tls_{9 * 1024};
  size_t authentication_size_ = 0;
  unsigned packets_ = 0;
  bool is_begun_ = false;
  bool is_certain_ = false;
};

}  // namespace weir
