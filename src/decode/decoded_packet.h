// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "net/ip_address.h"
#include "net/mac_address.h"
#include "net/tunnel.h"
#include "net/vlan_tags.h"

namespace weir {

// Why a packet could not be read to its end. It is counted in all totals whatever this says.
enum class DecodeError : uint8_t {
  kNone,
  kTruncated,   // the capture or the datagram ends inside a header
  kBadLength,   // a length field contradicts itself (IPv4 header length 3, total length below the
                // header)
  kBadVersion,  // an IP header of version neither 4 nor 6 where one was announced
  kUnknownLinkType,  // the capture's link type is none that weir reads
  kTooDeep,          // more headers or tunnels than weir follows
  kEncrypted,        // a protected 802.11 frame
  kCount
};
// "truncated", "bad_length" ...; "" for kNone. The names in `not_decoded` and in the schema.
[[nodiscard]] std::string_view decode_error_name(DecodeError error);

// What decode() learnt of one packet. `source` and `destination` are those of the packet; who is
// client is the engine's matter.
struct DecodedPacket {
  IpAddress source;  // of the innermost IP header; meaningful when has_ip
  IpAddress destination;
  uint16_t source_port = 0;  // TCP, UDP, UDP-Lite, SCTP, DCCP; 0 elsewhere and in later fragments
  uint16_t destination_port = 0;
  uint8_t protocol = 0;  // IANA number after all IPv6 extension headers
  bool has_ip = false;   // an innermost IP header was read: the packet belongs to a flow
  bool is_v6 = false;
  DecodeError error = DecodeError::kNone;  // may be set beside has_ip: the flow is known, something
                                           // in or after it is not

  uint16_t ethertype =
      0;  // of the frame's payload after VLAN tags, outermost; for LLC without SNAP the length
          // field is replaced by kEthertypeLlc; 0 where the link type has none
  VlanTags vlan;  // the tags in the order met, without priority tags (id 0); those inside a tunnel
                  // only when has_ip is of a header inside it
  TunnelStack tunnels;    // around the innermost IP header; none without has_ip
  MacAddress source_mac;  // of the outermost frame, where there is one
  MacAddress destination_mac;

  bool is_fragment = false;  // IPv4 or IPv6 fragment, first or later
  bool is_later_fragment =
      false;  // offset > 0: ports are 0, the engine knows them from the first fragment
  uint32_t fragment_id = 0;

  uint8_t tcp_flags = 0;  // FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128
  uint16_t tcp_window = 0;
  uint32_t tcp_sequence = 0;
  uint32_t tcp_acknowledgement = 0;

  uint8_t icmp_type = 0;
  uint8_t icmp_code = 0;

  const uint8_t* network = nullptr;  // the innermost IP header; null without has_ip
  uint32_t network_length = 0;       // captured bytes of its datagram, padding left out
  const uint8_t* payload =
      nullptr;  // after the transport header, inside the captured bytes; null when there is none
  uint32_t payload_length = 0;  // captured bytes at `payload`
  uint32_t payload_wire_length =
      0;  // as the IP and UDP lengths say, which may be more than was captured
};

inline constexpr uint16_t kEthertypeLlc =
    0x0001;  // not an ethertype: an 802.3 frame with LLC but no SNAP (STP, NetBEUI ...)

enum TcpFlag : uint8_t {
  kTcpFin = 1,
  kTcpSyn = 2,
  kTcpRst = 4,
  kTcpPsh = 8,
  kTcpAck = 16,
  kTcpUrg = 32,
  kTcpEce = 64,
  kTcpCwr = 128
};

}  // namespace weir
