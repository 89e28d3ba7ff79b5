// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/export_listener.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "base/descriptor.h"
#include "collect/ipfix_stream.h"
#include "collect/syslog_stream.h"

namespace weir {
namespace {

union SocketAddress {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

socklen_t make_address(const IpAddress& address, uint16_t port, SocketAddress& out) {
  std::memset(&out, 0, sizeof out);
  if (address.is_v4()) {
    out.v4.sin_family = AF_INET;
    out.v4.sin_port = htons(port);
    out.v4.sin_addr.s_addr = address.v4_bits();
    return sizeof out.v4;
  }
  out.v6.sin6_family = AF_INET6;
  out.v6.sin6_port = htons(port);
  std::memcpy(&out.v6.sin6_addr, address.bytes().data(), 16);
  return sizeof out.v6;
}

ExportPeer peer_of(const SocketAddress& from) {
  if (from.any.sa_family == AF_INET)
    return {IpAddress::from_v4(reinterpret_cast<const uint8_t*>(&from.v4.sin_addr)),
            ntohs(from.v4.sin_port)};
  if (from.any.sa_family != AF_INET6) return {};
  // One of IPv4 comes as ::ffff:a.b.c.d to a socket of both, which is how IpAddress holds it.
  return {IpAddress::from_v6(reinterpret_cast<const uint8_t*>(&from.v6.sin6_addr)),
          ntohs(from.v6.sin6_port)};
}

std::string shown(const IpAddress& address, uint16_t port) {
  return address.is_v4() ? fmt::format("{}:{}", address.to_string(), port)
                         : fmt::format("[{}]:{}", address.to_string(), port);
}

void set_option(const Descriptor& socket, int level, int name, int value) {
  // What a kernel does not know it does without.
  (void)::setsockopt(socket.get(), level, name, &value, sizeof value);
}

Descriptor make_socket(const SocketAddress& address, int type) {
  return Descriptor(::socket(address.any.sa_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

Result<Descriptor> bound(const ListenOptions& options, int type, uint16_t port) {
  SocketAddress address{};
  socklen_t length = make_address(options.address, port, address);
  Descriptor socket = make_socket(address, type);
  if (!socket.is_open() && errno == EAFNOSUPPORT && options.address == IpAddress()) {
    // A machine without IPv6.
    constexpr uint8_t kAny[4] = {};
    length = make_address(IpAddress::from_v4(kAny), port, address);
    socket = make_socket(address, type);
  }
  const std::string name = fmt::format("listen on {} ({})", shown(options.address, port),
                                       type == SOCK_STREAM ? "TCP" : "UDP");
  if (!socket.is_open()) return system_error(name, errno);
  if (type == SOCK_STREAM) set_option(socket, SOL_SOCKET, SO_REUSEADDR, 1);
  if (address.any.sa_family == AF_INET6) set_option(socket, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  if (::bind(socket.get(), &address.any, length) != 0) return system_error(name, errno);
  if (type == SOCK_STREAM && ::listen(socket.get(), SOMAXCONN) != 0)
    return system_error(name, errno);
  return socket;
}

uint16_t port_of(const Descriptor& socket) {
  SocketAddress address{};
  socklen_t length = sizeof address;
  if (::getsockname(socket.get(), &address.any, &length) != 0) return 0;
  return ntohs(address.any.sa_family == AF_INET ? address.v4.sin_port : address.v6.sin6_port);
}

size_t widen_buffer(const Descriptor& socket, size_t bytes) {
  const auto wanted = static_cast<int>(std::min(bytes, size_t{1} << 30));
  // Beyond net.core.rmem_max only for those who may; the others get what there is.
  if (::setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUFFORCE, &wanted, sizeof wanted) != 0)
    set_option(socket, SOL_SOCKET, SO_RCVBUF, wanted);
  int given = 0;
  socklen_t length = sizeof given;
  (void)::getsockopt(socket.get(), SOL_SOCKET, SO_RCVBUF, &given, &length);
  // The kernel doubles it for its own book-keeping (socket(7)).
  return static_cast<size_t>(std::max(given, 0)) / 2;
}

// Room for datagrams of any length, taken many with one system call.
class DatagramBatch {
 public:
  static constexpr size_t kDatagrams = 64;
  static constexpr size_t kMaxBytes = 65536;

  DatagramBatch() : bytes_(kDatagrams * kMaxBytes) {
    for (size_t i = 0; i < kDatagrams; ++i) {
      pieces_[i] = {bytes_.data() + i * kMaxBytes, kMaxBytes};
      headers_[i].msg_hdr.msg_iov = &pieces_[i];
      headers_[i].msg_hdr.msg_iovlen = 1;
      headers_[i].msg_hdr.msg_name = &from_[i];
    }
  }

  // How many came; 0: none.
  size_t receive(const Descriptor& socket) {
    for (size_t i = 0; i < kDatagrams; ++i) {
      headers_[i].msg_hdr.msg_namelen = sizeof from_[i];
      headers_[i].msg_hdr.msg_control = control_[i].data();
      headers_[i].msg_hdr.msg_controllen = control_[i].size();
    }
    const int count = ::recvmmsg(socket.get(), headers_.data(), kDatagrams, MSG_DONTWAIT, nullptr);
    return count > 0 ? static_cast<size_t>(count) : 0;
  }
  [[nodiscard]] std::span<const uint8_t> datagram(size_t index) const {
    return {bytes_.data() + index * kMaxBytes, headers_[index].msg_len};
  }
  [[nodiscard]] ExportPeer peer(size_t index) const { return peer_of(from_[index]); }
  [[nodiscard]] bool is_cut(size_t index) const {
    return (headers_[index].msg_hdr.msg_flags & MSG_TRUNC) != 0;
  }
  // What the kernel dropped before this one, of all time and in 32 bits; nothing when none.
  [[nodiscard]] std::optional<uint32_t> dropped(size_t index) {
    msghdr& header = headers_[index].msg_hdr;
    for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr;
         part = CMSG_NXTHDR(&header, part)) {
      if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SO_RXQ_OVFL) continue;
      uint32_t count = 0;
      std::memcpy(&count, CMSG_DATA(part), sizeof count);
      return count;
    }
    return std::nullopt;
  }

 private:
  struct alignas(cmsghdr) Control : std::array<uint8_t, CMSG_SPACE(sizeof(uint32_t))> {};

  std::vector<uint8_t> bytes_;
  std::array<mmsghdr, kDatagrams> headers_{};
  std::array<iovec, kDatagrams> pieces_{};
  std::array<SocketAddress, kDatagrams> from_{};
  std::array<Control, kDatagrams> control_{};
};

using Clock = std::chrono::steady_clock;

struct Connection {
  Descriptor socket;
  ExportPeer peer;
  Clock::time_point heard;  // or opened
  std::variant<IpfixStream, SyslogStream> stream;
};

class SocketListener final : public ExportListener {
 public:
  SocketListener(const ListenOptions& options, Descriptor datagrams, Descriptor connections)
      : options_(options), datagrams_(std::move(datagrams)), listening_(std::move(connections)) {
    set_option(datagrams_, SOL_SOCKET, SO_RXQ_OVFL, 1);
    statistics_.buffer_bytes = widen_buffer(datagrams_, options.buffer_bytes);
  }

  bool poll(std::chrono::milliseconds timeout, const TakeMessage& take) override {
    wanted_.clear();
    wanted_.push_back({datagrams_.get(), POLLIN, 0});
    wanted_.push_back({Clock::now() < no_accept_before_ ? -1 : listening_.get(), POLLIN, 0});
    for (const Connection& connection : connections_)
      wanted_.push_back({connection.socket.get(), POLLIN, 0});
    if (::poll(wanted_.data(), wanted_.size(), static_cast<int>(timeout.count())) <= 0)
      return false;
    if (wanted_[0].revents != 0) take_datagrams(take);
    read_connections(take);
    if (wanted_[1].revents != 0) accept_connections();
    return true;
  }

  [[nodiscard]] ListenStatistics statistics() const override {
    ListenStatistics statistics = statistics_;
    statistics.open = connections_.size();
    return statistics;
  }
  [[nodiscard]] uint16_t port() const override { return port_of(datagrams_); }

 private:
  void take_datagrams(const TakeMessage& take) {
    const size_t count = batch_.receive(datagrams_);
    for (size_t i = 0; i < count; ++i) {
      if (const auto dropped = batch_.dropped(i)) {
        statistics_.kernel_drops += *dropped - dropped_before_;
        dropped_before_ = *dropped;
      }
      ++statistics_.datagrams;
      if (batch_.is_cut(i)) {
        ++statistics_.cut;
        continue;
      }
      take({batch_.datagram(i), batch_.peer(i), transport(false), {}});
    }
  }

  [[nodiscard]] ExportTransport transport(bool is_connection) const {
    if (options_.kind == ListenOptions::Kind::kSyslog)
      return is_connection ? ExportTransport::kSyslogTcp : ExportTransport::kSyslog;
    return is_connection ? ExportTransport::kTcp : ExportTransport::kUdp;
  }

  // Their place in wanted_ is two behind that in connections_.
  void read_connections(const TakeMessage& take) {
    size_t kept = 0;
    for (size_t i = 0; i < connections_.size(); ++i) {
      const bool is_ready = wanted_[i + 2].revents != 0;
      if (is_ready && !read_connection(connections_[i], take)) continue;
      if (kept != i) std::swap(connections_[kept], connections_[i]);
      ++kept;
    }
    connections_.resize(kept);
  }

  // False when it is over.
  bool read_connection(Connection& connection, const TakeMessage& take) {
    const ssize_t got =
        ::recv(connection.socket.get(), stream_bytes_.data(), stream_bytes_.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    const bool is_over = got <= 0;
    connection.heard = Clock::now();
    const std::span<const uint8_t> bytes(stream_bytes_.data(),
                                         is_over ? 0 : static_cast<size_t>(got));
    const auto take_whole = [&](std::span<const uint8_t> message) {
      take({message, connection.peer, transport(true), {}});
    };
    if (auto* const syslog = std::get_if<SyslogStream>(&connection.stream)) {
      const uint64_t before = syslog->too_long();
      syslog->feed(bytes, take_whole);
      if (is_over) syslog->end(take_whole);
      statistics_.too_long += syslog->too_long() - before;
      statistics_.cut += syslog->cut();
      return !is_over;
    }
    if (is_over) {
      take_whole({});
      return false;
    }
    const bool is_ipfix = std::get<IpfixStream>(connection.stream).feed(bytes, take_whole);
    statistics_.foreign += is_ipfix ? 0 : 1;
    return is_ipfix;
  }

  void accept_connections() {
    SocketAddress from{};
    socklen_t length = sizeof from;
    Descriptor accepted(
        ::accept4(listening_.get(), &from.any, &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!accepted.is_open()) {
      // Where there is no descriptor left the socket stays ready, and poll() would never wait.
      constexpr std::chrono::seconds kPause{1};
      if (errno != EAGAIN) no_accept_before_ = Clock::now() + kPause;
      return;
    }
    const ExportPeer peer = peer_of(from);
    if (!make_room(peer.address)) {
      ++statistics_.refused;
      return;
    }
    ++statistics_.accepted;
    // The other end may be gone for good without a word.
    set_option(accepted, SOL_SOCKET, SO_KEEPALIVE, 1);
    Connection connection{std::move(accepted), peer, Clock::now(), IpfixStream()};
    if (options_.kind == ListenOptions::Kind::kSyslog) connection.stream = SyslogStream();
    connections_.push_back(std::move(connection));
  }

  // For one more from that address.
  bool make_room(const IpAddress& address) {
    const auto is_of_address = [&](const Connection& one) { return one.peer.address == address; };
    const auto of_address =
        static_cast<size_t>(std::count_if(connections_.begin(), connections_.end(), is_of_address));
    const bool address_is_full = of_address >= options_.max_connections_per_address;
    if (!address_is_full && connections_.size() < options_.max_connections) return true;
    auto quietest = connections_.end();
    for (auto at = connections_.begin(); at != connections_.end(); ++at) {
      if (address_is_full && !is_of_address(*at)) continue;
      if (quietest == connections_.end() || at->heard < quietest->heard) quietest = at;
    }
    const bool gives_way =
        quietest != connections_.end() && Clock::now() - quietest->heard >= options_.idle_after;
    if (!gives_way) return false;
    ++statistics_.idle;
    connections_.erase(quietest);
    return true;
  }

  ListenOptions options_;
  Descriptor datagrams_;
  Descriptor listening_;
  DatagramBatch batch_;
  std::vector<Connection> connections_;
  Clock::time_point no_accept_before_;
  std::vector<pollfd> wanted_;
  std::vector<uint8_t> stream_bytes_ = std::vector<uint8_t>(65536);
  uint32_t dropped_before_ = 0;
  ListenStatistics statistics_;
};

}  // namespace

Result<std::unique_ptr<ExportListener>> ExportListener::open(const ListenOptions& options) {
  auto datagrams = bound(options, SOCK_DGRAM, options.port);
  if (!datagrams) return datagrams.error();
  auto connections = bound(options, SOCK_STREAM, port_of(*datagrams));
  if (!connections) return connections.error();
  return std::unique_ptr<ExportListener>(
      std::make_unique<SocketListener>(options, *std::move(datagrams), *std::move(connections)));
}

}  // namespace weir
