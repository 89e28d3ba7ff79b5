// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "dpi/dissector.h"
#include "dpi/heap_bytes.h"
#include "dpi/http_risks.h"
#include "dpi/inspector.h"
#include "dpi/ndpi_classifier.h"
#include "dpi/stream_order.h"
#include "dpi/verdict.h"

namespace weir {

// A flow in the inspector's work. Owner: Inspector.
class Inspection {
 public:
  explicit Inspection(const InspectedFlow& about) : flow(about) {}

  // As new, but with the memory for metadata, for another flow.
  void clear() {
    FlowMetadata metadata = std::move(findings.metadata);
    metadata.clear();
    *this = Inspection(InspectedFlow());
    findings.metadata = std::move(metadata);
  }

  // What one takes beside what is counted: itself, nDPI's part, Dissector::kOwnBytes, and what the
  // allocator adds.
  static constexpr size_t kBaseBytes = 4096;
  // What one takes at most, whatever it hears: its dissector's, what waits in both directions, and
  // what was found. Without what nDPI takes.
  static constexpr size_t kMostBytes = Dissector::kMaxBytes + 2 * StreamOrder::kMostBytes + 8192;
  // Packets that nDPI is shown of a TCP connection that was met in the middle: what it recognises
  // there it does by one message.
  static constexpr unsigned kMostNdpiPacketsInside = 4;
  // Payload packets after which a flow that nobody knows is not looked at any more.
  static constexpr unsigned kMostPackets = 24;

  // Times that a verdict without a name in it is made again because there is more metadata.
  static constexpr unsigned kMostNamings = 6;

  // What it takes at the moment, at most.
  [[nodiscard]] size_t held_bytes() const {
    return kBaseBytes + findings.metadata.allocated() + order[0].held_bytes() +
           order[1].held_bytes() + heap_bytes(findings.announced) +
           bytes_of(findings.learnt_names) + bytes_of(findings.learnt_traits) +
           (dissector != nullptr ? dissector->held_bytes() : 0);
  }

  void note_packet(const InspectedPacket& packet) {
    if (payload_packets++ == 0) began = packet.when;
    last_payload = packet.when;
    if (packet.is_tcp || packet.payload_wire_length <= largest_datagram) return;
    largest_datagram = packet.payload_wire_length;
    is_assessed = false;
  }

  // The connection is over, and nothing of it is missing that may still come.
  [[nodiscard]] bool is_over() const {
    return is_reset || (order[0].is_complete() && order[1].is_complete());
  }

  InspectedFlow flow;
  Findings findings;
  Verdict verdict;
  NdpiVerdict ndpi_verdict;
  std::string_view expected;  // what another flow said it would be, "" when none did
  Timestamp last_payload;
  std::shared_ptr<const ProtocolRules> rules;  // that `findings` point into
  NdpiFlow ndpi;
  std::unique_ptr<Dissector> dissector;
  size_t next_kind = 0;              // of dissector_kinds(): those before it do not know the flow
  std::array<StreamOrder, 2> order;  // by direction: to the client, to the server
  size_t held = 0;                   // held_bytes() as the inspector counts it
  uint32_t revision_named = 0;       // of the metadata, when its names were last looked at
  uint32_t clues_named = 0;          // clues_in() it, when the verdict was made
  std::string_view rider_named;      // findings.application, when the verdict was made
  HttpRisks http_risks;
  uint16_t application_assessed = kApplicationUnknown;  // which application_risks are of
  RiskSet application_risks;
  RiskSet risks;                   // that the metadata holds
  uint32_t revision_assessed = 0;  // of the metadata, when its risks were
  uint32_t largest_datagram = 0;   // bytes of payload
  Timestamp began;                 // the first payload
  unsigned times_named = 0;        // since then
  unsigned payload_packets = 0;
  bool has_start = false;     // a SYN was seen
  bool is_reset = false;      // by RST
  bool is_settled = false;    // the verdict is there
  bool is_ndpi_done = false;  // nDPI said its last word
  bool is_dissector_done = false;
  bool is_assessed = false;  // for risks, since the largest datagram came

 private:
  [[nodiscard]] static size_t bytes_of(
      const std::vector<std::pair<IpAddress, std::string>>& names) {
    size_t bytes = heap_bytes(names);
    for (const auto& [address, name] : names) bytes += heap_bytes(name);
    return bytes;
  }
  [[nodiscard]] static size_t bytes_of(const std::vector<LearntTrait>& traits) {
    size_t bytes = heap_bytes(traits);
    for (const LearntTrait& trait : traits) bytes += heap_bytes(trait.value);
    return bytes;
  }
};

}  // namespace weir
