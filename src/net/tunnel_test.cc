// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/tunnel.h"

#include <set>

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(Tunnel, HasANameOfItsOwn) {
  std::set<std::string_view> names;
  const auto count = static_cast<int>(Tunnel::kCount);
  for (int i = 1; i < count; ++i) names.insert(tunnel_name(static_cast<Tunnel>(i)));
  EXPECT_EQ(names.size(), static_cast<size_t>(count - 1));
  EXPECT_EQ(names.count(""), 0U);
  EXPECT_EQ(tunnel_name(Tunnel::kNone), "");
  EXPECT_EQ(tunnel_name(Tunnel::kGtpU), "GTP-U");
}

TEST(TunnelStack, IsWrittenOutermostFirst) {
  TunnelStack stack;
  EXPECT_EQ(stack.to_string(), "");
  stack.push(Tunnel::kGre);
  EXPECT_EQ(stack.to_string(), "GRE");
  stack.push(Tunnel::kVxlan);
  EXPECT_EQ(stack.to_string(), "GRE/VXLAN");
}

TEST(TunnelStack, NamesTheFirstFour) {
  TunnelStack stack;
  for (const Tunnel tunnel :
       {Tunnel::kMpls, Tunnel::kPppoe, Tunnel::kGre, Tunnel::kIpip, Tunnel::kL2tp}) {
    stack.push(tunnel);
  }
  EXPECT_EQ(stack.to_string(), "MPLS/PPPoE/GRE/IPIP");
}

}  // namespace
}  // namespace weir
