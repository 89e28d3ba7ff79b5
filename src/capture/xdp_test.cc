// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/xdp_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "capture/test_namespace.h"

namespace weir {
namespace {

using namespace test;
using testing::HasSubstr;
using Sources = std::vector<std::unique_ptr<PacketSource>>;

LiveOptions on(std::string interface, std::string bpf = "", size_t buffer = 8U << 20) {
  return {.interface = std::move(interface), .bpf = std::move(bpf), .buffer_bytes = buffer};
}

Sources open(const LiveOptions& options, std::vector<uint32_t> queues = {}, size_t sources = 1) {
  auto opened = open_xdp(options, std::move(queues), sources);
  EXPECT_TRUE(opened.ok()) << opened.error().message;
  return opened ? *std::move(opened) : Sources{};
}

std::string error_of(const LiveOptions& options, std::vector<uint32_t> queues = {},
                     size_t sources = 1) {
  const auto opened = open_xdp(options, std::move(queues), sources);
  return opened ? "" : opened.error().message;
}

bool has_program(const std::string& interface) {
  return shell("ip -details link show " + interface + " | grep -q 'prog/xdp'");
}

TEST(Xdp, DeliversWhatIsSent) {
  in_namespace([] {
    const Sources sources = open(on("weir-test-b"));
    ASSERT_EQ(sources.size(), 1U);
    PacketSource& source = *sources.front();
    EXPECT_EQ(source.name(), "weir-test-b");
    EXPECT_FALSE(source.is_file());
    // A veth cannot do without copying.
    EXPECT_EQ(source.method(), "AF_XDP copy, native XDP");
    const FrameSender sender("weir-test-a");
    std::vector<std::string> sent;
    for (uint16_t i = 0; i < 500; ++i) sent.push_back(udp_frame(i, 60 + 2 * i));
    for (const std::string& frame : sent) sender.send(frame);
    const auto packets = read_live(source, sent.size());
    ASSERT_EQ(packets.size(), sent.size());
    for (size_t i = 0; i < sent.size(); ++i) {
      EXPECT_EQ(packets[i].packet.data, sent[i]);
      EXPECT_EQ(packets[i].packet.wire_length, sent[i].size());
      EXPECT_EQ(packets[i].packet.link_type, LinkType::kEthernet);
    }
    EXPECT_GT(packets.front().packet.timestamp.seconds, 1'600'000'000U);
    EXPECT_EQ(source.statistics().packets, sent.size());
    EXPECT_EQ(source.statistics().kernel_drops, 0U);
  });
}

// AF_PACKET stands where the network stack begins.
TEST(Xdp, TakesThePacketsFromTheStackWhileItIsOpen) {
  in_namespace([] {
    const auto stack = open_live(on("weir-test-b"));
    ASSERT_TRUE(stack);
    const FrameSender sender("weir-test-a");
    {
      const Sources sources = open(on("weir-test-b"));
      ASSERT_FALSE(sources.empty());
      sender.send(udp_frame(7, 60));
      EXPECT_EQ(read_live(*sources.front(), 1).size(), 1U);
    }
    sender.send(udp_frame(8, 60));
    const auto packets = read_live(**stack, 1);
    ASSERT_EQ(packets.size(), 1U);
    EXPECT_EQ(packets[0].packet.data, udp_frame(8, 60));
  });
}

TEST(Xdp, LeavesTheInterfaceAsItWas) {
  in_namespace([] {
    EXPECT_FALSE(has_program("weir-test-b"));
    Sources sources = open(on("weir-test-b"));
    EXPECT_TRUE(has_program("weir-test-b"));
    sources.clear();
    EXPECT_FALSE(has_program("weir-test-b"));
    EXPECT_FALSE(open(on("weir-test-b")).empty()) << "and it can be opened again";
  });
}

TEST(Xdp, CountsWhatTheKernelDropped) {
  in_namespace([] {
    const Sources sources = open(on("weir-test-b", "", 512U << 10));  // 128 frames
    ASSERT_FALSE(sources.empty());
    const FrameSender sender("weir-test-a");
    const uint64_t before = transmitted("weir-test-a");
    for (int i = 0; i < 700; ++i) sender.send(udp_frame(1, 1500));
    const size_t got = read_live(*sources.front(), 1).size();
    EXPECT_GT(got, 0U);
    const CaptureStatistics statistics = sources.front()->statistics();
    EXPECT_EQ(statistics.packets, got);
    EXPECT_EQ(statistics.kernel_drops, transmitted("weir-test-a") - before - got);
    EXPECT_GT(statistics.kernel_drops, 0U);
    EXPECT_EQ(statistics.kernel_drops,
              statistics.drops[DropPlace::kXdpRing] + statistics.drops[DropPlace::kXdpOther]);

    for (int i = 0; i < 50; ++i) sender.send(udp_frame(1, 1500));
    EXPECT_EQ(read_live(*sources.front(), 50).size(), 50U) << "the rings go on";
  });
}

TEST(Xdp, DeliversALongRunInOrderThroughRingsThatTurnRound) {
  in_namespace([] {
    const Sources sources = open(on("weir-test-b", "", 1U << 20));  // 256 frames
    ASSERT_FALSE(sources.empty());
    const FrameSender sender("weir-test-a");
    const auto numbered = [](size_t i) { return udp_frame(static_cast<uint16_t>(i), 200); };
    constexpr size_t kSent = 10'000;
    constexpr size_t kOnTheWay = 100;
    size_t got = 0;
    size_t in_order = 0;
    PacketBatch batch;
    for (size_t sent = 0; got < kSent;) {
      for (; sent < std::min(kSent, got + kOnTheWay); ++sent) sender.send(numbered(sent));
      if (sources.front()->poll(batch, std::chrono::seconds(10)) != PollStatus::kPackets) break;
      for (size_t i = 0; i < batch.count; ++i)
        in_order += copy_of(batch.packets[i]).data == numbered(got++) ? 1 : 0;
    }
    EXPECT_EQ(got, kSent);
    EXPECT_EQ(in_order, kSent);
    EXPECT_EQ(sources.front()->statistics().kernel_drops, 0U);
  });
}

TEST(Xdp, DeliversOnlyWhatTheFilterLetsThrough) {
  in_namespace([] {
    const Sources sources = open(on("weir-test-b", "udp port 7"));
    ASSERT_FALSE(sources.empty());
    const FrameSender sender("weir-test-a");
    for (uint16_t port = 0; port < 200; ++port) sender.send(udp_frame(port, 60));
    const auto packets = read_live(*sources.front(), 1);
    ASSERT_EQ(packets.size(), 1U);
    EXPECT_EQ(packets[0].packet.data, udp_frame(7, 60));
  });
}

TEST(Xdp, DealsTheQueuesOutToItsSources) {
  in_namespace([] {
    ASSERT_TRUE(
        shell("ip link add weir-test-c numtxqueues 4 numrxqueues 4 type veth peer name "
              "weir-test-d numtxqueues 4 numrxqueues 4 && ip link set weir-test-c up && "
              "ip link set weir-test-d up"));
    wait_until_forwarding("weir-test-c", "weir-test-d");
    EXPECT_EQ(receive_queues("weir-test-d"), 4U);
    EXPECT_EQ(error_of(on("weir-test-d"), {0, 1}, 3),
              "weir-test-d: 2 queues cannot be shared by 3 shards");
    const Sources sources = open(on("weir-test-d"), {}, 3);
    ASSERT_EQ(sources.size(), 3U);
    const FrameSender sender("weir-test-c");
    for (uint16_t port = 0; port < 200; ++port) sender.send(udp_frame(port, 60));
    size_t packets = 0;
    for (const auto& source : sources) packets += read_live(*source, 0).size();
    EXPECT_EQ(packets, 200U);
  });
}

TEST(Xdp, SaysWhyItCannotOpen) {
  in_namespace([] {
    EXPECT_THAT(error_of(on("eth99")), HasSubstr("eth99: there is no such interface"));
    EXPECT_EQ(error_of(on("weir-test-b"), {7}),
              "weir-test-b: AF_XDP on queue 7: there is no such queue");
    EXPECT_THAT(error_of(on("weir-test-b", "tcp prot 80")),
                HasSubstr("weir-test-b: filter \"tcp prot 80\": "));
    const Sources sources = open(on("weir-test-b"));
    EXPECT_EQ(error_of(on("weir-test-b")),
              "weir-test-b: AF_XDP on queue 0: another program has a socket there");
    ASSERT_TRUE(shell("ip link set weir-test-a down; ip link set weir-test-b down"));
    EXPECT_THAT(error_of(on("weir-test-b")), HasSubstr("the interface is down"));
    EXPECT_FALSE(has_program("weir-test-a")) << "nothing is left behind";
  });
}

TEST(Xdp, EndsWhenTheInterfaceIsGone) {
  in_namespace([] {
    const Sources sources = open(on("weir-test-b"));
    ASSERT_FALSE(sources.empty());
    ASSERT_TRUE(shell("ip link del weir-test-a"));
    PacketBatch batch;
    PollStatus status = PollStatus::kIdle;
    const auto deadline = steady_clock::now() + std::chrono::seconds(10);
    while (status != PollStatus::kEnd && steady_clock::now() < deadline)
      status = sources.front()->poll(batch, milliseconds(20));
    EXPECT_EQ(status, PollStatus::kEnd);
    EXPECT_EQ(sources.front()->error(), "weir-test-b: the interface is gone");
  });
}

}  // namespace
}  // namespace weir
