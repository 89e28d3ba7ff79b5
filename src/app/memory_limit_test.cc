// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/memory_limit.h"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "base/test_folder.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMega = size_t{1} << 20;

// A machine of 1 GB whose /proc and /sys are written by the test.
class MemoryLimit : public testing::Test {
 protected:
  MemoryLimit() {
    write("proc/meminfo", "MemTotal:        1048576 kB\nMemFree:          524288 kB\n");
  }

  void write(const fs::path& file, const std::string& text) { folder_.write(file, text); }
  // What is found for a process of which the kernel says that it is in this group.
  [[nodiscard]] size_t bytes_in(const std::string& group) {
    write("proc/self/cgroup", group + "\n");
    return memory_limit(root_).bytes;
  }

  const test::TestFolder folder_;
  const fs::path& root_ = folder_.path();
};

TEST_F(MemoryLimit, IsTheMachinesWithoutGroups) {
  EXPECT_EQ(memory_limit(root_).bytes, 1024 * kMega);
}

TEST_F(MemoryLimit, IsNothingWhenNothingIsKnown) {
  fs::remove_all(root_ / "proc");
  EXPECT_EQ(memory_limit(root_).bytes, 0U);
}

TEST_F(MemoryLimit, IsThatOfTheGroup) {
  write("proc/self/cgroup", "0::/system.slice/weir.service\n");
  write("proc/self/mountinfo",
        "24 30 0:22 / /proc rw,nosuid - proc proc rw\n"
        "29 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n");
  write("sys/fs/cgroup/system.slice/memory.max", "max\n");
  write("sys/fs/cgroup/system.slice/weir.service/memory.max", "67108864\n");
  EXPECT_EQ(memory_limit(root_).bytes, 64 * kMega);
  EXPECT_TRUE(memory_limit(root_).is_of_group);
}

TEST_F(MemoryLimit, IsTheLeastOfTheGroupsAround) {
  write("proc/self/cgroup", "0::/system.slice/weir.service\n");
  write("proc/self/mountinfo", "29 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
  write("sys/fs/cgroup/system.slice/memory.max", "33554432\n");
  write("sys/fs/cgroup/system.slice/weir.service/memory.max", "67108864\n");
  EXPECT_EQ(memory_limit(root_).bytes, 32 * kMega);
}

TEST_F(MemoryLimit, OfAGroupAroundIsSharedWithOthers) {
  write("proc/self/cgroup", "0::/user.slice/shell.scope\n");
  write("proc/self/mountinfo", "29 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
  write("sys/fs/cgroup/user.slice/memory.max", "33554432\n");
  write("sys/fs/cgroup/user.slice/shell.scope/memory.max", "max\n");
  EXPECT_EQ(memory_limit(root_).bytes, 32 * kMega);
  EXPECT_FALSE(memory_limit(root_).is_of_group);
  write("sys/fs/cgroup/user.slice/shell.scope/memory.max", "16777216\n");
  EXPECT_TRUE(memory_limit(root_).is_of_group);
}

TEST_F(MemoryLimit, IsNotThatOfAGroupWhoseNameBeginsTheSame) {
  write("proc/self/mountinfo", "29 23 0:26 /foo /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
  write("sys/fs/cgroup/memory.max", "33554432\n");
  write("sys/fs/cgroup/bar/memory.max", "16777216\n");
  EXPECT_EQ(bytes_in("0::/foobar"), 1024 * kMega);
  EXPECT_EQ(bytes_in("0::/foo/bar"), 16 * kMega);
}

TEST_F(MemoryLimit, IsNotLookedForAboveWhatIsMounted) {
  write("proc/self/mountinfo", "29 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
  write("sys/fs/memory.max", "33554432\n");
  EXPECT_EQ(bytes_in("0::/.."), 1024 * kMega);
}

TEST_F(MemoryLimit, ReadsEscapedPaths) {
  write("proc/self/mountinfo",
        R"(29 23 0:26 /a\040b /mnt/my\040groups\134 rw - cgroup2 cgroup2 rw)");
  write(R"(mnt/my groups\c/memory.max)", "1\n");
  write(R"(mnt/my groups\/c/memory.max)", "33554432\n");
  EXPECT_EQ(bytes_in("0::/a b/c"), 32 * kMega);
}

TEST_F(MemoryLimit, KnowsTheFirstVersionOfGroups) {
  write("proc/self/cgroup", "5:cpu,cpuacct:/other\n4:hugetlb,memory:/small\n0::/\n");
  write("proc/self/mountinfo",
        "30 29 0:27 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct\n"
        "31 29 0:28 / /sys/fs/cgroup/memory rw shared:9 master:2 - cgroup cgroup rw,memory\n"
        "32 29 0:29 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
  write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  write("sys/fs/cgroup/memory/small/memory.limit_in_bytes", "134217728\n");
  EXPECT_EQ(memory_limit(root_).bytes, 128 * kMega);
}

TEST_F(MemoryLimit, SeesItsGroupFromInsideAContainer) {
  // The container's group is mounted as if it were the whole tree; with a namespace of its own the
  // path is /, without one it is the path of the host.
  write("sys/fs/cgroup/memory/memory.limit_in_bytes", "67108864\n");
  write("proc/self/mountinfo",
        "31 29 0:28 /docker/1234 /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n");
  EXPECT_EQ(bytes_in("4:memory:/docker/1234"), 64 * kMega);
  EXPECT_EQ(bytes_in("4:memory:/"), 64 * kMega);
}

TEST_F(MemoryLimit, IsTheMachinesWhenAGroupAllowsMore) {
  write("proc/self/cgroup", "0::/big\n");
  write("proc/self/mountinfo", "29 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
  write("sys/fs/cgroup/big/memory.max", "99999999999\n");
  EXPECT_EQ(memory_limit(root_).bytes, 1024 * kMega);
  EXPECT_FALSE(memory_limit(root_).is_of_group);
}

TEST(MemoryLimitOfThisMachine, IsSomething) {
  EXPECT_GT(memory_limit().bytes, kMega);
}

TEST(MemoryPlan, TakesAQuarterOfAMachine) {
  const MemoryPlan plan = plan_memory({.bytes = 8192 * kMega, .is_of_group = false});
  EXPECT_EQ(plan.tables_bytes, 2048 * kMega);
  EXPECT_EQ(plan.ring_bytes, 64 * kMega);
  EXPECT_EQ(plan.script_bytes, 256 * kMega);
  EXPECT_EQ(plan.sort_bytes, 64 * kMega);
  EXPECT_EQ(plan.event_bytes, 16 * kMega);
  EXPECT_EQ(plan.answer_rows, 100'000U);
  EXPECT_EQ(plan.kept_hosts, 131'072U);
  EXPECT_EQ(plan.kept_hosts_in_memory, 16'384U);
}

constexpr MemoryUsers kOneInterface{.rings = 1};

TEST(MemoryPlan, TakesWhatTheOthersLeaveOfAGroup) {
  const MemoryPlan small = plan_memory({.bytes = 64 * kMega, .is_of_group = true}, kOneInterface);
  EXPECT_EQ(small.tables_bytes, 20 * kMega - small.event_bytes);
  EXPECT_EQ(small.event_bytes, kMega / 8);
  EXPECT_EQ(small.ring_bytes, 4 * kMega);
  EXPECT_EQ(small.script_bytes, 8 * kMega);
  EXPECT_EQ(small.sort_bytes, 8 * kMega);
  EXPECT_EQ(small.answer_rows, 1'024U);
  EXPECT_EQ(small.kept_hosts, 16'384U);
  EXPECT_EQ(small.kept_hosts_in_memory, 256U);
  const MemoryPlan large = plan_memory({.bytes = 512 * kMega, .is_of_group = true}, kOneInterface);
  EXPECT_EQ(large.tables_bytes / kMega, 371);
}

TEST(MemoryPlan, LeavesRoomForEveryRing) {
  const weir::MemoryLimit limit{.bytes = 1024 * kMega, .is_of_group = true};
  const size_t without = plan_memory(limit, {.rings = 0}).tables_bytes;
  const MemoryUsers given{.interfaces = 3, .rings = 3, .ring_bytes = 100 * kMega};
  EXPECT_EQ(plan_memory(limit, given).tables_bytes, without - 300 * kMega);
  const MemoryPlan own = plan_memory(limit, {.interfaces = 8, .rings = 8});
  EXPECT_EQ(own.ring_bytes, 16 * kMega);
  EXPECT_EQ(own.tables_bytes, without - 128 * kMega);
}

TEST(MemoryPlan, LeavesRoomForWhatWaitsToBeSent) {
  const weir::MemoryLimit group{.bytes = 256 * kMega, .is_of_group = true};
  const MemoryPlan without = plan_memory(group);
  const MemoryPlan with = plan_memory(group, {.shards = 2, .outlets = 2});
  EXPECT_EQ(with.spool_bytes, 8 * kMega);
  EXPECT_LE(with.tables_bytes, without.tables_bytes - 2 * with.spool_bytes);
  EXPECT_EQ(plan_memory({.bytes = 8192 * kMega, .is_of_group = false}, {.outlets = 1}).spool_bytes,
            64 * kMega);
}

TEST(MemoryPlan, LeavesRoomToListTheHostsOfSeveralShards) {
  const weir::MemoryLimit limit{.bytes = 1024 * kMega, .is_of_group = true};
  const size_t one = plan_memory(limit, kOneInterface).tables_bytes;
  const size_t many = plan_memory(limit, {.rings = 1, .shards = 4}).tables_bytes;
  EXPECT_LE(many + many / 12, one);
}

TEST(MemoryPlan, IsEnoughForEachShardWhereTwiceThatIsThere) {
  const MemoryUsers users{.interfaces = 3, .rings = 3};
  EXPECT_EQ(plan_memory({.bytes = 64 * kMega, .is_of_group = true}, users).tables_bytes,
            24 * kMega);
  EXPECT_EQ(plan_memory({.bytes = 40 * kMega, .is_of_group = true}, users).tables_bytes,
            20 * kMega);
}

TEST(MemoryPlan, AsksForSomethingHoweverLittleThereIs) {
  for (const size_t bytes : {size_t{0}, size_t{1}, 16 * kMega, 36 * kMega, 37 * kMega}) {
    const MemoryPlan plan = plan_memory({.bytes = bytes, .is_of_group = bytes != 0});
    EXPECT_GE(plan.tables_bytes, bytes / 4);
    EXPECT_GE(plan.ring_bytes, kMega);
    EXPECT_GE(plan.script_bytes, 8 * kMega);
    EXPECT_GE(plan.sort_bytes, 4 * kMega);
  }
}

}  // namespace
}  // namespace weir
