// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "record/transaction.h"

namespace weir {

// Pairs the requests of one connection with their answers, which come in the same order, and
// reports each pair. Of requests beyond kMaxWaiting only the number is kept, so that later answers
// still find theirs.
class ExchangeQueue {
 public:
  static constexpr size_t kMaxWaiting = 16;

  // A string literal, as Transaction has it.
  explicit ExchangeQueue(std::string_view protocol) : protocol_(protocol) {}

  // A request that ends at `when`; an empty key is one that nobody is told of. `tag` is the
  // caller's.
  void ask(std::string key, Timestamp when, uint32_t tag = 0);
  // The oldest request, whose answer is awaited or under way.
  [[nodiscard]] bool is_waiting() const { return !waiting_.empty() || uncounted_ > 0; }
  // 0 when nothing waits or only the number is known.
  [[nodiscard]] uint32_t tag() const { return waiting_.empty() ? 0 : waiting_.front().tag; }
  // Whether requests wait of which only the number is known.
  [[nodiscard]] bool has_uncounted() const { return uncounted_ > 0; }
  // A part of its answer came.
  void answer_on(Timestamp when);
  void fail() { is_error_ = true; }
  // Its answer is whole: the next request is the oldest.
  void complete(TransactionSink* sink);
  // It will not be answered, which is as it should be.
  void drop();
  // The connection is over. What has no answer is reported as that only where answers were heard,
  // for captures may hold one direction.
  void conclude(TransactionSink* sink);
  [[nodiscard]] size_t held_bytes() const;
  // Packets are missing: what waits may have been answered.
  void lose();

 private:
  struct Request {
    std::string key;
    Timestamp asked;
    uint32_t tag = 0;
  };

  std::string_view protocol_;
  std::vector<Request> waiting_;
  uint32_t uncounted_ = 0;  // requests after those in waiting_
  Timestamp answered_;      // of the oldest, when is_answered_
  Timestamp completed_;
  bool is_answered_ = false;
  bool is_error_ = false;
  bool has_heard_answers_ = false;
};

}  // namespace weir
