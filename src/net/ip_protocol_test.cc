// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/ip_protocol.h"

#include <set>

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(IpProtocol, HasIanasKeyword) {
  EXPECT_EQ(protocol_name(kProtocolTcp), "TCP");
  EXPECT_EQ(protocol_name(kProtocolUdp), "UDP");
  EXPECT_EQ(protocol_name(kProtocolIcmpv6), "IPv6-ICMP");
  EXPECT_EQ(protocol_name(kProtocolSctp), "SCTP");
  EXPECT_EQ(protocol_name(89), "OSPF");
  EXPECT_EQ(protocol_name(255), "");
}

TEST(IpProtocol, GivesNoNameTwice) {
  std::set<std::string_view> names;
  size_t named = 0;
  for (int protocol = 0; protocol < 256; ++protocol) {
    const std::string_view name = protocol_name(static_cast<uint8_t>(protocol));
    if (name.empty()) continue;
    names.insert(name);
    ++named;
  }
  EXPECT_EQ(names.size(), named);
  EXPECT_GE(named, 20U);
}

TEST(IpProtocol, IsFoundByItsKeyword) {
  EXPECT_EQ(protocol_number("TCP"), kProtocolTcp);
  EXPECT_EQ(protocol_number("udplite"), kProtocolUdpLite);
  EXPECT_EQ(protocol_number("IPv6-ICMP"), kProtocolIcmpv6);
  EXPECT_EQ(protocol_number("ICMPv6"), kProtocolIcmpv6);
  for (const std::string_view name : {"", "TC", "TCPX", "6"})
    EXPECT_FALSE(protocol_number(name)) << name;
}

TEST(IpProtocol, FallsIntoFourClasses) {
  EXPECT_EQ(protocol_class(6), ProtocolClass::kTcp);
  EXPECT_EQ(protocol_class(17), ProtocolClass::kUdp);
  EXPECT_EQ(protocol_class(1), ProtocolClass::kIcmp);
  EXPECT_EQ(protocol_class(58), ProtocolClass::kIcmp);
  EXPECT_EQ(protocol_class(kProtocolUdpLite), ProtocolClass::kOther);
  EXPECT_EQ(protocol_class(0), ProtocolClass::kOther);
}

}  // namespace
}  // namespace weir
