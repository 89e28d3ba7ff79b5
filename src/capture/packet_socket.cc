// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/packet_socket.h"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

namespace weir {
namespace {

// Like ::setsockopt, which takes a pointer and a size.
template <typename T>
bool set_option(int socket, int level, int option, const T& value) {
  return ::setsockopt(socket, level, option, &value, sizeof value) == 0;
}

bool attach_filter(int socket, const BpfProgram& program) {
  std::vector<sock_filter> instructions;
  instructions.reserve(program.size());
  for (const BpfInstruction& from : program) {
    instructions.push_back({from.code, from.jump_if_true, from.jump_if_false, from.k});
  }
  const sock_fprog filter{.len = static_cast<uint16_t>(instructions.size()),
                          .filter = instructions.data()};
  return set_option(socket, SOL_SOCKET, SO_ATTACH_FILTER, filter);
}

// "return 0": no packet.
const BpfProgram kNothing{{.code = BPF_RET | BPF_K}};

Error socket_error(const LiveOptions& options, int error_number) {
  if (error_number == EPERM || error_number == EACCES)
    return no_permission_to_capture(options.interface);
  if (error_number == ENODEV || error_number == ENXIO) return no_such_interface(options.interface);
  if (error_number == ENETDOWN) return interface_is_down(options.interface);
  return system_error(options.interface, error_number);
}

// ARPHRD_...; nothing when there is no such interface.
std::optional<uint16_t> hardware_type(const std::string& interface) {
  ifreq request{};
  if (interface.empty() || interface.size() >= sizeof request.ifr_name) return {};
  std::memcpy(request.ifr_name, interface.data(), interface.size());
  // Any socket will do to ask; this kind needs no privilege.
  const Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket.is_open() || ::ioctl(socket.get(), SIOCGIFHWADDR, &request) != 0) return {};
  return request.ifr_hwaddr.sa_family;
}

Result<void> set_promiscuous(const std::string& interface, int socket, unsigned interface_index) {
  packet_mreq request{};
  request.mr_ifindex = static_cast<int>(interface_index);
  request.mr_type = PACKET_MR_PROMISC;
  if (set_option(socket, SOL_PACKET, PACKET_ADD_MEMBERSHIP, request)) return {};
  return system_error(interface + ": promiscuous mode", errno);
}

// Every packet, and only of this interface. 0 or an errno.
int bind_to(int socket, unsigned interface_index) {
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = static_cast<int>(interface_index);
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return errno;
  return take_socket_error(socket);
}

Result<void> set_modes(const LiveOptions& options, int socket, unsigned interface_index) {
  // The kernel shows a packet on loopback as sent and as received. libpcap leaves the former out,
  // too.
  const bool is_loopback = hardware_type(options.interface) == ARPHRD_LOOPBACK;
  if (is_loopback && !set_option(socket, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)) {
    return system_error(options.interface + ": leave out what is sent", errno);
  }
  if (!options.promiscuous) return {};
  return set_promiscuous(options.interface, socket, interface_index);
}

Result<void> join_group(const LiveOptions& options, int socket) {
  const int way = options.fanout_program ? PACKET_FANOUT_EBPF : PACKET_FANOUT_HASH;
  const int group = *options.fanout_group | way << 16;
  // All of the group set the same program. Until the first has, all is its own, and its filter lets
  // nothing in.
  const bool done = set_option(socket, SOL_PACKET, PACKET_FANOUT, group) &&
                    (!options.fanout_program || set_option(socket, SOL_PACKET, PACKET_FANOUT_DATA,
                                                           options.fanout_program->program()));
  if (done) return {};
  return system_error(options.interface + ": fanout group " + std::to_string(*options.fanout_group),
                      errno);
}

}  // namespace

std::optional<LinkType> af_packet_link_type(const std::string& interface) {
  const std::optional<uint16_t> type = hardware_type(interface);
  if (!type) return {};
  switch (*type) {
    case ARPHRD_ETHER:
    case ARPHRD_LOOPBACK:
      return LinkType::kEthernet;
    case ARPHRD_NONE:
    case ARPHRD_RAWIP:
      return LinkType::kRaw;
    case ARPHRD_IEEE80211:
      return LinkType::kIeee80211;
    case ARPHRD_IEEE80211_PRISM:
      return LinkType::kPrism;
    case ARPHRD_IEEE80211_RADIOTAP:
      return LinkType::kRadiotap;
    default:
      return {};
  }
}

Result<Descriptor> hold_promiscuous(const std::string& interface) {
  Descriptor socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) return no_permission_to_capture(interface);
  const unsigned index = ::if_nametoindex(interface.c_str());
  if (auto set = set_promiscuous(interface, socket.get(), index); !set) return set.error();
  return socket;
}

Result<PacketSocket> open_packet_socket(const LiveOptions& options, const BpfProgram& filter) {
  PacketSocket socket;
  // Protocol 0: nothing is received until the socket is bound.
  socket.descriptor = Descriptor(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  const int fd = socket.descriptor.get();
  if (fd < 0) return socket_error(options, errno);
  socket.interface_index = ::if_nametoindex(options.interface.c_str());
  if (socket.interface_index == 0) return socket_error(options, errno);

  // Between bind and joining the group a socket gets what its fellows get, too, and until all have
  // joined the kernel shares out by another number: it must let nothing in.
  const BpfProgram& first_filter = options.fanout_group ? kNothing : filter;
  if (!first_filter.empty() && !attach_filter(fd, first_filter))
    return socket_error(options, errno);
  auto ring = PacketRing::create(fd, {.bytes = options.buffer_bytes,
                                      .block_bytes = options.block_bytes,
                                      .block_timeout = options.block_timeout});
  if (!ring) return ring.error().in(options.interface);
  socket.ring = *std::move(ring);
  if (auto modes = set_modes(options, fd, socket.interface_index); !modes) return modes.error();
  if (const int error = bind_to(fd, socket.interface_index); error != 0)
    return socket_error(options, error);
  if (options.fanout_group) {
    if (auto joined = join_group(options, fd); !joined) return joined.error();
  }
  return socket;
}

Result<void> set_filter(const LiveOptions& options, int socket, const BpfProgram& filter) {
  const bool done = filter.empty() ? set_option(socket, SOL_SOCKET, SO_DETACH_FILTER, 0)
                                   : attach_filter(socket, filter);
  if (done) return {};
  return socket_error(options, errno);
}

SocketDrops take_socket_drops(int socket) {
  tpacket_stats_v3 statistics{};
  socklen_t size = sizeof statistics;
  if (::getsockopt(socket, SOL_PACKET, PACKET_STATISTICS, &statistics, &size) != 0) return {};
  return {statistics.tp_drops, statistics.tp_freeze_q_cnt};
}

int take_socket_error(int socket) {
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

}  // namespace weir
