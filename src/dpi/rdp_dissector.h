// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "dpi/dissector.h"
#include "dpi/tls_follower.h"

namespace weir {

// Remote Desktop over TCP: the client's connection request with the name of its user, the server's
// answer, then most often TLS ([MS-RDPBCGR], sections 2.2.1.1 and 2.2.1.2).
class RdpDissector final : public Dissector {
 public:
  [[nodiscard]] static bool may_begin(const Payload& payload);
  [[nodiscard]] static std::unique_ptr<Dissector> create();

  [[nodiscard]] Progress feed(const Payload& payload, Findings& findings) override;
  [[nodiscard]] size_t held_bytes() const override { return tls_.held_bytes(); }

 private:
  enum class State : uint8_t { kRequest, kAnswer, kTls };
  static constexpr size_t kMaxUnit = 512;  // of the two units in the clear

  // Takes bytes off the front up to the end of a unit; true when that is reached.
  [[nodiscard]] bool take_unit(ByteReader& bytes, ByteReader& unit);
  [[nodiscard]] size_t wanted() const;  // bytes of the unit, as far as is known
  [[nodiscard]] Progress take_request(ByteReader unit, Findings& findings);
  [[nodiscard]] Progress take_answer(ByteReader unit, Findings& findings);

  State state_ = State::kRequest;
  std::unique_ptr<std::array<uint8_t, kMaxUnit>> buffer_;  // of a unit that came in pieces
  size_t size_ = 0;
  TlsFollower tls_;
};

// Remote Desktop over UDP ([MS-RDPEUDP]): a connection begins with a SYN of its own. Of what it
// carries the hellos are found, for each begins in a datagram of its own.
class RdpUdpDissector final : public Dissector {
 public:
  [[nodiscard]] static bool may_begin(const Payload& payload);
  [[nodiscard]] static std::unique_ptr<Dissector> create();

  [[nodiscard]] Progress feed(const Payload& payload, Findings& findings) override;
  [[nodiscard]] size_t held_bytes() const override { return tls_.held_bytes(); }

 private:
  static constexpr unsigned kMaxDatagrams = 24;

  TlsFollower tls_;
  unsigned datagrams_ = 0;
  bool is_answered_ = false;
};

}  // namespace weir
