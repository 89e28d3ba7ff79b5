// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>

#include "dpi/dissector.h"

namespace weir {

// DHCP for IPv4 and IPv6: what clients say of themselves (host name, list of options they ask for,
// vendor class), also for the address that they ask for or have. Done after kMaxMessages, but for
// what goes to servers: the clients that have no address yet share a flow.
// Source: RFC 2131, 2; RFC 2132; RFC 4702 (client FQDN); RFC 8415, 8 and 21; RFC 4704.
class DhcpDissector : public Dissector {
 public:
  static constexpr uint8_t kMaxMessages = 8;

  static bool may_begin(const Payload& payload);
  static std::unique_ptr<Dissector> create();

  Progress feed(const Payload& payload, Findings& findings) override;

 private:
  uint8_t messages_ = 0;
};

}  // namespace weir
