// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "http/stream_message.h"
#include "http/stream_outbox.h"
#include "script/script_runner.h"

namespace weir {

struct StreamStatistics {
  uint64_t clients = 0;
  uint64_t subscriptions = 0;
  uint64_t questions = 0;
  uint64_t evaluations = 0;
  uint64_t frames = 0;
  uint64_t frames_replaced = 0;
};

// Who has subscribed to what. Each distinct question (topic and parameters) is kept once and
// evaluated once a tick for all who asked; a new one at once, so that its first answer does not
// wait. Nothing is evaluated when nobody asks. A question still being evaluated at the next tick
// skips that tick; at most `max_running` run at a time, the others wait in line, once each. A bad
// question (400) is answered with "err" and forgotten; other errors (a host that is gone) are told
// once and asked again. Owner: the network thread; only statistics() is for any thread. Knows
// nothing of sockets and clocks.
class StreamHub {
 public:
  using ClientId = uint64_t;
  using QuestionId = uint64_t;
  // Starts to evaluate: `answered(id, ...)` must be called later on the owner's thread, or now.
  // False: not possible now, it is tried again at the next tick.
  using Evaluate = std::function<bool(QuestionId, const ScriptRequest&)>;

  static constexpr size_t kMaxSubscriptions = 64;  // of a client

  // `now`: seconds since 1970, for "pong".
  StreamHub(Evaluate evaluate, std::function<double()> now, size_t max_running);

  // `wake` is called when next_frame() has something after it had nothing. It may call next_frame()
  // but nothing else here.
  ClientId add_client(std::function<void()> wake);
  void remove_client(ClientId id);
  // A text message from a client.
  void receive(ClientId id, std::string_view message);
  // The next frame to send to a client, oldest first.
  [[nodiscard]] std::optional<StreamFrame> next_frame(ClientId id);

  void tick();
  // There is news of a resource: the questions about it are due now. One that is being evaluated is
  // due again when it is answered.
  void refresh(std::string_view resource);
  void answered(QuestionId id, ScriptResponse response);

  [[nodiscard]] StreamStatistics statistics() const;

 private:
  using Key = std::tuple<std::string, std::string, Parameters>;  // resource, path, parameters
  struct Question {
    ScriptRequest request;
    bool is_waiting = false;  // in due_
    bool is_running = false;
    bool has_news = false;  // since it began to run
    std::shared_ptr<const StreamAnswer> latest;
    std::map<std::pair<ClientId, uint64_t>, bool>
        subscribers;  // client, subscription -> has been told something
  };
  struct Client {
    std::function<void()> wake;
    std::map<uint64_t, QuestionId> subscriptions;
    StreamOutbox outbox;
  };

  void subscribe(Client& client, ClientId client_id, SubscribeMessage message);
  void unsubscribe(Client& client, ClientId client_id, uint64_t subscription);
  void leave_question(QuestionId question, ClientId client_id, uint64_t subscription);
  void make_due(QuestionId id);
  void start_waiting();
  void deliver(Question& question, bool is_news);
  void end_bad_question(QuestionId id, const std::shared_ptr<const StreamAnswer>& answer);

  const Evaluate evaluate_;
  const std::function<double()> now_;
  const size_t max_running_;
  size_t running_ = 0;
  uint64_t next_id_ = 1;
  std::map<ClientId, Client> clients_;
  std::map<QuestionId, Question> questions_;
  std::map<Key, QuestionId> question_ids_;
  std::deque<QuestionId> due_;

  std::atomic<uint64_t> client_count_{0};
  std::atomic<uint64_t> subscription_count_{0};
  std::atomic<uint64_t> question_count_{0};
  std::atomic<uint64_t> evaluations_{0};
  std::atomic<uint64_t> frames_{0};
  std::atomic<uint64_t> frames_replaced_{0};
};

}  // namespace weir
