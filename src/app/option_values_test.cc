// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "app/options.h"

namespace weir {
namespace {

TEST(ParseListenAddress, TakesWhatPeopleWrite) {
  const auto expect = [](std::string_view text, std::string_view address, uint16_t port) {
    const auto listen = parse_listen_address(text);
    ASSERT_TRUE(listen) << text;
    EXPECT_EQ(listen->address, address) << text;
    EXPECT_EQ(listen->port, port) << text;
  };
  expect("127.0.0.1:3000", "127.0.0.1", 3000);
  expect("[::1]:3000", "::1", 3000);
  expect(":8080", "127.0.0.1", 8080);
  expect("8080", "127.0.0.1", 8080);
  expect("localhost:80", "localhost", 80);
  expect("0.0.0.0:65535", "0.0.0.0", 65535);
  expect("127.0.0.1:0", "127.0.0.1", 0);
}

TEST(ParseListenAddress, RefusesTheRest) {
  for (const std::string_view text :
       {"", ":", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "::1:3000", "[::1]",
        "[]:80", "example.org:80", "127.0.0.1:80x", "x"}) {
    const auto listen = parse_listen_address(text);
    ASSERT_FALSE(listen) << text;
    EXPECT_EQ(listen.error().message,
              "\"" + std::string(text) +
                  "\" is no address to listen on: write 127.0.0.1:3000 or [::1]:3000");
  }
}

TEST(ParseNetworks, ReadsAList) {
  const auto networks = parse_networks("10.0.0.0/8,2001:db8::/32,192.0.2.1");
  ASSERT_TRUE(networks);
  EXPECT_EQ(*networks,
            (std::vector<Prefix>{*Prefix::parse("10.0.0.0/8"), *Prefix::parse("2001:db8::/32"),
                                 *Prefix::parse("192.0.2.1")}));
  EXPECT_TRUE(parse_networks("")->empty());
}

TEST(ParseNetworks, NamesThePartThatIsWrong) {
  const auto networks = parse_networks("10.0.0.0/8,office,::/0");
  ASSERT_FALSE(networks);
  EXPECT_EQ(networks.error().message, "\"office\" is no network: write 10.0.0.0/8,2001:db8::/32");
  EXPECT_FALSE(parse_networks("10.0.0.0/8,,::/0"));
  EXPECT_FALSE(parse_networks(","));
}

TEST(DefaultLocalNetworks, AreThePrivateOnes) {
  const auto is_local = [](const char* text) {
    for (const Prefix& network : default_local_networks()) {
      if (network.contains(*IpAddress::parse(text))) return true;
    }
    return false;
  };
  for (const char* text : {"10.1.2.3", "172.31.255.255", "192.168.1.1", "100.64.0.1", "169.254.1.1",
                           "127.0.0.1", "fd00::1", "fe80::1", "::1"}) {
    EXPECT_TRUE(is_local(text)) << text;
  }
  for (const char* text : {"8.8.8.8", "172.32.0.1", "192.169.0.1", "2001:db8::1", "::2"})
    EXPECT_FALSE(is_local(text)) << text;
}

TEST(Numbers, AreListsAndRanges) {
  using Numbers = std::vector<uint32_t>;
  EXPECT_EQ(parse_numbers("0").value(), (Numbers{0}));
  EXPECT_EQ(parse_numbers("0-3").value(), (Numbers{0, 1, 2, 3}));
  EXPECT_EQ(parse_numbers("2,0").value(), (Numbers{2, 0}));
  EXPECT_EQ(parse_numbers("4,1-2,4095").value(), (Numbers{4, 1, 2, 4095}));
}

TEST(Numbers, AreRefusedWhenTheyAreNoList) {
  for (const char* text : {"", "x", "1,", ",1", "1-", "-1", "3-1", "1,1", "0-2,2", "1 2", "4096",
                           "0-4294967295", "99999999999"}) {
    const auto numbers = parse_numbers(text);
    ASSERT_FALSE(numbers) << text;
    EXPECT_EQ(numbers.error().message,
              "\"" + std::string(text) + "\" is no list of numbers: write 0-3 or 0,2,5");
  }
}

TEST(ParseDnsServer, TakesAnAddressWithOrWithoutAPort) {
  EXPECT_EQ(*parse_dns_server("192.0.2.53"), "192.0.2.53");
  EXPECT_EQ(*parse_dns_server("192.0.2.53:5353"), "192.0.2.53:5353");
  EXPECT_EQ(*parse_dns_server("2001:db8::53"), "[2001:db8::53]");
  EXPECT_EQ(*parse_dns_server("[2001:db8::53]:65535"), "[2001:db8::53]:65535");
  for (const char* text :
       {"", "dns.example", "192.0.2.53:", "192.0.2.53:0", "192.0.2.53:65536", "192.0.2.53:53x",
        "[192.0.2.53]:53", "[::1]", "[]:53", ":53", "::1]:53", "192.0.2.53,192.0.2.54"})
    EXPECT_FALSE(parse_dns_server(text).ok()) << text;
}

TEST(ParseResolved, KnowsThreeWords) {
  EXPECT_EQ(*parse_resolved("off"), ResolvedHosts::kNone);
  EXPECT_EQ(*parse_resolved("local"), ResolvedHosts::kLocal);
  EXPECT_EQ(*parse_resolved("all"), ResolvedHosts::kAll);
  EXPECT_EQ(parse_resolved("some").error().message, "\"some\" is none of off, local, all");
}

}  // namespace
}  // namespace weir
