// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "net/drop_place.h"
#include "net/ip_address.h"
#include "net/prefix.h"

namespace weir {

struct NetworkInterface {
  std::string name;
  bool is_loopback = false;
  bool is_up = false;
};

// The network interfaces of this machine (of this network namespace) in the kernel's order: those
// that are up, or all. Empty when the kernel tells nothing. Thread-safe.
[[nodiscard]] std::vector<NetworkInterface> list_interfaces(bool with_those_down = false);

// An address of an interface and the network that it stands in.
struct InterfaceAddress {
  std::string interface;
  IpAddress address;
  Prefix network;
};
// In the kernel's order. Thread-safe.
[[nodiscard]] std::vector<InterfaceAddress> list_addresses();

// Bytes that a device received and sent since it exists; 0 where it does not tell.
[[nodiscard]] uint64_t device_bytes(std::string_view name);

// False when it is down or there is none.
[[nodiscard]] bool is_interface_up(const std::string& name);

// Sentences for people about an interface that cannot be opened; they say what to do.
[[nodiscard]] Error no_such_interface(std::string_view name);
[[nodiscard]] Error no_permission_to_capture(std::string_view name);
[[nodiscard]] Error interface_is_down(std::string_view name);

// Packets that the device's statistics in sysfs call dropped (kNicMissed, kNicFifo, kNicDropped),
// since it exists; 0 where the device does not tell.
[[nodiscard]] DropCounts device_drops(std::string_view name);

// What the device dropped since this was made. A counter that goes back with a driver's reset does
// not: what was counted stays counted. Owner: whoever asks.
class DeviceDrops {
 public:
  explicit DeviceDrops(std::string name) : name_(std::move(name)), before_(device_drops(name_)) {}
  // Adds the three places to `drops`. Cost: three small files.
  void add_to(DropCounts& drops);

 private:
  std::string name_;
  DropCounts before_;
  DropCounts most_;
};

}  // namespace weir
