// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/pcapng_time.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(PcapngTime, CountsInPowersOfTen) {
  EXPECT_EQ((PcapngTime{0, 0}.at(5)), (Timestamp{5, 0}));
  EXPECT_EQ((PcapngTime{3, 0}.at(5'007)), (Timestamp{5, 7'000'000}));
  EXPECT_EQ((PcapngTime{6, 0}.at(5'000'007)), (Timestamp{5, 7'000}));
  EXPECT_EQ((PcapngTime{8, 0}.at(500'000'007)), (Timestamp{5, 70}));
  EXPECT_EQ((PcapngTime{9, 0}.at(5'000'000'007)), (Timestamp{5, 7}));
  EXPECT_EQ((PcapngTime{12, 0}.at(5'000'000'007'999)), (Timestamp{5, 7}));
  EXPECT_EQ((PcapngTime{19, 0}.at(10'000'000'000'000'000'000U)), (Timestamp{1, 0}));
  EXPECT_EQ((PcapngTime{20, 0}.at(UINT64_MAX)), (Timestamp{0, 184'467'440}));
  EXPECT_EQ((PcapngTime{28, 0}.at(UINT64_MAX)), (Timestamp{0, 1}));
  EXPECT_EQ((PcapngTime{127, 0}.at(UINT64_MAX)), (Timestamp{0, 0}));
}

TEST(PcapngTime, CountsInPowersOfTwo) {
  EXPECT_EQ((PcapngTime{0x80, 0}.at(5)), (Timestamp{5, 0}));
  EXPECT_EQ((PcapngTime{0x80 | 20, 0}.at((5U << 20) + (1U << 19))), (Timestamp{5, 500'000'000}));
  EXPECT_EQ((PcapngTime{0x80 | 32, 0}.at((uint64_t{5} << 32) + (1U << 30))),
            (Timestamp{5, 250'000'000}));
  EXPECT_EQ((PcapngTime{0x80 | 63, 0}.at(UINT64_MAX)), (Timestamp{1, 999'999'999}));
  EXPECT_EQ((PcapngTime{0x80 | 64, 0}.at(UINT64_MAX)), (Timestamp{0, 999'999'999}));
  EXPECT_EQ((PcapngTime{0xff, 0}.at(UINT64_MAX)), (Timestamp{0, 0}));
}

TEST(PcapngTime, AddsItsOffset) {
  EXPECT_EQ((PcapngTime{6, 100}.at(5'000'007)), (Timestamp{105, 7'000}));
  EXPECT_EQ((PcapngTime{6, -3}.at(5'000'007)), (Timestamp{2, 7'000}));
}

TEST(PcapngTime, ClampsToWhatATimestampHolds) {
  const Timestamp last{UINT32_MAX, 999'999'999};
  EXPECT_EQ((PcapngTime{6, -6}.at(5'000'007)), (Timestamp{}));
  EXPECT_EQ((PcapngTime{6, INT64_MIN}.at(UINT64_MAX)), (Timestamp{}));
  EXPECT_EQ((PcapngTime{0, 0}.at(UINT64_MAX)), last);
  EXPECT_EQ((PcapngTime{0, INT64_MAX}.at(UINT64_MAX)), last);
  EXPECT_EQ((PcapngTime{6, UINT32_MAX}.at(1'000'000)), last);
}

}  // namespace
}  // namespace weir
