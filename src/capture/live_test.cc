// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/live.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/syscall.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <stop_token>
#include <thread>

#include "capture/packet_socket.h"
#include "capture/test_namespace.h"

namespace weir {
namespace {

using namespace test;
using testing::HasSubstr;

std::unique_ptr<PacketSource> open(const LiveOptions& options) {
  auto source = open_live(options);
  EXPECT_TRUE(source.ok()) << source.error().message;
  return source ? *std::move(source) : nullptr;
}

std::string error_of(const LiveOptions& options) {
  const auto source = open_live(options);
  return source ? "" : source.error().message;
}

// Both ways to capture from an interface must give the same.
class Live : public testing::TestWithParam<bool> {
 protected:
  static LiveOptions on(std::string interface, std::string bpf = "") {
    return {.interface = std::move(interface),
            .bpf = std::move(bpf),
            .buffer_bytes = 8U << 20,
            .prefer_libpcap = GetParam()};
  }
};

INSTANTIATE_TEST_SUITE_P(, Live, testing::Values(false, true),
                         [](const auto& way) { return way.param ? "Libpcap" : "AfPacket"; });

TEST_P(Live, DeliversWhatIsSent) {
  in_namespace([] {
    const auto source = open(on("weir-test-b"));
    ASSERT_TRUE(source);
    EXPECT_EQ(source->name(), "weir-test-b");
    EXPECT_FALSE(source->is_file());
    const FrameSender sender("weir-test-a");
    std::vector<std::string> sent;
    for (uint16_t i = 0; i < 500; ++i) sent.push_back(udp_frame(i, 60 + 2 * i));
    for (const std::string& frame : sent) sender.send(frame);
    const auto packets = read_live(*source, sent.size());
    ASSERT_EQ(packets.size(), sent.size());
    for (size_t i = 0; i < sent.size(); ++i) {
      EXPECT_EQ(packets[i].packet.data, sent[i]);
      EXPECT_EQ(packets[i].packet.wire_length, sent[i].size());
      EXPECT_EQ(packets[i].packet.link_type, LinkType::kEthernet);
      EXPECT_EQ(packets[i].vlan_tpid, 0);
      EXPECT_GE(packets[i].packet.timestamp, packets[i - (i != 0 ? 1 : 0)].packet.timestamp);
    }
    EXPECT_GT(packets.front().packet.timestamp.seconds, 1'600'000'000U);
    EXPECT_EQ(source->statistics().packets, sent.size());
    EXPECT_EQ(source->statistics().kernel_drops, 0U);
  });
}

TEST_P(Live, SeesWhatTheInterfaceSendsToo) {
  in_namespace([] {
    const auto source = open(on("weir-test-a"));
    ASSERT_TRUE(source);
    FrameSender("weir-test-a").send(udp_frame(1, 60));
    FrameSender("weir-test-b").send(udp_frame(2, 60));
    EXPECT_EQ(read_live(*source, 2).size(), 2U);
  });
}

// Whether libpcap put the tag back into the frame or the kernel keeps it beside: it is there once,
// and counted.
TEST_P(Live, KeepsTheVlanTag) {
  in_namespace([] {
    const auto source = open(on("weir-test-b"));
    ASSERT_TRUE(source);
    const std::string frame = udp_frame(1, 100, 20 + 1);
    FrameSender("weir-test-a").send(frame);
    const auto packets = read_live(*source, 1);
    ASSERT_EQ(packets.size(), 1U);
    EXPECT_EQ(packets[0].packet.wire_length, 100U);
    if (packets[0].vlan_tpid == 0) {
      EXPECT_EQ(packets[0].packet.data, frame);
    } else {
      EXPECT_EQ(packets[0].vlan_tpid, 0x8100);
      EXPECT_EQ(packets[0].vlan_tci, 20);
      EXPECT_EQ(packets[0].packet.data, std::string(frame).erase(12, 4));
    }
  });
}

TEST_P(Live, DeliversOnlyWhatTheFilterLetsThrough) {
  in_namespace([] {
    const auto ports = open(on("weir-test-b", "udp port 7"));
    const auto tagged = open(on("weir-test-b", "vlan 20"));
    ASSERT_TRUE(ports && tagged);
    const FrameSender sender("weir-test-a");
    for (uint16_t port = 0; port < 50; ++port) sender.send(udp_frame(port, 60));
    sender.send(udp_frame(70, 80, 20 + 1));
    sender.send(udp_frame(70, 80, 21 + 1));
    const auto by_port = read_live(*ports, 1);
    ASSERT_EQ(by_port.size(), 1U);
    EXPECT_EQ(by_port[0].packet.data, udp_frame(7, 60));
    const auto by_tag = read_live(*tagged, 1);
    ASSERT_EQ(by_tag.size(), 1U);
    EXPECT_EQ(by_tag[0].packet.wire_length, 80U);
  });
}

TEST_P(Live, CountsWhatTheKernelDropped) {
  in_namespace([] {
    LiveOptions options = on("weir-test-b");
    options.buffer_bytes = 2U << 20;
    const auto source = open(options);
    ASSERT_TRUE(source);
    const FrameSender sender("weir-test-a");
    const uint64_t before = transmitted("weir-test-a");
    for (int i = 0; i < 5000; ++i) sender.send(udp_frame(1, 1500));  // 7.5 MB
    const size_t got = read_live(*source, 1).size();
    const uint64_t lost = transmitted("weir-test-a") - before - got;
    EXPECT_GT(lost, 0U);
    const CaptureStatistics statistics = source->statistics();
    EXPECT_EQ(statistics.packets, got);
    EXPECT_EQ(statistics.kernel_drops, lost);
    EXPECT_EQ(source->statistics().kernel_drops, lost) << "asking twice changes nothing";
    EXPECT_EQ(statistics.ring_freezes > 0, !GetParam());

    for (int i = 0; i < 100; ++i) sender.send(udp_frame(1, 1500));
    EXPECT_EQ(read_live(*source, 100).size(), 100U) << "the ring goes on";
  });
}

TEST_P(Live, TellsOtherThreadsItsStatisticsWhileItRuns) {
  in_namespace([] {
    const auto source = open(on("weir-test-b"));
    ASSERT_TRUE(source);
    std::atomic<uint64_t> asked{0};
    const auto ask = [&](const std::stop_token& stop) {
      uint64_t before = 0;
      while (!stop.stop_requested()) {
        const uint64_t packets = source->statistics().packets;
        EXPECT_GE(packets, before);
        before = packets;
        ++asked;
      }
    };
    const std::jthread one(ask);
    const std::jthread another(ask);
    const FrameSender sender("weir-test-a");
    for (uint16_t i = 0; i < 500; ++i) sender.send(udp_frame(i, 60));
    EXPECT_EQ(read_live(*source, 500).size(), 500U);
    while (asked < 10) std::this_thread::yield();
  });
}

TEST_P(Live, CountsEachPacketOfLoopbackOnce) {
  in_namespace([] {
    const auto source = open(on("lo"));
    ASSERT_TRUE(source);
    const Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(9);
    // To oneself: without an ICMP error that says nobody listens.
    ASSERT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
    for (int i = 0; i < 20; ++i) {
      ASSERT_EQ(
          ::sendto(socket.get(), "hello", 5, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to),
          5);
    }
    const auto packets = read_live(*source, 20);
    EXPECT_EQ(packets.size(), 20U);
    for (const LivePacket& packet : packets) EXPECT_EQ(packet.packet.wire_length, 14U + 20 + 8 + 5);
  });
}

TEST_P(Live, ShowsALonePacketAtOnce) {
  in_namespace([] {
    const auto source = open(on("weir-test-b"));
    ASSERT_TRUE(source);
    FrameSender("weir-test-a").send(udp_frame(1, 60));
    // One wait is enough: the ring hands it over by itself, not because more came.
    PacketBatch batch;
    EXPECT_EQ(source->poll(batch, std::chrono::seconds(5)), PollStatus::kPackets);
    EXPECT_EQ(batch.count, 1U);
  });
}

TEST_P(Live, DeliversALongRunInOrderThroughARingThatTurnsRound) {
  in_namespace([] {
    const auto source = open(on("weir-test-b"));
    ASSERT_TRUE(source);
    const FrameSender sender("weir-test-a");
    const auto numbered = [](size_t i) { return udp_frame(static_cast<uint16_t>(i), 1000); };
    constexpr size_t kSent = 20'000;   // 20 MB through 8 MiB
    constexpr size_t kOnTheWay = 900;  // more at a time, and a busy machine's softirq drops them
    size_t got = 0;
    size_t in_order = 0;
    PacketBatch batch;
    for (size_t sent = 0; got < kSent;) {
      for (; sent < std::min(kSent, got + kOnTheWay); ++sent) sender.send(numbered(sent));
      if (source->poll(batch, std::chrono::seconds(10)) != PollStatus::kPackets) break;
      for (size_t i = 0; i < batch.count; ++i) {
        in_order += copy_of(batch.packets[i]).data == numbered(got) ? 1 : 0;
        ++got;
      }
    }
    EXPECT_EQ(got, kSent);
    EXPECT_EQ(in_order, kSent);
    EXPECT_EQ(source->statistics().kernel_drops, 0U);
  });
}

TEST_P(Live, EndsWhenTheInterfaceIsGone) {
  in_namespace([] {
    const auto source = open(on("weir-test-b"));
    ASSERT_TRUE(source);
    FrameSender("weir-test-a").send(udp_frame(1, 60));
    ASSERT_TRUE(shell("ip link del weir-test-a"));
    PacketBatch batch;
    size_t packets = 0;
    PollStatus status = PollStatus::kIdle;
    const auto deadline = steady_clock::now() + std::chrono::seconds(10);
    while (status != PollStatus::kEnd && steady_clock::now() < deadline) {
      status = source->poll(batch, milliseconds(50));
      packets += batch.count;
    }
    EXPECT_EQ(status, PollStatus::kEnd);
    EXPECT_EQ(packets, 1U);
    EXPECT_THAT(source->error(), HasSubstr("weir-test-b: "));
    EXPECT_EQ(source->statistics().packets, 1U);
    EXPECT_EQ(source->poll(batch, milliseconds(1)), PollStatus::kEnd);
  });
}

TEST_P(Live, GoesOnWhenTheInterfaceWasDownForAWhile) {
  in_namespace([] {
    const auto source = open(on("weir-test-b", "udp port 7"));
    ASSERT_TRUE(source);
    ASSERT_TRUE(shell("ip link set weir-test-b down"));
    PacketBatch batch;
    EXPECT_EQ(source->poll(batch, milliseconds(50)), PollStatus::kIdle);
    EXPECT_THAT(source->error(), HasSubstr(GetParam() ? "" : "weir-test-b: the interface is down"));
    ASSERT_TRUE(shell("ip link set weir-test-b up"));
    EXPECT_EQ(source->poll(batch, milliseconds(50)), PollStatus::kIdle);
    EXPECT_EQ(source->error(), "");
    wait_until_forwarding("weir-test-a", "weir-test-b");
    FrameSender("weir-test-a").send(udp_frame(7, 60));
    EXPECT_EQ(read_live(*source, 1).size(), 1U);
    EXPECT_EQ(source->error(), "");
  });
}

TEST_P(Live, RefusesAnInterfaceThatIsDown) {
  in_namespace([] {
    ASSERT_TRUE(shell("ip link set weir-test-b down"));
    EXPECT_EQ(error_of(on("weir-test-b")),
              "weir-test-b: the interface is down; \"ip link set weir-test-b up\" starts it");
  });
}

TEST_P(Live, NamesTheInterfacesThereAreWhenAnotherIsAskedFor) {
  in_namespace([] {
    EXPECT_EQ(error_of(on("eth99")),
              "eth99: there is no such interface; there are lo, weir-test-b, weir-test-a");
  });
}

TEST_P(Live, PassesOnWhatLibpcapSaysAboutAFilter) {
  in_namespace([] {
    const std::string error = error_of(on("lo", "tcp prot 80"));
    EXPECT_THAT(error, HasSubstr("lo: filter \"tcp prot 80\": "));
    EXPECT_THAT(error, HasSubstr("syntax error"));
  });
}

TEST_P(Live, SaysWhichCapabilitiesAreMissing) {
  in_namespace([] {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    const std::array<__user_cap_data_struct, 2> none{};
    ASSERT_EQ(::syscall(SYS_capset, &header, none.data()), 0);  // of this thread
    EXPECT_EQ(error_of(on("lo")),
              "lo: no permission to capture: run as root or give weir the capabilities "
              "cap_net_raw,cap_net_admin");
  });
}

TEST(OpenLive, SharesAnInterfaceBetweenSourcesOfAGroup) {
  in_namespace([] {
    const LiveOptions options{
        .interface = "weir-test-b", .bpf = "udp", .buffer_bytes = 8U << 20, .fanout_group = 77};
    const auto sources = open_live(options, 2);
    ASSERT_TRUE(sources);
    const auto& first = (*sources)[0];
    const auto& second = (*sources)[1];
    const FrameSender sender("weir-test-a");
    for (uint16_t i = 0; i < 400; ++i) sender.send(udp_frame(i % 40, 60));
    sender.send(std::string(60, 'x'));  // not UDP
    std::vector<std::string> a;
    std::vector<std::string> b;
    for (const auto& packet : read_live(*first, 1)) a.push_back(packet.packet.data);
    for (const auto& packet : read_live(*second, 1)) b.push_back(packet.packet.data);
    EXPECT_EQ(a.size() + b.size(), 400U);
    for (const std::string& frame : a)
      EXPECT_EQ(std::count(b.begin(), b.end(), frame), 0) << "a flow in two places";
    EXPECT_FALSE(a.empty());
    EXPECT_FALSE(b.empty());
  });
}

TEST(OpenLive, LetsNothingIntoAGroupThatIsNotComplete) {
  in_namespace([] {
    const LiveOptions options{.interface = "weir-test-b", .fanout_group = 78};
    const auto joined = open_packet_socket(options, {});
    ASSERT_TRUE(joined);
    const FrameSender sender("weir-test-a");
    sender.send(udp_frame(1, 60));
    pollfd waiting{.fd = joined->descriptor.get(), .events = POLLIN, .revents = 0};
    EXPECT_EQ(::poll(&waiting, 1, 200), 0);
    ASSERT_TRUE(set_filter(options, joined->descriptor.get(), {}));
    sender.send(udp_frame(2, 60));
    EXPECT_EQ(::poll(&waiting, 1, 5000), 1);
  });
}

// What each gets must not depend on when the sources were opened: flows sent all the while.
TEST(OpenLive, KeepsEachFlowInOnePlaceFromItsFirstPacket) {
  in_namespace([] {
    const FrameSender sender("weir-test-a");
    std::atomic<bool> is_open = false;
    std::thread traffic([&] {
      for (uint16_t i = 0; i < 60'000 && !is_open; ++i) sender.send(udp_frame(i % 40, 60));
      // No more than the buffers hold, so the rest waits for the sources.
      while (!is_open) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      for (uint16_t i = 0; i < 400; ++i) sender.send(udp_frame(i % 40, 60));
    });
    const auto sources = open_live(
        {.interface = "weir-test-b", .bpf = "udp", .buffer_bytes = 8U << 20, .fanout_group = 79},
        3);
    is_open = true;
    traffic.join();
    ASSERT_TRUE(sources);
    std::map<std::string, size_t> place;
    for (size_t i = 0; i < sources->size(); ++i) {
      for (const auto& packet : read_live(*(*sources)[i], 1))
        EXPECT_EQ(place.emplace(packet.packet.data, i).first->second, i) << "a flow in two places";
    }
    EXPECT_EQ(place.size(), 40U);
  });
}

TEST(OpenLive, RefusesAGroupWhereOnlyLibpcapCanCapture) {
  in_namespace([] {
    EXPECT_EQ(error_of({.interface = "any", .fanout_group = 1}),
              "any: libpcap cannot share an interface between shards; use one");
  });
}

TEST(OpenLive, CapturesOnAnyInterface) {
  in_namespace([] {
    const auto source = open({.interface = "any", .bpf = "udp port 5"});
    ASSERT_TRUE(source);
    FrameSender("weir-test-a").send(udp_frame(5, 60));
    const auto packets = read_live(*source, 2);  // leaves one interface, enters the other
    EXPECT_EQ(packets.size(), 2U);
    for (const LivePacket& packet : packets)
      EXPECT_EQ(packet.packet.link_type, LinkType::kLinuxSll);
  });
}

TEST(OpenLive, WaitsForTheNetfilterLog) {
  in_namespace([] {
    auto source = open_live({.interface = "nflog:5"});
    if (!source) GTEST_SKIP() << "skipped: this kernel has no nflog: " << source.error().message;
    PacketBatch batch;
    EXPECT_EQ((*source)->poll(batch, milliseconds(1)), PollStatus::kIdle);
    EXPECT_EQ((*source)->poll(batch, milliseconds(1)), PollStatus::kIdle);
    EXPECT_EQ((*source)->error(), "");
  });
}

TEST(OpenLive, ShowsATunnelWithoutLinkLayerAsRawIp) {
  in_namespace([] {
    if (!shell("ip tuntap add weir-test-t mode tun 2> /dev/null && ip link set weir-test-t up")) {
      GTEST_SKIP() << "skipped: this kernel has no tun devices";
    }
    // A tun device without a process behind it has no carrier; that it opens as what it is is what
    // can be seen.
    const auto source = open({.interface = "weir-test-t", .bpf = "udp"});
    ASSERT_TRUE(source);
  });
}

TEST(OpenLive, WantsAName) {
  EXPECT_EQ(error_of({}), "an interface must have a name");
}

TEST(Interfaces, AreThoseThatAreUpWithLoopbackToldApart) {
  in_namespace([] {
    ASSERT_TRUE(shell("ip link set weir-test-a down"));
    const auto up = list_interfaces();
    ASSERT_EQ(up.size(), 2U);
    EXPECT_EQ(up[0].name, "lo");
    EXPECT_TRUE(up[0].is_loopback);
    EXPECT_EQ(up[1].name, "weir-test-b");
    EXPECT_FALSE(up[1].is_loopback);
    EXPECT_EQ(list_interfaces(true).size(), 3U);
  });
}

}  // namespace
}  // namespace weir
