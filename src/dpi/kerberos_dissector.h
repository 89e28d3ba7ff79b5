// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "dpi/unit_dissector.h"

namespace weir {

// Kerberos 5 (RFC 4120) over UDP and TCP: realm, client and service of requests for tickets and of
// their answers, and the errors. Encrypted parts stay what they are.
class KerberosDissector final : public UnitDissector {
 public:
  KerberosDissector() : UnitDissector(kKept) {}

  [[nodiscard]] static bool may_begin(const Payload& payload);
  [[nodiscard]] static std::unique_ptr<Dissector> create();

 protected:
  [[nodiscard]] std::optional<size_t> size_of_unit(bool to_server,
                                                   const ByteReader& head) const override;
  Progress take_unit(const Payload& payload, ByteReader unit, Findings& findings) override;

 private:
  static constexpr size_t kKept = 8192;  // a request for a ticket holds another ticket
};

}  // namespace weir
