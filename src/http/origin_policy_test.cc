// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/origin_policy.h"

#include <gtest/gtest.h>

#include "http/http_server.h"

namespace weir {
namespace {

TEST(OriginPolicy, AllowsHostsThatOnlyThisMachineHas) {
  const OriginPolicy policy("127.0.0.1", 3000, {});
  for (const char* host :
       {"localhost", "localhost:3000", "LOCALHOST:3000", "127.0.0.1", "127.0.0.1:3000",
        "127.1.2.3:3000", "[::1]", "[::1]:3000", "[0:0:0:0:0:0:0:1]:3000"}) {
    EXPECT_TRUE(policy.allows_host(host)) << host;
  }
}

TEST(OriginPolicy, RefusesForeignNamesAndPorts) {
  const OriginPolicy policy("127.0.0.1", 3000, {});
  for (const char* host : {"",
                           "evil.example",
                           "evil.example:3000",
                           "localhost:3001",
                           "127.0.0.1:80",
                           "localhost.evil.example",
                           "127.0.0.1.evil.example",
                           "localhost.",
                           "10.0.0.1:3000",
                           "[fe80::1]:3000",
                           "::1",
                           "[::1",
                           "[::1]x",
                           "[127.0.0.1]",
                           "localhost:",
                           "localhost:3000x",
                           "localhost:+3000",
                           "localhost:99999",
                           "localhost:0",
                           "localhost:3000:3000",
                           "localhost ",
                           " localhost",
                           "user@localhost",
                           "127.1",
                           "0x7f.1",
                           "2130706433",
                           "0.0.0.0:3000"}) {
    EXPECT_FALSE(policy.allows_host(host)) << host;
  }
  EXPECT_FALSE(policy.allows_host(std::string_view("127.0.0.1\0.evil", 15)));
}

TEST(OriginPolicy, AllowsTheListeningAddress) {
  EXPECT_TRUE(OriginPolicy("10.1.2.3", 3000, {}).allows_host("10.1.2.3:3000"));
  EXPECT_FALSE(OriginPolicy("10.1.2.3", 3000, {}).allows_host("10.1.2.4:3000"));
  EXPECT_TRUE(OriginPolicy("fd00:0::1", 80, {}).allows_host("[fd00::1]:80"));
}

TEST(OriginPolicy, AllowsAnyAddressButNoNameWhereItListensEverywhere) {
  for (const char* address : {"0.0.0.0", "::"}) {
    const OriginPolicy policy(address, 3000, {});
    EXPECT_TRUE(policy.allows_host("192.168.1.5:3000"));
    EXPECT_TRUE(policy.allows_host("[fd00::1]:3000"));
    EXPECT_FALSE(policy.allows_host("evil.example:3000"));
    EXPECT_FALSE(policy.allows_host("192.168.1.5:3001"));
  }
}

TEST(OriginPolicy, AllowsConfiguredNamesWithAnyPort) {
  const OriginPolicy policy("127.0.0.1", 3000, {"Weir.example"});
  EXPECT_TRUE(policy.allows_host("weir.EXAMPLE"));
  EXPECT_TRUE(policy.allows_host("weir.example:8443"));
  EXPECT_FALSE(policy.allows_host("a.weir.example"));
}

TEST(OriginPolicy, AllowsOnlyPagesOfTheSameOrigin) {
  const OriginPolicy policy("127.0.0.1", 3000, {"weir.example"});
  const struct {
    const char* origin;
    const char* host;
    bool allowed;
  } cases[] = {
      {"http://localhost:3000", "localhost:3000", true},
      {"HTTP://LocalHost:3000", "localhost:3000", true},
      {"http://[::1]:3000", "[::1]:3000", true},
      {"http://127.0.0.1:3000", "localhost:3000", false},
      {"http://localhost:3001", "localhost:3000", false},
      {"http://localhost", "localhost:3000", false},
      {"https://localhost:3000", "localhost:3000", false},
      {"http://evil.example", "localhost:3000", false},
      {"http://localhost:3000.evil.example", "localhost:3000", false},
      {"http://localhost:3000/", "localhost:3000", false},
      {"null", "localhost:3000", false},
      {"", "localhost:3000", false},
      {"file://", "localhost:3000", false},
      {"https://weir.example", "weir.example", true},
      {"https://weir.example:8443", "weir.example:8443", true},
      {"https://weir.example:8443", "weir.example", false},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(policy.allows_origin(each.origin, each.host), each.allowed)
        << each.origin << " for " << each.host;
  }
}

TEST(OriginPolicy, KnowsWhatIsLoopback) {
  for (const char* address : {"127.0.0.1", "127.255.0.9", "::1", "localhost", "0:0::1"})
    EXPECT_TRUE(is_loopback(address)) << address;
  for (const char* address : {"0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "fe80::1", "", "127.0.0.1x",
                              "::ffff:10.0.0.1", "weir"}) {
    EXPECT_FALSE(is_loopback(address)) << address;
  }
}

}  // namespace
}  // namespace weir
