// SPDX-License-Identifier: GPL-3.0-or-later
#include "zmq/zmq_endpoint.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(ZmqEndpoint, IsATcpAddressOrAPath) {
  for (const char* text : {"tcp://192.0.2.1:5556", "tcp://probe.example:5556", "tcp://*:5556",
                           "tcp://[2001:db8::1]:5556", "tcp://127.0.0.1:*", "ipc:///run/flows"}) {
    const auto endpoint = ZmqEndpoint::parse(text);
    ASSERT_TRUE(endpoint) << text;
    EXPECT_EQ(endpoint->address, text);
    EXPECT_EQ(endpoint->server_key, "");
  }
  for (const char* text :
       {"", "tcp://", "tcp://192.0.2.1", "tcp://:5556", "tcp://192.0.2.1:0",
        "tcp://192.0.2.1:65536", "tcp://2001:db8::1:5556", "tcp://192.0.2.1:5556c",
        "tcp://192.0.2.1:1;192.0.2.2:5556", "inproc://flows", "ipc://", "192.0.2.1:5556",
        "pgm://eth0;239.0.0.1:5556"})
    EXPECT_FALSE(ZmqEndpoint::parse(text)) << text;
}

TEST(ZmqEndpoint, MayNameTheKeyOfTheOtherSide) {
  const std::string key = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";
  const auto endpoint = ZmqEndpoint::parse("tcp://192.0.2.1:5556?key=" + key);
  ASSERT_TRUE(endpoint);
  EXPECT_EQ(endpoint->address, "tcp://192.0.2.1:5556");
  EXPECT_EQ(endpoint->server_key, key);
  EXPECT_FALSE(ZmqEndpoint::parse("tcp://192.0.2.1:5556?key=short"));
}

TEST(ZmqEndpoint, OfThisMachineIsLocal) {
  for (const char* text : {"tcp://127.0.0.1:1", "tcp://127.1.2.3:1", "tcp://localhost:1",
                           "tcp://[::1]:1", "ipc://flows"})
    EXPECT_TRUE(ZmqEndpoint::parse(text)->is_local()) << text;
  for (const char* text : {"tcp://192.0.2.1:1", "tcp://*:1", "tcp://0.0.0.0:1", "tcp://[::]:1",
                           "tcp://127.evil.example:1", "tcp://localhost.example:1", "tcp://eth0:1"})
    EXPECT_FALSE(ZmqEndpoint::parse(text)->is_local()) << text;
}

}  // namespace
}  // namespace weir
