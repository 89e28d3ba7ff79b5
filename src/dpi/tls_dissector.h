// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "dpi/dissector.h"
#include "dpi/tls_follower.h"

namespace weir {

// TLS and SSL over TCP, from the hellos or met in the middle.
class TlsDissector final : public Dissector {
 public:
  [[nodiscard]] static bool may_begin(const Payload& payload);
  [[nodiscard]] static std::unique_ptr<Dissector> create();

  [[nodiscard]] Progress feed(const Payload& payload, Findings& findings) override;
  [[nodiscard]] size_t held_bytes() const override { return follower_.held_bytes(); }

 private:
  TlsFollower follower_;
};

}  // namespace weir
