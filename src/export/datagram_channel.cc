// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/datagram_channel.h"

#include <cerrno>
#include <chrono>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

namespace weir {

DatagramChannel::DatagramChannel(std::string host, uint16_t port)
    : host_(std::move(host)), port_(port) {}

Result<void> DatagramChannel::open(const IsOver& is_over) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  const int status = getaddrinfo(host_.c_str(), std::to_string(port_).c_str(), &wanted, &found);
  if (status != 0) return Error{fmt::format("{}: {}", host_, gai_strerror(status))};
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses(found, freeaddrinfo);
  int code = 0;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    Descriptor socket(::socket(one->ai_family, one->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
                               one->ai_protocol));
    if (socket.is_open() && connect(socket.get(), one->ai_addr, one->ai_addrlen) == 0) {
      socket_ = std::move(socket);
      return send_kept(is_over);
    }
    code = errno;
  }
  return Error{fmt::format("{}:{}: {}", host_, port_, std::generic_category().message(code)), code};
}

Result<bool> DatagramChannel::send_one(const Message& message, const IsOver& is_over) {
  constexpr int kLook = 100;
  while (true) {
    if (::send(socket_.get(), message.bytes.data(), message.bytes.size(), MSG_NOSIGNAL) >= 0)
      return true;
    switch (errno) {
      case EINTR:
        break;
      case EAGAIN:
      case ENOBUFS: {
        if (is_over()) return false;
        pollfd wanted{socket_.get(), POLLOUT, 0};
        (void)poll(&wanted, 1, kLook);
        break;
      }
      case ECONNREFUSED:  // the answer to one before; this one was not sent
        ++refused_;
        break;
      case EMSGSIZE:
        ++refused_;
        return true;
      default:
        return Error{fmt::format("{}:{}: {}", host_, port_, std::generic_category().message(errno)),
                     errno};
    }
  }
}

Result<void> DatagramChannel::send_kept(const IsOver& is_over) {
  // So many at once fit into the smallest buffer of a receiver, who then has time to empty it.
  constexpr size_t kBurst = 16;
  constexpr std::chrono::milliseconds kPause{1};
  while (!kept_messages().empty()) {
    if (++burst_ % kBurst == 0) std::this_thread::sleep_for(kPause);
    const auto sent = send_one(kept_messages().front(), is_over);
    if (!sent) return sent.error();
    if (!*sent) return Error{"not all could be sent before the end"};
    let_go();
  }
  return {};
}

Result<void> DatagramChannel::send(std::vector<Message>&& messages, const IsOver& is_over) {
  keep(std::move(messages));
  return send_kept(is_over);
}

}  // namespace weir
