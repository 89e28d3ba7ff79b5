// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "dpi/unit_dissector.h"

namespace weir {

// SMB 1 ([MS-SMB], [MS-CIFS]) and SMB 2 and 3 ([MS-SMB2]) over TCP, in the session service of
// NetBIOS (RFC 1002, section 4.3) or alone: the dialect that the server chose, the shares that are
// connected to, and who logs on where NTLM tells it.
class SmbDissector final : public UnitDissector {
 public:
  SmbDissector() : UnitDissector(kKept) {}

  [[nodiscard]] static bool may_begin(const Payload& payload);
  [[nodiscard]] static std::unique_ptr<Dissector> create();

 protected:
  [[nodiscard]] std::optional<size_t> size_of_unit(bool to_server,
                                                   const ByteReader& head) const override;
  Progress take_unit(const Payload& payload, ByteReader unit, Findings& findings) override;

 private:
  static constexpr size_t kKept = 2048;
};

}  // namespace weir
