// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/dissector_kinds.h"

#include "dpi/dns_dissector.h"
#include "dpi/http1_dissector.h"
#include "dpi/http2_dissector.h"

namespace weir {
namespace {

constexpr DissectorKind kKinds[] = {
    {"HTTP2", Http2Dissector::may_begin, Http2Dissector::create},
    {"HTTP", Http1Dissector::may_begin, Http1Dissector::create},
    {"DNS", DnsDissector::may_begin, DnsDissector::create},
};

}  // namespace

std::span<const DissectorKind> dissector_kinds() {
  return kKinds;
}

}  // namespace weir
