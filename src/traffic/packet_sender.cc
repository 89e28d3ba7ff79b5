// SPDX-License-Identifier: GPL-3.0-or-later
#include "traffic/packet_sender.h"

#include <array>
#include <cassert>
#include <cerrno>
#include <utility>

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>

namespace weir {

Result<PacketSender> PacketSender::open(const std::string& interface, size_t frame_bytes) {
  const std::string phrase = "send on " + interface;
  const unsigned index = if_nametoindex(interface.c_str());
  if (index == 0) return Error{phrase + ": no such interface; 'ip link' lists them", errno};
  const int file =
      socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);  // protocol 0: it receives nothing
  if (file < 0 && errno == EPERM)
    return Error{phrase + ": no permission; run it as root or give it the capability CAP_NET_RAW",
                 EPERM};
  if (file < 0) return system_error(phrase, errno);
  PacketSender sender(file, interface, frame_bytes);
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_ifindex = static_cast<int>(index);
  if (bind(file, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return system_error(phrase, errno);
  return sender;
}

PacketSender::PacketSender(int socket, std::string interface, size_t frame_bytes)
    : socket_(socket),
      interface_(std::move(interface)),
      frame_bytes_(frame_bytes),
      frames_(kBatch * frame_bytes) {}

PacketSender::PacketSender(PacketSender&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      interface_(std::move(other.interface_)),
      frame_bytes_(other.frame_bytes_),
      frames_(std::move(other.frames_)) {}

PacketSender::~PacketSender() {
  if (socket_ >= 0) close(socket_);
}

Result<void> PacketSender::send(size_t count) {
  assert(count <= kBatch);
  std::array<iovec, kBatch> buffers{};
  std::array<mmsghdr, kBatch> messages{};
  for (size_t i = 0; i < count; ++i) {
    buffers[i] = {frame(i).data(), frame_bytes_};
    messages[i].msg_hdr.msg_iov = &buffers[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  size_t sent = 0;
  while (sent < count) {
    const int result = sendmmsg(socket_, &messages[sent], static_cast<unsigned>(count - sent), 0);
    if (result > 0) {
      sent += static_cast<size_t>(result);
    } else if (errno == ENOBUFS || errno == EAGAIN) {
      // The queue is full. POLLOUT speaks of the socket's own memory only, hence the bounded wait.
      pollfd waiting{socket_, POLLOUT, 0};
      poll(&waiting, 1, 1);
    } else if (errno == EMSGSIZE) {
      return Error{
          fmt::format("send on {}: a frame of {} bytes is more than its MTU takes; lower --size",
                      interface_, frame_bytes_),
          EMSGSIZE};
    } else if (errno != EINTR) {
      return system_error("send on " + interface_, errno);
    }
  }
  return {};
}

}  // namespace weir
