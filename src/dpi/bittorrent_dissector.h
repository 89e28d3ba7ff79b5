// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "dpi/dissector.h"

namespace weir {

// BitTorrent between peers (BEP 3): the hash of what is exchanged and the programs of both sides,
// out of the handshakes.
class BittorrentDissector final : public Dissector {
 public:
  [[nodiscard]] static bool may_begin(const Payload& payload);
  [[nodiscard]] static std::unique_ptr<Dissector> create();

  [[nodiscard]] Progress feed(const Payload& payload, Findings& findings) override;

 private:
  static constexpr size_t kHandshake = 68;
  struct Side {
    std::array<uint8_t, kHandshake> bytes{};
    size_t size = 0;
    size_t behind = 0;  // bytes seen behind the handshake
  };

  Side sides_[2];  // by Payload::to_server
};

// The datagrams of BitTorrent: its distributed table (BEP 5), local discovery (BEP 14) and
// handshakes within uTP (BEP 29). The hashes that are asked for, kMaxHashes of them.
class BittorrentUdpDissector final : public Dissector {
 public:
  static constexpr unsigned kMaxHashes = 4;
  static constexpr unsigned kMaxDatagrams = 24;

  [[nodiscard]] static bool may_begin(const Payload& payload);
  [[nodiscard]] static std::unique_ptr<Dissector> create();

  [[nodiscard]] Progress feed(const Payload& payload, Findings& findings) override;

 private:
  unsigned hashes_ = 0;
  unsigned datagrams_ = 0;
};

}  // namespace weir
