// SPDX-License-Identifier: GPL-3.0-or-later
// A flow through the whole inspection but nDPI: the choice of a dissector, the order of segments,
// rules, verdict and risks. Properties: a flow takes no more than what is counted for it and than
// its bound, and leaves nothing behind; its metadata stays within theirs; its verdict is a name of
// the catalogue. First byte: transport, handshake, ports. Second: which pieces come after the ones
// that follow them.
#include <algorithm>
#include <array>
#include <cstdint>

#include "dissector_check.h"
#include "dpi/inspection.h"
#include "dpi/inspector.h"
#include "dpi/protocol_rules.h"
#include "record/applications.h"

namespace {

using namespace weir;        // NOLINT(google-build-using-namespace): a program of one file
using namespace weir::fuzz;  // NOLINT(google-build-using-namespace): a program of one file

constexpr uint8_t kSyn = 0x02;

Inspector& inspector() {
  static const auto made = [] {
    auto result = Inspector::create({});
    const auto rules = ProtocolRules::load("");
    require(result.ok() && rules.ok());
    (*result)->set_rules(*rules);
    return std::move(*result);
  }();
  return *made;
}

struct Script {
  InspectedFlow flow;
  bool has_handshake = false;
  uint8_t swaps = 0;
  std::vector<Piece> pieces;
  std::vector<uint32_t> sequences;  // of the pieces, over TCP
};

Script script_of(ByteReader input) {
  static constexpr std::array<uint16_t, 16> kPorts{4711, 53,   80,   137,  443,  445,  502,  547,
                                                   1194, 3389, 5060, 5353, 6379, 7000, 8333, 9600};
  Script script;
  const uint8_t flags = input.u8(0);
  script.flow.protocol = (flags & 1) != 0 ? 6 : 17;
  script.has_handshake = (flags & 2) != 0;
  script.flow.client = *IpAddress::parse("10.0.0.1");
  script.flow.server = *IpAddress::parse("10.0.0.2");
  script.flow.client_port = 40000;
  script.flow.server_port = kPorts[flags >> 4];
  script.swaps = input.u8(1);
  input.skip(2);
  script.pieces = pieces_of(input);
  std::array<uint32_t, 2> next{0xfffffff0, 1000};
  for (const Piece& piece : script.pieces) {
    uint32_t& sequence = next[piece.to_server ? 1 : 0];
    if (piece.has_gap) sequence += 100;
    script.sequences.push_back(sequence);
    sequence += static_cast<uint32_t>(piece.bytes.size());
  }
  for (size_t i = 0; i + 1 < script.pieces.size(); ++i) {
    if ((script.swaps >> i % 8 & 1) == 0) continue;
    std::swap(script.pieces[i], script.pieces[i + 1]);
    std::swap(script.sequences[i], script.sequences[i + 1]);
  }
  return script;
}

void check_findings(Inspector::Handle handle) {
  const FlowMetadata& metadata = inspector().metadata(handle);
  size_t bytes = 0;
  for (const MetadataEntry& entry : metadata.entries()) {
    require(!entry.value.empty() && entry.value.size() <= FlowMetadata::kMaxValueBytes);
    if (entry.field != MetadataField::kRisks) bytes += entry.value.size();
  }
  require(bytes <= FlowMetadata::kMaxBytes);
  require(metadata.entries().size() <= FlowMetadata::kMaxEntries + 1);
  require(!application_name(inspector().verdict(handle).application).empty());
}

// The bytes that are taken when the flow is over.
size_t inspect(const Script& script, bool is_checked) {
  const size_t before = live_bytes;
  const Inspector::Handle handle = inspector().begin(script.flow);
  require(handle != Inspector::kNone);
  InspectedPacket packet;
  packet.is_tcp = script.flow.protocol == 6;
  if (packet.is_tcp && script.has_handshake) {
    packet.tcp_flags = kSyn;
    for (const bool to_server : {true, false}) {
      packet.to_server = to_server;
      packet.tcp_sequence = to_server ? 999 : 0xffffffef;
      static_cast<void>(inspector().inspect(handle, packet));
    }
    packet.tcp_flags = 0;
  }
  auto state = InspectionState::kUnsettled;
  for (size_t i = 0; i < script.pieces.size() && state != InspectionState::kFinished; ++i) {
    const size_t copy_before = live_bytes;
    const std::vector<uint8_t> bytes = script.pieces[i].bytes;
    const size_t copy_bytes = live_bytes - copy_before;
    packet.payload = bytes;
    packet.payload_wire_length = static_cast<uint32_t>(bytes.size());
    packet.tcp_sequence = script.sequences[i];
    packet.to_server = script.pieces[i].to_server;
    packet.when = {static_cast<uint32_t>(i + 1), 0};
    state = inspector().inspect(handle, packet);
    const size_t taken = live_bytes - before - copy_bytes;
    require(!is_checked || taken <= Inspection::kMostBytes);
    if (is_checked && state != InspectionState::kFinished)
      require(taken <= inspector().bytes_in_work());
    if (state != InspectionState::kUnsettled) check_findings(handle);
  }
  if (state != InspectionState::kFinished) inspector().conclude(handle);
  check_findings(handle);
  inspector().end(handle);
  return live_bytes - before;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Script script = script_of(ByteReader(data, size));
  // A name that is met for the first time stays in the catalogue.
  static_cast<void>(inspect(script, false));
  require(inspect(script, true) == 0);
  require(inspector().bytes_in_work() == 0);
  return 0;
}
