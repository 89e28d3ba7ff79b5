// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dpi/line_dissector.h"

namespace weir {

// SSDP, the search for UPnP devices: method, group, user agent and server. Done after kMaxMessages
// datagrams. Source: UPnP Device Architecture 2.0, 1.2 and 1.3.
class SsdpDissector : public LineDissector {
 public:
  static constexpr uint8_t kMaxMessages = 8;

  static bool may_begin(const Payload& payload);
  static std::unique_ptr<Dissector> create();

 protected:
  Progress take_line(bool to_server, std::string_view line, Findings& findings) override;
  void end_datagram() override { is_in_head_ = false; }

 private:
  bool is_in_head_ = false;
  uint8_t messages_ = 0;
};

}  // namespace weir
