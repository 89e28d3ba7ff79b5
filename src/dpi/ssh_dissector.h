// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "dpi/dissector.h"
#include "dpi/line_reader.h"

namespace weir {

// Follows an SSH connection to the key exchange that both sides offer in clear text: the banners
// and their fingerprints HASSH and HASSH server. A KEXINIT of more than kMaxPacketBytes is left
// out. Done when both sides have sent theirs, or nothing more can be learnt.
// Source: RFC 4253, 4.2, 6 and 7.1; HASSH: MD5 of "key exchange;encryption;MAC;compression" of the
// sender's direction.
class SshDissector : public Dissector {
 public:
  static constexpr size_t kMaxPacketBytes = 4096;
  static constexpr size_t kMaxBannerBytes = 255;  // RFC 4253, 4.2
  static constexpr uint8_t kMaxLinesBefore = 16;  // a server's, before its banner

  static bool may_begin(const Payload& payload);
  static std::unique_ptr<Dissector> create();

  Progress feed(const Payload& payload, Findings& findings) override;
  [[nodiscard]] size_t held_bytes() const override;

 private:
  enum class State : uint8_t { kBanner, kPacketLength, kPacket, kOver };
  struct Side {
    State state = State::kBanner;
    LineReader lines{kMaxBannerBytes};
    uint8_t lines_before = 0;
    std::vector<uint8_t> packet;  // its length first, then what follows the length
    size_t wanted = 0;            // bytes that make the next step possible
  };

  void take(Side& side, const Payload& payload, Findings& findings);
  void take_banner(Side& side, ByteReader& bytes, bool to_server, Findings& findings);
  static void take_packet(Side& side, ByteReader& bytes, bool to_server, Findings& findings);

  Side sides_[2];  // by Payload::to_server
};

}  // namespace weir
