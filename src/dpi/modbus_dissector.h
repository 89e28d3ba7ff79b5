// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "dpi/unit_dissector.h"

namespace weir {

// Modbus over TCP (MODBUS Messaging on TCP/IP Implementation Guide 1.0b, section 3.1.3): the
// functions that are asked for. Schneider's UMAS rides in one of them and is named by it.
class ModbusDissector final : public UnitDissector {
 public:
  ModbusDissector() : UnitDissector(kHeader) {}

  [[nodiscard]] static bool may_begin(const Payload& payload);
  [[nodiscard]] static std::unique_ptr<Dissector> create();

 protected:
  [[nodiscard]] std::optional<size_t> size_of_unit(bool to_server,
                                                   const ByteReader& head) const override;
  Progress take_unit(const Payload& payload, ByteReader unit, Findings& findings) override;

 private:
  static constexpr size_t kHeader = 8;  // with the function
};

}  // namespace weir
