// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "dpi/ndpi_classifier.h"
#include "record/applications.h"
#include "record/confidence.h"

namespace weir {

// What a flow is: a number of the catalogue of record/applications.h, and how sure that is.
struct Verdict {
  uint16_t application = kApplicationUnknown;
  Confidence confidence = Confidence::kNone;

  bool operator==(const Verdict&) const = default;
};

// Everything that speaks for one application or another.
struct Evidence {
  std::string_view protocol;     // of our own dissector, "" when none is certain
  std::string_view application;  // what it says rides on the protocol, "" for nothing
  NdpiVerdict ndpi;
  NdpiLabel by_name;     // of the name that the flow's protocol carries
  NdpiLabel by_address;  // of the server's address
  uint16_t by_port = kApplicationUnknown;
};

// The protocol is the dissector's, else nDPI's, else the port's guess; what rides on it is told by
// the payload, else by a name, else by the server's address. Spelled as ndpiReader does:
// "TLS.Google".
[[nodiscard]] Verdict combine(const Evidence& evidence);

}  // namespace weir
