// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace weir {

struct NetworkInterface {
  std::string name;
  bool is_loopback = false;
  bool is_up = false;
};

// The network interfaces of this machine (of this network namespace) in the kernel's order: those
// that are up, or all. Empty when the kernel tells nothing. Thread-safe.
[[nodiscard]] std::vector<NetworkInterface> list_interfaces(bool with_those_down = false);

// False when it is down or there is none.
[[nodiscard]] bool is_interface_up(const std::string& name);

// Sentences for people about an interface that cannot be opened; they say what to do.
[[nodiscard]] Error no_such_interface(std::string_view name);
[[nodiscard]] Error no_permission_to_capture(std::string_view name);
[[nodiscard]] Error interface_is_down(std::string_view name);

// Packets the device says it dropped for want of room, since it exists; 0 when the device does not
// tell.
[[nodiscard]] uint64_t device_drops(std::string_view name);

}  // namespace weir
