// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/element.h"

#include <array>
#include <utility>

#include "record/weir_fields.h"

namespace weir {
namespace {

constexpr size_t kTable = 512;

struct Meaning {
  uint16_t id;
  Element element;
};

constexpr Meaning kMeanings[] = {
    {1, Element::kOctets},
    {2, Element::kPackets},
    {4, Element::kProtocol},
    {6, Element::kTcpFlags},
    {7, Element::kSourcePort},
    {8, Element::kSourceV4},
    {10, Element::kInput},
    {11, Element::kDestinationPort},
    {12, Element::kDestinationV4},
    {14, Element::kOutput},
    {16, Element::kSourceAs},
    {17, Element::kDestinationAs},
    {21, Element::kLastUptime},
    {22, Element::kFirstUptime},
    {23, Element::kOctetsOut},
    {24, Element::kPacketsOut},
    {27, Element::kSourceV6},
    {28, Element::kDestinationV6},
    {34, Element::kSamplingInterval},
    {48, Element::kSamplerId},
    {50, Element::kSamplingInterval},
    {56, Element::kSourceMac},
    {57, Element::kDestinationMac},
    {58, Element::kVlan},
    {61, Element::kDirection},
    {80, Element::kDestinationMac},
    {81, Element::kSourceMac},
    {82, Element::kInterfaceName},
    {83, Element::kInterfaceDescription},
    {85, Element::kOctetsTotal},
    {86, Element::kPacketsTotal},
    {96, Element::kApplicationName},
    {136, Element::kFlowEndReason},
    {150, Element::kFirstSeconds},
    {151, Element::kLastSeconds},
    {152, Element::kFirstMilliseconds},
    {153, Element::kLastMilliseconds},
    {154, Element::kFirstMicroseconds},
    {155, Element::kLastMicroseconds},
    {156, Element::kFirstNanoseconds},
    {157, Element::kLastNanoseconds},
    {158, Element::kFirstBefore},
    {159, Element::kLastBefore},
    {160, Element::kSystemInit},
    {161, Element::kDuration},
    {180, Element::kSourcePort},
    {181, Element::kDestinationPort},
    {182, Element::kSourcePort},
    {183, Element::kDestinationPort},
    {231, Element::kInitiatorOctets},
    {232, Element::kResponderOctets},
    {233, Element::kFirewallEvent},
    {243, Element::kVlan},
    {245, Element::kCustomerVlan},
    {256, Element::kEthertype},
    {298, Element::kInitiatorPackets},
    {299, Element::kResponderPackets},
    {302, Element::kSamplerId},
    {305, Element::kSamplingPacketInterval},
    {306, Element::kSamplingPacketSpace},
    {309, Element::kSamplingSize},
    {310, Element::kSamplingPopulation},
    {313, Element::kIpSection},
    {315, Element::kLinkSection},
    {323, Element::kEventMilliseconds},
    {352, Element::kFrameOctets},
};

constexpr std::array<Element, kTable> kForward = [] {
  std::array<Element, kTable> table{};
  for (const Meaning& meaning : kMeanings) table[meaning.id] = meaning.element;
  return table;
}();

Element reverse_of(uint16_t id) {
  switch (id) {
    case 1:
      return Element::kReverseOctets;
    case 2:
      return Element::kReversePackets;
    case 6:
      return Element::kReverseTcpFlags;
    case 85:
      return Element::kReverseOctetsTotal;
    case 86:
      return Element::kReversePacketsTotal;
    default:
      return Element::kOther;
  }
}

Element weirs_own(uint16_t id) {
  switch (static_cast<WeirField>(id)) {
    case WeirField::kPath:
      return Element::kPath;
    case WeirField::kWireOctets:
      return Element::kWireOctets;
    case WeirField::kReverseWireOctets:
      return Element::kReverseWireOctets;
    case WeirField::kExporter:
      return Element::kFirstExporter;
    default:
      return Element::kOther;
  }
}

}  // namespace

Element element_of(ExportVersion version, uint32_t enterprise, uint16_t id) {
  if (enterprise == kReverseEnterprise) return reverse_of(id);
  if (enterprise == kWeirEnterprise) return weirs_own(id);
  if (enterprise != 0) return Element::kOther;
  // Cisco's firewalls before the element had a number of IANA's.
  constexpr uint16_t kOldFirewallEvent = 40005;
  if (version == ExportVersion::kNetflow9 && id == kOldFirewallEvent)
    return Element::kFirewallEvent;
  return id < kTable ? kForward[id] : Element::kOther;
}

Element netflow9_scope(uint16_t type) {
  constexpr uint16_t kInterface = 2;  // RFC 3954, 6.1
  return type == kInterface ? Element::kScopeInterface : Element::kOther;
}

bool fits(Element element, size_t length, bool is_variable) {
  switch (element) {
    case Element::kOther:
      return false;
    case Element::kInterfaceName:
    case Element::kInterfaceDescription:
    case Element::kIpSection:
    case Element::kLinkSection:
    case Element::kApplicationName:
    case Element::kPath:
      return is_variable || length != 0;
    case Element::kSourceV4:
    case Element::kDestinationV4:
      return !is_variable && length == 4;
    case Element::kSourceV6:
    case Element::kDestinationV6:
    case Element::kFirstExporter:
      return !is_variable && length == 16;
    case Element::kSourceMac:
    case Element::kDestinationMac:
      return !is_variable && length == 6;
    default:
      return !is_variable && length >= 1 && length <= 8;
  }
}

}  // namespace weir
