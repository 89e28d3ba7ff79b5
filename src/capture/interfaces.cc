// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/interfaces.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>

namespace weir {
namespace {

using Entries = std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)>;

// Null when the kernel tells nothing.
Entries interface_entries() {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) first = nullptr;
  return {first, &::freeifaddrs};
}

// None for other families.
std::optional<IpAddress> address_in(const sockaddr* socket) {
  if (socket == nullptr) return std::nullopt;
  if (socket->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, socket, sizeof v4);
    std::array<uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &v4.sin_addr, bytes.size());
    return IpAddress::from_v4(bytes.data());
  }
  if (socket->sa_family != AF_INET6) return std::nullopt;
  sockaddr_in6 v6{};
  std::memcpy(&v6, socket, sizeof v6);
  return IpAddress::from_v6(v6.sin6_addr.s6_addr);
}

// How many bits of a netmask are set.
unsigned mask_length(const IpAddress& mask) {
  unsigned bits = 0;
  const size_t first = mask.is_v4() ? 12 : 0;
  for (size_t i = first; i < mask.bytes().size(); ++i)
    bits += static_cast<unsigned>(std::popcount(mask.bytes()[i]));
  return bits;
}

uint64_t device_counter(std::string_view name, std::string_view counter) {
  std::ifstream file(fmt::format("/sys/class/net/{}/statistics/{}", name, counter));
  uint64_t value = 0;
  return file >> value ? value : 0;
}

}  // namespace

std::vector<InterfaceAddress> list_addresses() {
  const Entries entries = interface_entries();
  std::vector<InterfaceAddress> addresses;
  for (const ifaddrs* entry = entries.get(); entry != nullptr; entry = entry->ifa_next) {
    const auto address = address_in(entry->ifa_addr);
    const auto mask = address_in(entry->ifa_netmask);
    if (!address || !mask) continue;
    addresses.push_back({entry->ifa_name, *address, Prefix(*address, mask_length(*mask))});
  }
  return addresses;
}

uint64_t device_bytes(std::string_view name) {
  return device_counter(name, "rx_bytes") + device_counter(name, "tx_bytes");
}

std::vector<NetworkInterface> list_interfaces(bool with_those_down) {
  const Entries entries = interface_entries();
  std::vector<NetworkInterface> interfaces;
  for (const ifaddrs* entry = entries.get(); entry != nullptr; entry = entry->ifa_next) {
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
    drops[place] = device_counter(name, counter);
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
