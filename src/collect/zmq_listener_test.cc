// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/zmq_listener.h"

#include <gtest/gtest.h>

#include <string>

#include "base/test_patience.h"
#include "zmq/zmq_publisher.h"

namespace weir {
namespace {

using std::chrono::milliseconds;

ZmqLinkOptions link(const std::string& address, bool binds) {
  ZmqLinkOptions options;
  options.endpoint = *ZmqEndpoint::parse(address);
  options.binds = binds;
  return options;
}

TEST(ZmqListener, HandsOutBothPartsAndWhoSentThem) {
  const CurveKeys root = *make_curve_keys();
  const CurveKeys leaf = *make_curve_keys();
  ZmqLinkOptions guarded = link("tcp://127.0.0.1:*", true);
  guarded.keys = root;
  guarded.allowed.keys = {leaf.public_key};
  auto listener = open_zmq_listener(guarded);
  ASSERT_TRUE(listener) << listener.error().message;
  ZmqPublisherOptions options;
  options.link = link("tcp://127.0.0.1:" + std::to_string((*listener)->port()), false);
  options.link.endpoint.server_key = root.public_key;
  options.link.keys = leaf;
  options.source = 9;
  auto publisher = ZmqPublisher::open(options);
  ASSERT_TRUE(publisher) << publisher.error().message;

  const std::string text = R"({"8":"10.0.0.1","12":"10.0.0.2","1":100,"2":2})";
  Collector collector({.secret = {1, 2, 3, 4}});
  bool is_sent = false;
  EXPECT_TRUE(test::comes_true([&] {
    if (!is_sent) {
      const std::span bytes(reinterpret_cast<const uint8_t*>(text.data()), text.size());
      is_sent = (*publisher)->send("flow", bytes) == ZmqPublisher::Sent::kSent;
    }
    (void)(*listener)->poll(milliseconds(5), [&](const ReceivedExport& message) {
      EXPECT_EQ(message.transport, ExportTransport::kZeroMq);
      EXPECT_EQ(collector.take(message, int64_t{1'700'000'000} * 1'000'000'000),
                ExportError::kNone);
    });
    return !collector.flows().empty();
  }));
  collector.exporters().visit([](const Exporter& exporter) {
    EXPECT_EQ(exporter.key.address.to_string(), "127.0.0.1");
    EXPECT_EQ(exporter.key.domain, 9U);
    EXPECT_NE(exporter.key.link, 0U);
  });
  const ListenStatistics statistics = (*listener)->statistics();
  EXPECT_EQ(statistics.datagrams, 1U);
  EXPECT_EQ(statistics.accepted, 1U);
  ASSERT_TRUE(statistics.zmq);
  EXPECT_EQ(statistics.zmq->connections, 1U);
}

TEST(ZmqListener, IsNotOpenedPlainToTheNetwork) {
  const auto opened = open_zmq_listener(link("tcp://*:*", true));
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("--zmq-plain"), std::string::npos);
}

}  // namespace
}  // namespace weir
