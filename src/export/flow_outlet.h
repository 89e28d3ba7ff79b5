// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <random>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "base/value.h"
#include "export/exported_flow.h"
#include "export/flow_encoder.h"
#include "export/message_channel.h"
#include "export/outlet_spec.h"
#include "export/spool.h"

namespace weir {

// One --export: flows become messages, wait in a bounded spool, and a thread of their own carries
// them. What it connects to may come and go: it tries again after a tenth of a second, then ever
// more seldom, at most every two seconds and at random, so that many do not come at once. Owner:
// the thread that adds; statistics() is any thread's.
class FlowOutlet {
 public:
  // Begins at once. `link`: for ZeroMQ, null for the others. Errors: as make_channel().
  static Result<std::unique_ptr<FlowOutlet>> open(const OutletSpec& spec,
                                                  const std::string& instance,
                                                  const ZmqLinkOptions* link = nullptr);
  // Sends what waits for at most two seconds, then leaves it.
  ~FlowOutlet();

  void add(const ExportedFlow& flow, const RecordContext& context);
  void flush();

  // {"target", "connected", "flows", "sent_flows" ... "error"}: see schema/openapi.yaml.
  [[nodiscard]] Value statistics() const;

 private:
  FlowOutlet(const OutletSpec& spec, std::unique_ptr<FlowEncoder> encoder,
             std::unique_ptr<MessageChannel> channel);

  void run(const std::stop_token& stop);
  [[nodiscard]] bool connect(const MessageChannel::IsOver& is_over);
  // For statistics().
  void publish();
  void believe_connection();
  void fail(const Error& error);
  void wait(const std::stop_token& stop);

  const OutletSpec spec_;
  std::unique_ptr<FlowEncoder> encoder_;
  Spool spool_;
  std::unique_ptr<MessageChannel> channel_;
  std::vector<Message> ready_;  // from the encoder to the spool

  std::atomic<bool> is_connected_{false};
  std::atomic<uint64_t> flows_{0};    // that were added
  std::atomic<uint64_t> carried_{0};  // taken by the channel
  std::atomic<uint64_t> bytes_{0};
  std::atomic<uint64_t> kept_{0};
  std::atomic<uint64_t> refused_{0};
  std::atomic<uint64_t> connections_{0};
  std::atomic<uint64_t> failures_{0};
  mutable std::mutex mutex_;  // of the two below
  std::string error_;         // the last one, until it is mended
  Value channel_said_;

  // The sending thread's.
  std::chrono::milliseconds pause_{0};
  std::string said_;  // the error that was logged, until a connection lasts
  std::chrono::steady_clock::time_point connected_{};
  std::chrono::steady_clock::time_point published_{};
  std::minstd_rand random_{std::random_device{}()};
  std::jthread thread_;  // last: it uses the others
};

}  // namespace weir
