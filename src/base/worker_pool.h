// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace weir {

// A few threads and a bounded queue of work for them. Thread-safe.
class WorkerPool {
 public:
  WorkerPool(size_t threads, size_t max_waiting);
  ~WorkerPool();  // stop()
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False when the queue is full or the pool has stopped; `work` is not run then.
  [[nodiscard]] bool post(std::function<void()> work);

  // Lets running work end, throws waiting work away and joins the threads. Not from a worker.
  void stop();

 private:
  void run(const std::stop_token& stop);

  const size_t max_waiting_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<std::function<void()>> waiting_;
  bool stopped_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace weir
