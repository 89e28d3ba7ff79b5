// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "dpi/unit_dissector.h"

namespace weir {

// IEC 60870-5-104, telecontrol over TCP: the type identifications of what is sent.
class Iec104Dissector final : public UnitDissector {
 public:
  Iec104Dissector() : UnitDissector(kKept) {}

  [[nodiscard]] static bool may_begin(const Payload& payload);
  [[nodiscard]] static std::unique_ptr<Dissector> create();

 protected:
  [[nodiscard]] std::optional<size_t> size_of_unit(bool to_server,
                                                   const ByteReader& head) const override;
  Progress take_unit(const Payload& payload, ByteReader unit, Findings& findings) override;

 private:
  static constexpr size_t kKept = 7;  // start, length, control, type
};

}  // namespace weir
