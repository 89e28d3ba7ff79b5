// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interface.h"

#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

namespace weir {
namespace {

std::unique_ptr<Interface> with_shards(size_t count) {
  std::vector<std::unique_ptr<Shard>> shards;
  for (size_t i = 0; i < count; ++i) shards.push_back(*Shard::create({}, nullptr));
  return std::make_unique<Interface>("eth0", "eth0", 0, std::move(shards));
}

TEST(Interface, EndsWithItsLastInput) {
  const auto interface = with_shards(3);
  interface->end("");
  interface->end("");
  EXPECT_EQ(interface->state(), InterfaceState::kRunning);
  interface->end("");
  EXPECT_EQ(interface->state(), InterfaceState::kEnded);
  EXPECT_EQ(interface->error(), "");
}

TEST(Interface, FailsWithItsFirstInputThatFails) {
  const auto interface = with_shards(3);
  interface->end("");
  interface->end("torn");
  EXPECT_EQ(interface->state(), InterfaceState::kFailed);
  interface->end("");
  EXPECT_EQ(interface->state(), InterfaceState::kFailed);
  EXPECT_EQ(interface->error(), "torn");
}

}  // namespace
}  // namespace weir
