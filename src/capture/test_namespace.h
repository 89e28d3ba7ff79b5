// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <ifaddrs.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

#include "base/descriptor.h"
#include "capture/test_captures.h"

namespace weir::test {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

inline bool shell(const std::string& command) {
  return std::system(command.c_str()) == 0;
}

// Sends frames as they are on an interface.
class FrameSender {
 public:
  explicit FrameSender(const std::string& interface)
      : socket_(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0)),
        index_(::if_nametoindex(interface.c_str())) {}

  // Waits while the receiving side's queue is full.
  void send(std::string_view frame) const {
    sockaddr_ll to{};
    to.sll_family = AF_PACKET;
    to.sll_ifindex = static_cast<int>(index_);
    const auto deadline = steady_clock::now() + std::chrono::seconds(10);
    ssize_t sent = -1;
    do {
      sent = ::sendto(socket_.get(), frame.data(), frame.size(), 0,
                      reinterpret_cast<const sockaddr*>(&to), sizeof to);
    } while (sent < 0 && errno == ENOBUFS && steady_clock::now() < deadline);
    EXPECT_EQ(sent, static_cast<ssize_t>(frame.size()));
  }

 private:
  Descriptor socket_;
  unsigned index_;
};

// Packets that a veth interface handed to the other end, those left out that found its queue full
// (a busy machine's softirq lets only 1000 wait).
inline uint64_t transmitted(const std::string& interface) {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return 0;
  uint64_t packets = 0;
  for (const ifaddrs* entry = first; entry != nullptr; entry = entry->ifa_next) {
    const bool has_counters = entry->ifa_addr != nullptr && entry->ifa_addr->sa_family == AF_PACKET;
    if (has_counters && entry->ifa_name == interface) {
      packets = static_cast<const rtnl_link_stats*>(entry->ifa_data)->tx_packets;
    }
  }
  ::freeifaddrs(first);
  return packets;
}

// An Ethernet frame: UDP from 10.0.0.1 to 10.0.0.2, `length` bytes in all (at least 42); `tag` (id
// + 1, 0: none) makes it a VLAN frame.
inline std::string udp_frame(uint16_t port, size_t length, uint16_t tag = 0) {
  FileBytes frame(Order::kBig);
  frame.text("\x02\x01\x01\x01\x01\x02\x02\x01\x01\x01\x01\x01");
  if (tag != 0) frame.u16(0x8100).u16(static_cast<uint16_t>(tag - 1));
  const auto ip_length = static_cast<uint16_t>(length - frame.bytes().size() - 2);
  frame.u16(0x0800)
      .u16(0x4500)
      .u16(ip_length)
      .u32(0)
      .u8(64)
      .u8(17)
      .u16(0)
      .u32(0x0a000001)
      .u32(0x0a000002);
  frame.u16(port).u16(port).u16(static_cast<uint16_t>(ip_length - 20)).u16(0);
  frame.text(std::string(length - frame.bytes().size(), 'x'));
  return frame.bytes();
}

// An interface that has just come up drops what it is given until the kernel gets round to giving
// it a queue. Sends probes (UDP port 9) until one arrives, and waits for all that were not dropped,
// so that none can turn up later.
inline void wait_until_forwarding(const std::string& from, const std::string& to) {
  const Descriptor witness(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = static_cast<int>(::if_nametoindex(to.c_str()));
  ASSERT_EQ(::bind(witness.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  const FrameSender sender(from);
  const uint64_t before = transmitted(from);
  uint64_t arrived = 0;
  const auto deadline = steady_clock::now() + std::chrono::seconds(10);
  while (arrived == 0 || arrived < transmitted(from) - before) {
    ASSERT_LT(steady_clock::now(), deadline) << from << " does not reach " << to;
    if (arrived == 0) sender.send(udp_frame(9, 60));
    pollfd waiting{.fd = witness.get(), .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, 20) <= 0) continue;
    std::array<uint8_t, 2048> frame{};
    if (::recv(witness.get(), frame.data(), frame.size(), MSG_DONTWAIT) > 0) ++arrived;
  }
}

// Runs `body` on a thread in a network namespace of its own, in which loopback and the veth pair
// weir-test-a, weir-test-b are up and nobody else speaks. The namespace goes with the thread and
// its sockets. Skips the test without the right to make one, and under an emulator
// (cmake/aarch64.cmake).
inline void in_namespace(const std::function<void()>& body) {
  if (std::getenv("WEIR_EMULATED") != nullptr) {
    GTEST_SKIP() << "skipped: the emulator knows no packet sockets";
  }
  bool may = true;
  std::thread([&] {
    may = ::unshare(CLONE_NEWNET) == 0;
    if (!may) return;
    // IPv6 would send router solicitations of its own.
    ASSERT_TRUE(
        shell("for f in all default; do echo 1 > /proc/sys/net/ipv6/conf/$f/disable_ipv6; done 2> "
              "/dev/null;"
              "ip link set lo up && ip link add weir-test-a type veth peer name weir-test-b && "
              "ip link set weir-test-a up && ip link set weir-test-b up"));
    wait_until_forwarding("weir-test-a", "weir-test-b");
    wait_until_forwarding("weir-test-b", "weir-test-a");
    body();
  }).join();
  if (!may) GTEST_SKIP() << "skipped: making a network namespace needs root";
}

struct LivePacket {
  Packet packet;
  uint16_t vlan_tpid = 0;
  uint16_t vlan_tci = 0;
};

// What the source delivers until it has been silent for 0.3 seconds, at least `expected` packets
// unless ten seconds pass.
inline std::vector<LivePacket> read_live(PacketSource& source, size_t expected) {
  std::vector<LivePacket> packets;
  PacketBatch batch;
  const auto deadline = steady_clock::now() + std::chrono::seconds(10);
  auto silent_since = steady_clock::now();
  while (steady_clock::now() < deadline) {
    const PollStatus status = source.poll(batch, milliseconds(50));
    if (status == PollStatus::kEnd) break;
    for (size_t i = 0; i < batch.count; ++i) {
      const PacketView& view = batch.packets[i];
      packets.push_back({copy_of(view), view.vlan_tpid, view.vlan_tci});
    }
    if (batch.count != 0) silent_since = steady_clock::now();
    if (packets.size() >= expected && steady_clock::now() - silent_since > milliseconds(300)) break;
  }
  return packets;
}

}  // namespace weir::test
