// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "dpi/unit_dissector.h"

namespace weir {

// DNP3 (IEEE 1815-2012) over TCP and UDP: the functions of the application layer. Of a message in
// several frames the first one has it; of several frames in a datagram the first one is read.
class Dnp3Dissector final : public UnitDissector {
 public:
  Dnp3Dissector() : UnitDissector(kKept) {}

  [[nodiscard]] static bool may_begin(const Payload& payload);
  [[nodiscard]] static std::unique_ptr<Dissector> create();

 protected:
  [[nodiscard]] std::optional<size_t> size_of_unit(bool to_server,
                                                   const ByteReader& head) const override;
  Progress take_unit(const Payload& payload, ByteReader unit, Findings& findings) override;

 private:
  static constexpr size_t kKept = 13;  // link header, transport header, control, function
};

}  // namespace weir
