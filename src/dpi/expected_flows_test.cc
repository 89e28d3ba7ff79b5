// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/expected_flows.h"

#include <gtest/gtest.h>

#include "net/ip_protocol.h"

namespace weir {
namespace {

FlowEnd end_at(std::string_view address, uint16_t port) {
  return {*IpAddress::parse(address), port, kProtocolTcp};
}

TEST(ExpectedFlows, KnowsWhatWasAnnouncedForAWhile) {
  ExpectedFlows expected(KeyedHash::random_secret());
  EXPECT_EQ(expected.protocol_of(end_at("10.0.0.1", 5000), {1, 0}), "");
  expected.announce(end_at("10.0.0.1", 5000), "FTP_DATA", {100, 0});
  EXPECT_EQ(expected.protocol_of(end_at("10.0.0.1", 5000), {100, 0}), "FTP_DATA");
  EXPECT_EQ(expected.protocol_of(end_at("10.0.0.1", 5001), {100, 0}), "");
  EXPECT_EQ(expected.protocol_of(end_at("10.0.0.2", 5000), {100, 0}), "");
  EXPECT_EQ(expected.protocol_of({*IpAddress::parse("10.0.0.1"), 5000, kProtocolUdp}, {100, 0}),
            "");
  EXPECT_EQ(expected.protocol_of(end_at("10.0.0.1", 5000), {280, 0}), "FTP_DATA");
  EXPECT_EQ(expected.protocol_of(end_at("10.0.0.1", 5000), {281, 0}), "");
}

TEST(ExpectedFlows, IsAnnouncedAgainForLonger) {
  ExpectedFlows expected(KeyedHash::random_secret());
  expected.announce(end_at("10.0.0.1", 5000), "FTP_DATA", {100, 0});
  expected.announce(end_at("10.0.0.1", 5000), "RTP", {200, 0});
  EXPECT_EQ(expected.protocol_of(end_at("10.0.0.1", 5000), {380, 0}), "RTP");
}

TEST(ExpectedFlows, ForgetsTheOldestWhenThereAreTooMany) {
  ExpectedFlows expected(KeyedHash::random_secret());
  for (uint32_t i = 0; i < ExpectedFlows::kMost + 10; ++i)
    expected.announce(end_at("2001:db8::1", static_cast<uint16_t>(i + 1)), "RTP", {100, 0});
  EXPECT_EQ(expected.forgotten(), 10U);
  EXPECT_EQ(expected.protocol_of(end_at("2001:db8::1", 10), {100, 0}), "");
  EXPECT_EQ(expected.protocol_of(end_at("2001:db8::1", 11), {100, 0}), "RTP");
  EXPECT_EQ(expected.protocol_of(end_at("2001:db8::1", ExpectedFlows::kMost + 10), {100, 0}),
            "RTP");
}

}  // namespace
}  // namespace weir
