// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/ipfix_stream.h"

#include <gtest/gtest.h>

#include "collect/test_messages.h"

namespace weir {
namespace {

using namespace test_messages;  // NOLINT(google-build-using-namespace): made for tests

std::vector<Bytes> cut(const Bytes& bytes, size_t step, bool& is_ipfix) {
  IpfixStream stream;
  std::vector<Bytes> messages;
  is_ipfix = true;
  for (size_t at = 0; at < bytes.size() && is_ipfix; at += step) {
    const std::span<const uint8_t> piece(bytes.data() + at, std::min(step, bytes.size() - at));
    is_ipfix = stream.feed(piece, [&](std::span<const uint8_t> message) {
      messages.emplace_back(message.begin(), message.end());
    });
    EXPECT_LE(stream.held(), 65'535U);
  }
  return messages;
}

TEST(IpfixStream, CutsTheSameMessagesHoweverTheyCome) {
  const std::vector<Bytes> sent{ipfix(0, {plain_template_set()}), ipfix(0, {}),
                                ipfix(0, {set_of(kPlain, plain_record())})};
  Bytes all;
  for (const Bytes& message : sent) append(all, message);
  for (const size_t step : {size_t{1}, size_t{2}, size_t{3}, size_t{7}, size_t{50}, all.size()}) {
    bool is_ipfix = false;
    EXPECT_EQ(cut(all, step, is_ipfix), sent) << step;
    EXPECT_TRUE(is_ipfix);
  }
}

TEST(IpfixStream, RefusesWhatIsNoIpfix) {
  Bytes all = ipfix(0, {plain_template_set()});
  append(all, {'G', 'E', 'T', ' ', '/', ' '});
  for (const size_t step : {size_t{1}, size_t{5}, all.size()}) {
    bool is_ipfix = true;
    EXPECT_EQ(cut(all, step, is_ipfix).size(), 1U);
    EXPECT_FALSE(is_ipfix);
  }
  // A message shorter than its own header.
  bool is_ipfix = true;
  EXPECT_TRUE(cut({0, 10, 0, 15, 0, 0}, 6, is_ipfix).empty());
  EXPECT_FALSE(is_ipfix);
}

}  // namespace
}  // namespace weir
