// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "base/worker_pool.h"
#include "http/http_server.h"
#include "http/router.h"
#include "http/shared_runs.h"
#include "http/stream_hub.h"

namespace weir {

// What all connections of one server share. Owner: the network thread, but for the counters and the
// parts that say otherwise. Outlives every connection.
struct ServerContext {
  ServerContext(const HttpOptions& server_options, const Router& its_router, ScriptRunner& runner,
                WorkerPool& worker_pool, StreamHub& stream_hub, std::function<void()> when_idle)
      : options(server_options),
        router(its_router),
        scripts(runner),
        workers(worker_pool),
        hub(stream_hub),
        on_idle(std::move(when_idle)) {}

  const HttpOptions& options;
  const Router& router;
  ScriptRunner& scripts;
  WorkerPool& workers;
  StreamHub& hub;
  SharedRuns runs;
  std::function<void()> on_idle;  // after each answer and each end of a stream

  std::atomic<uint64_t> connections{0};
  std::atomic<uint64_t> connections_total{0};
  std::atomic<uint64_t> connections_refused{0};
  std::atomic<uint64_t> requests{0};
  std::atomic<uint64_t> refused{0};
  bool is_stopping = false;
  uint64_t answering = 0;  // requests whose answer is not sent yet
  std::map<StreamHub::ClientId, std::function<void()>> streams;  // how to say "bye" to each
};

// Counts one connection for as long as it lives; goes from the HTTP session to the stream session.
class ConnectionSlot {
 public:
  explicit ConnectionSlot(ServerContext& context) : context_(&context) {
    ++context_->connections;
    ++context_->connections_total;
  }
  ~ConnectionSlot() {
    if (context_ != nullptr) --context_->connections;
  }
  ConnectionSlot(ConnectionSlot&& other) noexcept
      : context_(std::exchange(other.context_, nullptr)) {}
  ConnectionSlot& operator=(ConnectionSlot&&) = delete;

 private:
  ServerContext* context_;
};

}  // namespace weir
