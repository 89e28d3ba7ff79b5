// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "decode/decoded_packet.h"
#include "net/packet_view.h"

// What nDPI's reader says of the flows of a capture, and how our flows are matched to its.
namespace weir::corpus {

// Both ends and the protocol; ends in the order of their texts, so that direction does not matter.
struct FlowName {
  int protocol = 0;
  std::array<std::string, 2> ends;

  auto operator<=>(const FlowName&) const = default;
};

struct ApplicationAnswer {
  std::string name;  // in our spelling: "TLS.Google"
  std::string category;
  std::string confidence;  // in nDPI's words
  int vlan = 0;
  std::vector<std::string> risks = {};  // in nDPI's words
};
// By flow, in the order of nDPI's list.
using ApplicationAnswers = std::map<FlowName, std::vector<ApplicationAnswer>>;

// The flows of one reader ("ndpi_4_2", "ndpi_upstream_4_11") of a capture; empty when it has none.
ApplicationAnswers read_application_answers(const std::filesystem::path& capture,
                                            std::string_view reader);

// The flow of a packet and its VLAN tags; a later fragment has none.
FlowName flow_name(const DecodedPacket& packet);

// "IPsec" and "IPSec" are one name, in each part of "Master.Application".
std::string in_our_spelling(const std::string& name);

}  // namespace weir::corpus
