// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/zmq_links.h"

#include <gtest/gtest.h>

#include "base/test_folder.h"

namespace weir {
namespace {

TEST(ZmqLinks, ReadTheKeysThatOptionsName) {
  const test::TestFolder folder;
  const CurveKeys own = *make_curve_keys();
  const std::string first = make_curve_keys()->public_key;
  const std::string second = make_curve_keys()->public_key;
  ASSERT_TRUE(write_curve_keys(folder.path() / "keys", own));
  folder.write("allowed", first + "\n");
  ZmqOptions options;
  options.keys_file = folder.path() / "keys";
  options.allow = {folder.path() / "allowed", second};
  const auto listens = zmq_link(*ZmqEndpoint::parse("tcp://*:5556"), true, options);
  ASSERT_TRUE(listens) << listens.error().message;
  EXPECT_TRUE(listens->binds);
  EXPECT_EQ(listens->keys->secret_key, own.secret_key);
  EXPECT_EQ(listens->allowed.keys, (std::vector<std::string>{first, second}));
  EXPECT_FALSE(listens->allowed.any);

  options.server_key = first;
  const auto connects = zmq_link(*ZmqEndpoint::parse("tcp://192.0.2.1:5556"), false, options);
  ASSERT_TRUE(connects);
  EXPECT_EQ(connects->endpoint.server_key, first);
  // The URL says it better.
  const auto by_url =
      zmq_link(*ZmqEndpoint::parse("tcp://192.0.2.1:5556?key=" + second), false, options);
  ASSERT_TRUE(by_url);
  EXPECT_EQ(by_url->endpoint.server_key, second);
}

TEST(ZmqLinks, SayWhichOptionIsWrong) {
  const ZmqEndpoint local = *ZmqEndpoint::parse("tcp://127.0.0.1:5556");
  ZmqOptions options;
  options.keys_file = "/nonexistent/keys";
  EXPECT_EQ(zmq_link(local, true, options).error().message.find("--zmq-keys: "), 0U);
  options.keys_file.clear();
  options.allow = {"/nonexistent/allowed"};
  EXPECT_EQ(zmq_link(local, true, options).error().message.find("--zmq-allow: "), 0U);
  options.allow.clear();
  EXPECT_TRUE(zmq_link(local, true, options));
  const ZmqEndpoint everywhere = *ZmqEndpoint::parse("tcp://*:5556");
  EXPECT_FALSE(zmq_link(everywhere, true, options));
  options.allows_plain = true;
  EXPECT_TRUE(zmq_link(everywhere, true, options));
}

}  // namespace
}  // namespace weir
