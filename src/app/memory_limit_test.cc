// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/memory_limit.h"

#include <unistd.h>

#include <fstream>
#include <string>

#include <gtest/gtest.h>

namespace weir {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMega = size_t{1} << 20;

// A machine of 1 GB whose /proc and /sys are written by the test.
class MemoryLimit : public testing::Test {
 protected:
  void SetUp() override {
    std::string folder = (fs::temp_directory_path() / "weir-memory-XXXXXX").string();
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    root_ = folder;
    write("proc/meminfo", "MemTotal:        1048576 kB\nMemFree:          524288 kB\n");
  }
  void TearDown() override { fs::remove_all(root_); }

  void write(const fs::path& file, const std::string& text) {
    fs::create_directories((root_ / file).parent_path());
    std::ofstream(root_ / file) << text;
  }

  fs::path root_;
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
  write("proc/self/cgroup", "4:memory:/docker/1234\n");
  EXPECT_EQ(memory_limit(root_).bytes, 64 * kMega);
  write("proc/self/cgroup", "4:memory:/\n");
  EXPECT_EQ(memory_limit(root_).bytes, 64 * kMega);
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
  EXPECT_EQ(plan.answer_rows, 100'000U);
}

TEST(MemoryPlan, TakesWhatTheProgramLeavesOfAGroup) {
  const MemoryPlan small = plan_memory({.bytes = 64 * kMega, .is_of_group = true});
  EXPECT_EQ(small.tables_bytes, 28 * kMega);
  EXPECT_EQ(small.ring_bytes, 4 * kMega);
  EXPECT_EQ(small.script_bytes, 8 * kMega);
  EXPECT_EQ(small.sort_bytes, 8 * kMega);
  EXPECT_EQ(small.answer_rows, 1'024U);
  EXPECT_EQ(plan_memory({.bytes = 512 * kMega, .is_of_group = true}).tables_bytes / kMega, 436);
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
