// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace weir {

// Where a socket is bound or to whom it connects: "tcp://192.0.2.1:5556", "tcp://[::1]:5556",
// "tcp://*:5556", "ipc:///run/weir/flows", and behind "?key=" the public key of the other side.
struct ZmqEndpoint {
  std::string address;     // as libzmq takes it
  std::string server_key;  // "": none was named

  // Errors: another kind of address, no port, no key behind "?key=".
  static Result<ZmqEndpoint> parse(std::string_view text);

  // What is sent does not leave the machine: loopback addresses and ipc.
  [[nodiscard]] bool is_local() const;
  // An address of IPv4 in numbers: of all others IPv6 may be the way.
  [[nodiscard]] bool is_v4() const;
};

}  // namespace weir
