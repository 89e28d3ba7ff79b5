// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/verdict.h"

#include <string>

namespace weir {
namespace {

struct Rider {
  std::string_view application;
  std::string_view category;
  Confidence confidence = Confidence::kNone;
};

Rider rider_of(const Evidence& evidence) {
  const NdpiVerdict& ndpi = evidence.ndpi;
  if (!evidence.application.empty()) return {evidence.application, {}, Confidence::kPayload};
  if (!ndpi.application.empty() && !ndpi.is_application_by_address)
    return {ndpi.application, ndpi.category, Confidence::kPayload};
  if (!evidence.by_name.empty())
    return {evidence.by_name.application, evidence.by_name.category, Confidence::kName};
  if (!ndpi.application.empty()) return {ndpi.application, ndpi.category, Confidence::kAddress};
  return {evidence.by_address.application, evidence.by_address.category, Confidence::kAddress};
}

}  // namespace

Verdict combine(const Evidence& evidence) {
  const bool is_ours = !evidence.protocol.empty();
  const std::string_view protocol = is_ours ? evidence.protocol : evidence.ndpi.master;
  const Rider rider = rider_of(evidence);
  if (protocol.empty() && rider.application.empty())
    return {evidence.by_port,
            evidence.by_port == kApplicationUnknown ? Confidence::kNone : Confidence::kPort};
  if (protocol.empty())
    return {application_number(rider.application, rider.category), rider.confidence};
  const Confidence confidence = is_ours ? Confidence::kPayload : evidence.ndpi.confidence;
  if (rider.application.empty() || rider.application == protocol)
    return {application_number(protocol, is_ours ? "" : evidence.ndpi.category), confidence};
  return {application_number(std::string(protocol) + "." + std::string(rider.application),
                             rider.category),
          confidence};
}

}  // namespace weir
