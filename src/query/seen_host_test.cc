// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/seen_host.h"

#include <optional>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "query/test_traffic.h"
#include "record/fields.gen.h"

namespace weir {
namespace {

using test_traffic::feed;
using test_traffic::watch;
using Part = SeenHost::Part;

constexpr auto index_of(HostField field) {
  return static_cast<uint8_t>(field);
}

class SeenHostTest : public ::testing::TestWithParam<Part> {
 protected:
  Shard& shard() { return *interface_->shards().front(); }
  uint32_t first_slot() {
    std::optional<uint32_t> first;
    shard().hosts().visit_live([&](uint32_t slot) { first = first.value_or(slot); });
    return first.value_or(HostTable::kOther);
  }
  // All hosts are forgotten, and two others come into their slots.
  void let_others_come() {
    for (int i = 0; i < 1000 && shard().hosts().live() > 0; ++i) (void)shard().idle({9000, 0});
    ASSERT_EQ(shard().hosts().live(), 0U);
    feed(shard(), {{.source = "192.0.2.1", .destination = "192.0.2.2", .when = {9001, 0}}});
  }

  std::unique_ptr<Interface> interface_ = watch("eth0", {{}});
  const std::vector<Prefix> local_{};
  const RowContext context_{nullptr, local_};
  SeenHost seen_{*interface_, context_, GetParam()};
};

TEST_P(SeenHostTest, ReadsWhatIsAskedFor) {
  ASSERT_TRUE(seen_.look(first_slot()));
  EXPECT_EQ(seen_.field(index_of(HostField::kBytes)), FieldValue(uint64_t{100}));
  EXPECT_EQ(seen_.field(index_of(HostField::kPackets)), FieldValue(uint64_t{1}));
  EXPECT_NE(seen_.field(index_of(HostField::kPeersAsClient)).index() +
                seen_.field(index_of(HostField::kPeersAsServer)).index(),
            0U);
  EXPECT_TRUE(seen_.read_counters());
}

TEST_P(SeenHostTest, IsNeverTwoHosts) {
  for (const HostField more : {HostField::kFlows, HostField::kPeersAsClient}) {
    interface_ = watch("eth0", {{}});
    SeenHost seen(*interface_, context_, GetParam());
    const uint32_t slot = first_slot();
    ASSERT_TRUE(seen.look(slot));
    const HostKey key = seen.record().key;
    let_others_come();
    ASSERT_EQ(first_slot(), slot);
    const bool is_read_already = GetParam() == Part::kCounters && more == HostField::kFlows;
    EXPECT_EQ(std::holds_alternative<std::monostate>(seen.field(index_of(more))), !is_read_already);
    EXPECT_EQ(seen.read_counters(), is_read_already);
    if (is_read_already) {
      EXPECT_EQ(seen.record().key, key);
    }
    ASSERT_TRUE(seen.look(slot));
    EXPECT_NE(seen.record().key, key);
    EXPECT_TRUE(seen.read_counters());
  }
}

INSTANTIATE_TEST_SUITE_P(From, SeenHostTest, ::testing::Values(Part::kGlance, Part::kCounters));

}  // namespace
}  // namespace weir
