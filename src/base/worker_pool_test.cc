// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/worker_pool.h"

#include <atomic>
#include <future>

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(WorkerPool, RunsWhatIsPosted) {
  WorkerPool pool(2, 100);
  std::promise<int> done;
  ASSERT_TRUE(pool.post([&] { done.set_value(7); }));
  EXPECT_EQ(done.get_future().get(), 7);
}

TEST(WorkerPool, RefusesWorkWhenItsQueueIsFull) {
  std::promise<void> started;
  std::promise<void> go_on;
  WorkerPool pool(1, 2);
  ASSERT_TRUE(pool.post([&] {
    started.set_value();
    go_on.get_future().wait();
  }));
  started.get_future().wait();
  EXPECT_TRUE(pool.post([] {}));
  EXPECT_TRUE(pool.post([] {}));
  EXPECT_FALSE(pool.post([] {}));
  go_on.set_value();
}

TEST(WorkerPool, TakesNothingAfterItHasStopped) {
  WorkerPool pool(1, 2);
  pool.stop();
  EXPECT_FALSE(pool.post([] {}));
  pool.stop();
}

}  // namespace
}  // namespace weir
