// SPDX-License-Identifier: GPL-3.0-or-later
#include "traffic/pacer.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

using namespace std::chrono_literals;

TEST(Pacer, SendsAtItsRate) {
  Pacer pacer(20'000);
  uint64_t sent = 0;
  for (auto now = 5s + 0ns; now < 6s; now += 137us) {
    const uint64_t count = pacer.allowed(now, 64);
    pacer.sent(count);
    sent += count;
  }
  EXPECT_NEAR(static_cast<double>(sent), 20'000, 5);
}

TEST(Pacer, KeepsARateThatDoesNotDivideASecond) {
  Pacer pacer(3);
  uint64_t sent = 0;
  for (auto now = 0ns; now < 1000s; now += 1ms) {
    const uint64_t count = pacer.allowed(now, 64);
    pacer.sent(count);
    sent += count;
  }
  EXPECT_EQ(sent, 3000U);
}

TEST(Pacer, SaysWhenTheNextPacketIsDue) {
  Pacer pacer(1000);
  EXPECT_EQ(pacer.allowed(1s, 64), 1U);
  pacer.sent(1);
  EXPECT_EQ(pacer.allowed(1s, 64), 0U);
  EXPECT_EQ(pacer.due(), 1s + 1ms);
  EXPECT_EQ(pacer.allowed(1s + 1ms, 64), 1U);
}

TEST(Pacer, CatchesUpOnlyAShortPause) {
  Pacer pacer(1000);
  EXPECT_EQ(pacer.allowed(1s, 64), 1U);
  pacer.sent(1);
  EXPECT_EQ(pacer.allowed(60s, 64), 11U);
}

TEST(Pacer, DoesNotLimitAtRateZero) {
  Pacer pacer(0);
  EXPECT_EQ(pacer.allowed(0s, 64), 64U);
  pacer.sent(64);
  EXPECT_EQ(pacer.allowed(0s, 64), 64U);
}

}  // namespace
}  // namespace weir
