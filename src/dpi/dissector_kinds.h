// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <span>

#include "dpi/dissector.h"

namespace weir {

// A protocol that weir reads itself: how it is recognised and who follows it.
struct DissectorKind {
  std::string_view name;  // the protocol's, as Findings::protocol will say it
  // Whether a flow whose payload begins like this (the first bytes of either direction) may be of
  // the protocol. Looks at bytes, hardly ever at ports; cheap: it is asked for each new flow.
  bool (*may_begin)(const Payload& payload);
  std::unique_ptr<Dissector> (*create)();
};

// All of them, the ones surest of themselves first: the first whose may_begin() says yes follows
// the flow; when it gives up, those after it are asked.
[[nodiscard]] std::span<const DissectorKind> dissector_kinds();

}  // namespace weir
