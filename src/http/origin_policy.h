// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

// Which Host and Origin headers are ours. The Host rule stops DNS rebinding (a foreign name that
// resolves to us), the Origin rule stops pages of other sites, on the WebSocket too, where browsers
// have no same-origin rule. Shared: immutable.
class OriginPolicy {
 public:
  // `address`: where the server listens. `extra_hosts`: further names, compared without case and
  // with any port.
  OriginPolicy(std::string address, uint16_t port, std::vector<std::string> extra_hosts);

  // Allowed: localhost, 127.0.0.0/8, [::1] and the listening address (each with our port or none),
  // and the extra names. When the server listens on every address (0.0.0.0, ::), any address
  // literal too: rebinding needs a name.
  [[nodiscard]] bool allows_host(std::string_view host) const;

  // Whether a page of `origin` may ask the server that it knows as `host`: scheme http and the same
  // host and port; https only for the extra names (a proxy ends TLS). REQUIRES: allows_host(host).
  [[nodiscard]] bool allows_origin(std::string_view origin, std::string_view host) const;

 private:
  [[nodiscard]] bool is_extra(std::string_view name) const;

  std::string address_;
  uint16_t port_;
  std::vector<std::string> extra_hosts_;
};

}  // namespace weir
