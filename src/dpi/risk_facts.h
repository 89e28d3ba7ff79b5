// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/timestamp.h"
#include "record/flow_metadata.h"
#include "record/risks.h"

namespace weir {

// What is known of a flow whose risks are asked for.
struct RiskFacts {
  std::string_view application;            // "TLS.Google"
  bool is_read = false;                    // the payload told it, not the port or the address alone
  const FlowMetadata* metadata = nullptr;  // never null; of this flow's own payload
  uint16_t client_port = 0;
  uint16_t server_port = 0;
  size_t largest_datagram = 0;  // bytes of payload; 0 for TCP
  Timestamp when;               // of the packets: what "expired" is measured by
  RiskSet http;                 // as HttpRisks reads them
  RiskSet application_risks;    // risks_of_application()

  // "TLS" of "TLS.Google".
  [[nodiscard]] std::string_view protocol() const {
    return application.substr(0, application.find('.'));
  }
};

// What docs/risks.md says of these facts. A pure function; none where the payload was not read.
// Cost: below 1 us.
[[nodiscard]] RiskSet risks_of(const RiskFacts& facts);

// Its part about the application and its ports alone, which change less often than the rest.
[[nodiscard]] RiskSet risks_of_application(const RiskFacts& facts);

// Its part about TLS.
void add_tls_risks(const RiskFacts& facts, RiskSet& risks);
// Whether a protocol that has ports of its own is on none of them.
[[nodiscard]] bool is_on_strange_port(const RiskFacts& facts);

}  // namespace weir
