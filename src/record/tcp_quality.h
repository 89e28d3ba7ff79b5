// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>

namespace weir {

// How often packets of TCP flows, sent in one direction, were not what they should have been.
struct TcpQuality {
  uint64_t retransmissions = 0;  // fast and spurious ones included
  uint64_t out_of_order = 0;
  uint64_t lost_segments = 0;  // gaps: something before a packet was not captured
  uint64_t duplicate_acks = 0;
  uint64_t zero_windows = 0;
  uint64_t keep_alives = 0;
  uint64_t resets = 0;

  TcpQuality& operator+=(const TcpQuality& other) {
    retransmissions += other.retransmissions;
    out_of_order += other.out_of_order;
    lost_segments += other.lost_segments;
    duplicate_acks += other.duplicate_acks;
    zero_windows += other.zero_windows;
    keep_alives += other.keep_alives;
    resets += other.resets;
    return *this;
  }
  friend TcpQuality operator+(TcpQuality a, const TcpQuality& b) { return a += b; }
  bool operator==(const TcpQuality&) const = default;
};

// The round trips of a TCP handshake as seen where the packets were captured; zero: not measured.
// Resolution 1,024 ns.
struct TcpRoundTrips {
  std::chrono::nanoseconds initial{};  // from the SYN to the first ACK
  std::chrono::nanoseconds client{};   // of it between here and the client: SYN+ACK to ACK
  std::chrono::nanoseconds server{};   // between here and the server: SYN to SYN+ACK or RST

  bool operator==(const TcpRoundTrips&) const = default;
};

}  // namespace weir
