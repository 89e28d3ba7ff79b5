// SPDX-License-Identifier: GPL-3.0-or-later
#include "corpus/inspected_flows.h"

#include <algorithm>

#include "corpus/corpus.h"
#include "decode/decode.h"
#include "dpi/application_names.h"
#include "net/ip_protocol.h"
#include "record/applications.h"

namespace weir::corpus {

std::span<const uint8_t> datagram_of(const DecodedPacket& packet) {
  return {packet.network, packet.network_length};
}

OurFlows classify(const std::filesystem::path& capture, Classifier& classifier,
                  std::string& error) {
  error = for_each_packet(capture, [&](const PacketView& view) {
    DecodedPacket packet;
    decode(view, packet);
    if (!packet.has_ip || packet.is_later_fragment || packet.network == nullptr) return;
    classifier.take(flow_name(packet), packet, view.timestamp);
  });
  return classifier.finish();
}

const OurFlow* flow_of(const OurFlows& ours, const FlowName& name,
                       const ApplicationAnswer& answer) {
  const auto found = ours.find(name);
  if (found == ours.end()) return nullptr;
  for (const OurFlow& flow : found->second) {
    const auto& ids = flow.vlan.ids;
    if (std::find(ids.begin(), ids.begin() + flow.vlan.count, answer.vlan) !=
        ids.begin() + flow.vlan.count)
      return &flow;
  }
  return &found->second.front();
}

void Inspection::take(const FlowName& name, const DecodedPacket& packet, Timestamp when) {
  auto [at, is_new] = flows_.try_emplace({name, packet.vlan});
  Flow& flow = at->second;
  if (is_new) begin(flow, packet);
  if (flow.handle == Inspector::kNone) return;
  const bool is_tcp = packet.protocol == kProtocolTcp;
  if (is_tcp && packet.payload_length == 0 && (packet.tcp_flags & kTcpSyn) == 0) return;
  InspectedPacket inspected;
  if (!is_tcp || packet.payload_length > 0) inspected.datagram = datagram_of(packet);
  inspected.payload = {packet.payload, packet.payload_length};
  inspected.payload_wire_length = packet.payload_wire_length;
  inspected.tcp_sequence = packet.tcp_sequence;
  inspected.tcp_flags = packet.tcp_flags;
  inspected.is_tcp = is_tcp;
  inspected.to_server = packet.source == flow.client && packet.source_port == flow.client_port;
  inspected.when = when;
  if (inspector_.inspect(flow.handle, inspected) == InspectionState::kFinished) end(flow);
}

OurFlows Inspection::finish() {
  OurFlows result;
  for (auto& [key, flow] : flows_) {
    if (flow.handle != Inspector::kNone) {
      inspector_.conclude(flow.handle);
      end(flow);
    }
    result[key.first].push_back(
        {key.second, std::string(application_name(flow.verdict.application)),
         std::string(application_category(flow.verdict.application)),
         std::string(confidence_name(flow.verdict.confidence)), flow.risks});
  }
  return result;
}

void Inspection::begin(Flow& flow, const DecodedPacket& packet) {
  const bool is_answer = packet.protocol == kProtocolTcp &&
                         (packet.tcp_flags & (kTcpSyn | kTcpAck)) == (kTcpSyn | kTcpAck);
  const bool is_from_service =
      application_of_port(packet.protocol, packet.source_port) != kApplicationUnknown &&
      application_of_port(packet.protocol, packet.destination_port) == kApplicationUnknown;
  const bool is_syn = packet.protocol == kProtocolTcp && (packet.tcp_flags & kTcpSyn) != 0;
  const bool is_reversed = is_answer || (!is_syn && is_from_service);
  InspectedFlow about;
  about.client = is_reversed ? packet.destination : packet.source;
  about.server = is_reversed ? packet.source : packet.destination;
  about.client_port = is_reversed ? packet.destination_port : packet.source_port;
  about.server_port = is_reversed ? packet.source_port : packet.destination_port;
  about.protocol = packet.protocol;
  flow.client = about.client;
  flow.client_port = about.client_port;
  flow.handle = inspector_.begin(about);
}

void Inspection::end(Flow& flow) {
  flow.verdict = inspector_.verdict(flow.handle);
  flow.risks = risks_in(inspector_.metadata(flow.handle));
  inspector_.end(flow.handle);
  flow.handle = Inspector::kNone;
}

}  // namespace weir::corpus
