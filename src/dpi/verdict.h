// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "net/ip_address.h"
#include "record/applications.h"
#include "record/confidence.h"
#include "record/flow_metadata.h"

namespace weir {

class NdpiModule;
class ProtocolRules;
struct NdpiVerdict;

// What a flow is: a number of the catalogue of record/applications.h, and what told it. Of
// "TLS.Google" that is what told Google.
struct Verdict {
  uint16_t application = kApplicationUnknown;
  Confidence confidence = Confidence::kNone;

  bool operator==(const Verdict&) const = default;
};

// Everything that speaks for one application or another. What is not known is empty or null.
struct Evidence {
  std::string_view protocol;               // as a dissector, a rule or small_protocol() read it
  std::string_view application;            // what the same says rides on it
  const FlowMetadata* metadata = nullptr;  // for names and fingerprints
  const NdpiVerdict* ndpi = nullptr;       // where nDPI was asked
  IpAddress client;
  IpAddress server;
  uint16_t client_port = 0;
  uint16_t server_port = 0;
  uint8_t ip_protocol = 0;
};

// Who knows names. Each may be null; both outlive the call.
struct Authorities {
  const NdpiModule* ndpi = nullptr;
  const ProtocolRules* rules = nullptr;
};

// Puts the evidence together. The protocol is what the payload says, by our own reading before
// nDPI's; what rides on it is what the payload says, else what the names and fingerprints in it say
// (rules before nDPI's names), else whose network a rule says the server's is. Spelled as
// ndpiReader does: "TLS", "TLS.Google", "Zoom". Without a protocol it is a guess().
// Cost: about 1 us; allocates when a name is met for the first time.
[[nodiscard]] Verdict combine(const Evidence& evidence, const Authorities& authorities);

// Changes whenever combine() may find other names or fingerprints in the metadata of a flow.
[[nodiscard]] uint32_t clues_in(const FlowMetadata& metadata);

// By ports and addresses alone, for flows whose payload says nothing or was never seen (collected
// flows, --no-dpi): the port's protocol by rules and schema/ports.json, else the owner of the
// server's or the client's address, else nDPI's own guess where it was asked.
[[nodiscard]] Verdict guess(const Evidence& evidence, const Authorities& authorities);

}  // namespace weir
