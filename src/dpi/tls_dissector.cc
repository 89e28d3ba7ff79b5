// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/tls_dissector.h"

#include "dpi/ssl2_hello.h"
#include "dpi/tls_record_cutter.h"

namespace weir {

bool TlsDissector::may_begin(const Payload& payload) {
  constexpr size_t kLeast = 3;  // type and version: less would be taken for too much
  if (!payload.is_tcp || !payload.bytes.can_read(kLeast)) return false;
  if (may_be_tls_record(payload.bytes)) return true;
  Ssl2Hello hello;
  return read_ssl2_hello(payload.bytes, hello);
}

std::unique_ptr<Dissector> TlsDissector::create() {
  return std::make_unique<TlsDissector>();
}

Progress TlsDissector::feed(const Payload& payload, Findings& findings) {
  const Progress progress = follower_.feed(payload, findings);
  if (follower_.is_certain()) findings.protocol = "TLS";
  return progress;
}

}  // namespace weir
