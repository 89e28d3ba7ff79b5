// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>

namespace weir {

// How a message is to be read. The value is what stands in its header, but sFlow's and ntop's.
enum class ExportVersion : uint8_t {
  kSflow5 = 0,
  kNetflow1 = 1,
  kNtop = 2,    // ntop's JSON and TLV over ZeroMQ; there was no such NetFlow
  kSyslog = 3,  // the same
  kNetflow5 = 5,
  kNetflow7 = 7,
  kNetflow9 = 9,
  kIpfix = 10,
};

// What weir makes of a field of a template: IANA's information elements (RFC 7012), NetFlow 9's
// field types (RFC 3954) and its scopes. Several of those may mean one of these. Numbers first.
enum class Element : uint8_t {
  kOther,   // of no meaning to weir; kept by number
  kOctets,  // since the last report (delta)
  kPackets,
  kOctetsOut,  // NetFlow 9: of the other direction when the record has kOctets too; IPFIX: after
               // the exporter changed the packets
  kPacketsOut,
  kOctetsTotal,  // since the flow began
  kPacketsTotal,
  kReverseOctets,
  kReversePackets,
  kReverseOctetsTotal,
  kReversePacketsTotal,
  kInitiatorOctets,
  kResponderOctets,
  kInitiatorPackets,
  kResponderPackets,
  kFrameOctets,  // with the link layer's headers
  kWireOctets,   // weir's own (record/weir_fields.h): its bytes, which go before all others
  kReverseWireOctets,
  kProtocol,
  kTcpFlags,
  kReverseTcpFlags,
  kSourcePort,
  kDestinationPort,
  kInput,
  kOutput,
  kSourceAs,
  kDestinationAs,
  kVlan,
  kCustomerVlan,
  kDirection,
  kSamplerId,
  kSamplingInterval,
  kSamplingPacketInterval,  // packets that are taken in a row
  kSamplingPacketSpace,     // and passed over after them
  kSamplingSize,            // packets that are taken
  kSamplingPopulation,      // out of so many
  kFirstUptime,             // milliseconds of the exporter's uptime
  kLastUptime,
  kFirstSeconds,
  kLastSeconds,
  kFirstMilliseconds,
  kLastMilliseconds,
  kFirstMicroseconds,  // NTP's format (RFC 7011, 6.1.9), as the next
  kLastMicroseconds,
  kFirstNanoseconds,
  kLastNanoseconds,
  kFirstBefore,  // microseconds before the export
  kLastBefore,
  kEventMilliseconds,
  kDuration,    // milliseconds
  kSystemInit,  // when the exporter was started: milliseconds since 1970
  kFirewallEvent,
  kFlowEndReason,
  kEthertype,
  kScopeInterface,  // NetFlow 9's scope "interface"
  kNumbers,         // how many of them are numbers
  kSourceV4 = kNumbers,
  kDestinationV4,
  kSourceV6,
  kDestinationV6,
  kSourceMac,
  kDestinationMac,
  kInterfaceName,
  kInterfaceDescription,
  kIpSection,    // the beginning of a packet, from its IP header (RFC 5477)
  kLinkSection,  // from its Ethernet header
  kApplicationName,
  kPath,           // weir's own: the instances that passed the flow on
  kFirstExporter,  // and who told of it first
  kCount
};
inline constexpr size_t kElements = static_cast<size_t>(Element::kCount);
inline constexpr size_t kNumberElements = static_cast<size_t>(Element::kNumbers);

// Some of them. A plain value.
class ElementSet {
 public:
  [[nodiscard]] bool has(Element element) const { return bits_[static_cast<size_t>(element)]; }
  void add(Element element) { bits_[static_cast<size_t>(element)] = true; }
  void remove(Element element) { bits_[static_cast<size_t>(element)] = false; }
  void clear() { bits_.reset(); }

 private:
  std::bitset<kElements> bits_;
};

// RFC 5103: the element of the same number, of the other direction.
inline constexpr uint32_t kReverseEnterprise = 29305;

// What a field means. `enterprise`: 0 for IANA's.
[[nodiscard]] Element element_of(ExportVersion version, uint32_t enterprise, uint16_t id);
// The same of a scope field in NetFlow 9, whose numbers are its own.
[[nodiscard]] Element netflow9_scope(uint16_t type);

// Whether a field of so many bytes can hold the element: reduced sizes (RFC 7011, 6.2) are as good
// as whole ones for numbers, and for addresses there is one size. `is_variable`: it is told by each
// record.
[[nodiscard]] bool fits(Element element, size_t length, bool is_variable);

}  // namespace weir
