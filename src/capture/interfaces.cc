// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/interfaces.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <memory>

namespace weir {

std::vector<NetworkInterface> list_interfaces(bool with_those_down) {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(first, &::freeifaddrs);
  std::vector<NetworkInterface> interfaces;
  for (const ifaddrs* entry = first; entry != nullptr; entry = entry->ifa_next) {
    // Each interface has exactly one entry of this family, whatever addresses it has besides.
    if (entry->ifa_addr == nullptr || entry->ifa_addr->sa_family != AF_PACKET) continue;
    const bool is_up = (entry->ifa_flags & IFF_UP) != 0;
    if (!is_up && !with_those_down) continue;
    interfaces.push_back({.name = entry->ifa_name,
                          .is_loopback = (entry->ifa_flags & IFF_LOOPBACK) != 0,
                          .is_up = is_up});
  }
  return interfaces;
}

bool is_interface_up(const std::string& name) {
  for (const NetworkInterface& interface : list_interfaces()) {
    if (interface.name == name) return true;
  }
  return false;
}

Error no_such_interface(std::string_view name) {
  std::vector<std::string> names;
  for (NetworkInterface& interface : list_interfaces(true)) {
    names.push_back(std::move(interface.name));
  }
  return {fmt::format("{}: there is no such interface; there are {}", name, fmt::join(names, ", ")),
          ENODEV};
}

Error no_permission_to_capture(std::string_view name) {
  return {fmt::format("{}: no permission to capture: run as root or give weir the capabilities "
                      "cap_net_raw,cap_net_admin",
                      name),
          EPERM};
}

Error interface_is_down(std::string_view name) {
  return {fmt::format("{0}: the interface is down; \"ip link set {0} up\" starts it", name),
          ENETDOWN};
}

DropCounts device_drops(std::string_view name) {
  constexpr std::array<std::pair<DropPlace, std::string_view>, 3> kFiles{{
      {DropPlace::kNicMissed, "rx_missed_errors"},
      {DropPlace::kNicFifo, "rx_fifo_errors"},
      {DropPlace::kNicDropped, "rx_dropped"},
  }};
  DropCounts drops;
  for (const auto& [place, counter] : kFiles) {
    std::ifstream file(fmt::format("/sys/class/net/{}/statistics/{}", name, counter));
    uint64_t value = 0;
    if (file >> value) drops[place] = value;
  }
  return drops;
}

void DeviceDrops::add_to(DropCounts& drops) {
  const DropCounts now = device_drops(name_);
  for (size_t i = 0; i < kDropPlaces; ++i) {
    const uint64_t since = now.packets[i] - std::min(now.packets[i], before_.packets[i]);
    most_.packets[i] = std::max(most_.packets[i], since);
    drops.packets[i] += most_.packets[i];
  }
}

}  // namespace weir
