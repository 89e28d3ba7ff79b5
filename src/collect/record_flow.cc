// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/record_flow.h"

#include <algorithm>
#include <array>

#include "collect/decoded_flow.h"
#include "decode/decode.h"
#include "net/ip_protocol.h"
#include "net/packet_view.h"

namespace weir {
namespace {

// Counters of the elements of one direction; nothing when the record has neither.
bool take_counters(const DataRecord& record, Element packets, Element octets, Traffic& traffic) {
  if (!record.has(packets) && !record.has(octets)) return false;
  traffic = {record.number(packets), record.number(octets)};
  return true;
}

bool take_deltas(const DataRecord& record, ExportVersion version, CollectedFlow& flow) {
  if (record.has(Element::kWireOctets) &&
      take_counters(record, Element::kPackets, Element::kWireOctets, flow.forward)) {
    flow.source_began =
        take_counters(record, Element::kReversePackets, Element::kReverseWireOctets, flow.reverse);
    // Who had it from somebody that counts datagrams says the same twice.
    flow.counts_frames =
        record.number(Element::kWireOctets) != record.number(Element::kOctets) ||
        record.number(Element::kReverseWireOctets) != record.number(Element::kReverseOctets);
    return true;
  }
  // Where the bytes of IP datagrams are not told, those of their frames are.
  flow.counts_frames =
      record.has_addresses() && record.has(Element::kFrameOctets) && !record.has(Element::kOctets);
  const Element octets = flow.counts_frames ? Element::kFrameOctets : Element::kOctets;
  if (take_counters(record, Element::kPackets, octets, flow.forward)) {
    if (take_counters(record, Element::kReversePackets, Element::kReverseOctets, flow.reverse)) {
      flow.source_began = true;
    } else if (version == ExportVersion::kNetflow9 || version == ExportVersion::kNtop) {
      // IN and OUT in one record: there and back.
      (void)take_counters(record, Element::kPacketsOut, Element::kOctetsOut, flow.reverse);
    }
    return true;
  }
  if (take_counters(record, Element::kInitiatorPackets, Element::kInitiatorOctets, flow.forward)) {
    (void)take_counters(record, Element::kResponderPackets, Element::kResponderOctets,
                        flow.reverse);
    flow.source_began = true;
    return true;
  }
  return take_counters(record, Element::kPacketsOut, Element::kOctetsOut, flow.forward);
}

bool take_totals(const DataRecord& record, CollectedFlow& flow) {
  if (!take_counters(record, Element::kPacketsTotal, Element::kOctetsTotal, flow.forward))
    return false;
  flow.source_began = take_counters(record, Element::kReversePacketsTotal,
                                    Element::kReverseOctetsTotal, flow.reverse);
  return true;
}

void push_vlan(uint64_t id, VlanTags& vlan) {
  if (id > 0 && id < 4095) vlan.push(static_cast<uint16_t>(id));
}

// 23456 stands for a number that does not fit in 16 bits (RFC 6793).
uint32_t as_number(uint64_t number) {
  constexpr uint64_t kAsTrans = 23456;
  return number == kAsTrans || number > UINT32_MAX ? 0 : static_cast<uint32_t>(number);
}

void take_ends(const DataRecord& record, CollectedFlow& flow) {
  flow.source = record.source;
  flow.destination = record.destination;
  flow.protocol = static_cast<uint8_t>(record.number(Element::kProtocol));
  if (has_ports(flow.protocol)) {
    flow.source_port = static_cast<uint16_t>(record.number(Element::kSourcePort));
    flow.destination_port = static_cast<uint16_t>(record.number(Element::kDestinationPort));
  }
  if (flow.protocol == kProtocolTcp) {
    flow.tcp_flags = static_cast<uint8_t>(record.number(Element::kTcpFlags));
    flow.reverse_tcp_flags = static_cast<uint8_t>(record.number(Element::kReverseTcpFlags));
  }
}

// The length of the datagram by its IP header; 0 when there is none (reads beyond the end are 0).
uint64_t datagram_bytes(const DecodedPacket& packet) {
  const ByteReader header(packet.network, packet.network_length);
  constexpr uint64_t kIpv6Header = 40;
  if (!packet.has_ip) return 0;
  return packet.is_v6 ? header.u16(4) + kIpv6Header : header.u16(2);
}

// RFC 5102: 1 idle, 2 active timeout, 3 end seen, 4 ended by force, 5 for want of room.
EndReason end_reason_of(const DataRecord& record) {
  constexpr std::array kReasons{EndReason::kActive, EndReason::kIdle, EndReason::kActive,
                                EndReason::kClosed, EndReason::kEnd,  EndReason::kEvicted};
  const uint64_t told = record.number(Element::kFlowEndReason);
  return told < kReasons.size() ? kReasons[told] : EndReason::kActive;
}

}  // namespace

bool has_ports(uint8_t protocol) {
  return protocol == kProtocolTcp || protocol == kProtocolUdp || protocol == kProtocolSctp ||
         protocol == kProtocolUdpLite || protocol == kProtocolDccp;
}

bool is_without_ip(const DataRecord& record) {
  constexpr uint64_t kIpv4 = 0x0800;
  constexpr uint64_t kIpv6 = 0x86dd;
  const uint64_t ethertype = record.number(Element::kEthertype);
  return !record.has_addresses() && ethertype != 0 && ethertype != kIpv4 && ethertype != kIpv6;
}

CounterKind to_flow(const DataRecord& record, ExportVersion version, CollectedFlow& flow) {
  flow.has_ip = record.has_addresses();
  flow.ethertype = static_cast<uint16_t>(record.number(Element::kEthertype));
  if (flow.has_ip) take_ends(record, flow);
  push_vlan(record.number(Element::kVlan), flow.vlan);
  push_vlan(record.number(Element::kCustomerVlan), flow.vlan);
  if (record.has(Element::kSourceMac)) flow.source_mac = record.source_mac;
  if (record.has(Element::kDestinationMac)) flow.destination_mac = record.destination_mac;
  flow.source_as = as_number(record.number(Element::kSourceAs));
  flow.destination_as = as_number(record.number(Element::kDestinationAs));
  flow.origin.input = static_cast<uint32_t>(record.number(Element::kInput));
  flow.origin.output = static_cast<uint32_t>(record.number(Element::kOutput));
  flow.end_reason = end_reason_of(record);
  if (take_deltas(record, version, flow)) return CounterKind::kDelta;
  return take_totals(record, flow) ? CounterKind::kTotal : CounterKind::kNone;
}

bool to_packet(const DataRecord& record, CollectedFlow& flow) {
  const bool is_link = record.has(Element::kLinkSection);
  if (!is_link && !record.has(Element::kIpSection)) return false;
  const auto section = is_link ? record.link_section : record.ip_section;
  PacketView view;
  view.data = section.data();
  view.captured_length = static_cast<uint32_t>(section.size());
  view.wire_length = view.captured_length;
  view.link_type = is_link ? LinkType::kEthernet : LinkType::kRaw;
  DecodedPacket decoded;
  decode(view, decoded);
  // A frame without IP is traffic, too; a cut IP header is nothing.
  if (!decoded.has_ip && (!is_link || decoded.error != DecodeError::kNone)) return false;
  take_decoded(decoded, flow);
  flow.forward = {
      1, record.has(Element::kOctets) ? record.number(Element::kOctets) : datagram_bytes(decoded)};
  return true;
}

}  // namespace weir
