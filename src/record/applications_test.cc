// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/applications.h"

#include <set>

#include <gtest/gtest.h>

#include "net/ip_protocol.h"

namespace weir {
namespace {

std::string_view guess(uint8_t protocol, uint16_t client_port, uint16_t server_port) {
  return application_name(guess_application(protocol, client_port, server_port));
}

TEST(Applications, AreNamedByTheServersPort) {
  EXPECT_EQ(guess(kProtocolTcp, 40000, 443), "TLS");
  EXPECT_EQ(guess(kProtocolUdp, 40000, 443), "QUIC");
  EXPECT_EQ(guess(kProtocolUdp, 40000, 53), "DNS");
  EXPECT_EQ(guess(kProtocolUdpLite, 40000, 53), "DNS");
  EXPECT_EQ(guess(kProtocolUdp, 40000, 138), "NetBIOS") << "the middle of a range";
}

TEST(Applications, AreNamedByTheClientsPortWhereTheServersSaysNothing) {
  EXPECT_EQ(guess(kProtocolTcp, 443, 40000), "TLS");
  EXPECT_EQ(guess(kProtocolTcp, 443, 80), "HTTP") << "the server's first";
  EXPECT_EQ(guess(kProtocolTcp, 40001, 40000), "Unknown");
}

TEST(Applications, WithoutPortsAreNamedByProtocol) {
  EXPECT_EQ(guess(kProtocolIcmp, 0, 0), "ICMP");
  EXPECT_EQ(guess(kProtocolIcmpv6, 0, 0), "ICMPV6");
  EXPECT_EQ(guess(89, 0, 0), "OSPF");
  EXPECT_EQ(guess(kProtocolTcp, 0, 0), "Unknown");
  EXPECT_EQ(guess(253, 0, 0), "Unknown");
}

TEST(Applications, HaveCategories) {
  EXPECT_EQ(application_category(application_of_port(kProtocolTcp, 443)), "Web");
  EXPECT_EQ(application_category(kApplicationUnknown), "Unknown");
}

TEST(Applications, OwnPortsOfTheirTransportOnly) {
  EXPECT_EQ(application_of_port(kProtocolTcp, 67), kApplicationUnknown);
  EXPECT_NE(application_of_port(kProtocolUdp, 67), kApplicationUnknown);
  EXPECT_EQ(application_of_port(kProtocolTcp, 0), kApplicationUnknown);
}

TEST(Applications, EachHaveOneNumber) {
  std::set<std::string_view> names;
  for (uint16_t i = 0; i < application_count(); ++i) {
    EXPECT_FALSE(application_name(i).empty()) << i;
    EXPECT_FALSE(application_category(i).empty()) << i;
    names.insert(application_name(i));
  }
  EXPECT_EQ(names.size(), application_count());
}

TEST(Applications, BeyondTheTableAreUnknown) {
  EXPECT_EQ(application_name(application_count()), "Unknown");
  EXPECT_EQ(application_category(UINT16_MAX), "Unknown");
}

}  // namespace
}  // namespace weir
