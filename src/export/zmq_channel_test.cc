// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/zmq_channel.h"

#include <thread>

#include <gtest/gtest.h>

#include "base/test_patience.h"
#include "zmq/zmq_subscriber.h"

namespace weir {
namespace {

const MessageChannel::IsOver kNever = [] { return false; };

std::unique_ptr<ZmqChannel> listening() {
  ZmqLinkOptions link;
  link.endpoint = *ZmqEndpoint::parse("tcp://127.0.0.1:*");
  link.binds = true;
  auto channel = ZmqChannel::open(link, "ipfix");
  EXPECT_TRUE(channel);
  return *std::move(channel);
}

TEST(ZmqChannel, WaitsForSomebodyWhoListens) {
  const auto channel = listening();
  ASSERT_FALSE(channel->open(kNever));
  ASSERT_FALSE(channel->send({{"one", 1}, {"two", 2}}, kNever));
  EXPECT_EQ(channel->kept(), 3U);
  ZmqLinkOptions link;
  link.endpoint = *ZmqEndpoint::parse(channel->address());
  const auto subscriber = ZmqSubscriber::open(link);
  ASSERT_TRUE(subscriber);
  ASSERT_TRUE(test::comes_true([&] { return channel->open(kNever).ok(); }));
  EXPECT_EQ(channel->kept(), 0U);
  ASSERT_TRUE(channel->send({{"three", 1}}, kNever));
  std::string heard;
  ASSERT_TRUE(test::comes_true([&] {
    (void)(*subscriber)->poll(std::chrono::milliseconds(10), [&](const ZmqMessage& message) {
      heard += std::string(message.payload.begin(), message.payload.end()) + ' ';
    });
    return heard == "one two three ";
  }));
  EXPECT_EQ(channel->statistics()["listeners"], Value(uint64_t{1}));
}

}  // namespace
}  // namespace weir
