// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/stream_answer.h"

namespace weir {

// A text message in two pieces, so that the answer is not copied for each subscriber:
// {"op":"upd","id":1,"seq":5, and the answer without its first brace.
struct StreamFrame {
  std::string head;
  std::shared_ptr<const StreamAnswer> answer;

  [[nodiscard]] std::string_view tail() const {
    return answer ? std::string_view(answer->body).substr(1) : std::string_view();
  }
  [[nodiscard]] std::string text() const { return head + std::string(tail()); }
};

// What waits for one client: at most one answer per subscription (a newer one takes the place of
// one not sent yet) and a few notices. The first answer sent for a subscription is "snap" with seq
// 0, later ones "upd" with 1, 2 ...: seq counts what was sent.
class StreamOutbox {
 public:
  static constexpr size_t kMaxNotices = 128;

  void open(uint64_t subscription);
  void close(uint64_t subscription);
  // Returns whether an answer that was waiting has been replaced. REQUIRES: the subscription is
  // open.
  bool put(uint64_t subscription, std::shared_ptr<const StreamAnswer> answer);
  // Notices go before answers; above kMaxNotices the oldest is dropped. An answer gives an "err" of
  // that id.
  void put_notice(std::string text);
  void put_error(std::optional<uint64_t> id, std::shared_ptr<const StreamAnswer> problem);
  [[nodiscard]] std::optional<StreamFrame> take();

 private:
  struct Subscription {
    uint64_t next_seq = 0;
    std::shared_ptr<const StreamAnswer> waiting;
  };
  void put_notice(StreamFrame frame);

  std::map<uint64_t, Subscription> subscriptions_;
  std::deque<uint64_t> order_;  // subscriptions with an answer waiting, each once
  std::deque<StreamFrame> notices_;
};

}  // namespace weir
