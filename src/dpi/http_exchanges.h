// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "record/transaction.h"

namespace weir {

// Pairs the requests of one HTTP/1 connection with their responses, which come in the same order,
// and reports each pair. At most kMaxWaiting pipelined requests are remembered; those beyond are
// counted, so that later answers still find their request.
class HttpExchanges {
 public:
  static constexpr size_t kMaxWaiting = 12;

  struct Request {
    std::string key;
    Timestamp asked;
    bool is_head = false;
    bool is_connect = false;
  };

  // The head of a request was read.
  void ask(Request request);
  // Its content goes on.
  void ask_on(Timestamp when);
  // The head of the final response to the oldest request was read: `began` is when its first packet
  // came. Returns the request; an empty key when nobody knows it.
  const Request& answer(Timestamp began, uint16_t status);
  // The response goes on, or is over.
  void answer_on(Timestamp when) { completed_ = when; }
  void complete(TransactionSink* sink);
  // The connection is over: the response ended with it, and what waits got none. The latter is
  // reported only where responses were heard at all, for captures may hold one direction.
  void conclude(TransactionSink* sink);
  // Packets are missing, and with them requests or responses: what waits is forgotten, but for a
  // single request where only responses may be missing.
  void lose(bool is_request_side, TransactionSink* sink);
  [[nodiscard]] size_t held_bytes() const;

 private:
  std::vector<Request> waiting_;
  uint32_t uncounted_ = 0;  // requests after those in waiting_
  Request answered_;
  Timestamp began_;
  Timestamp completed_;
  uint16_t status_ = 0;
  bool has_heard_answers_ = false;
  bool may_be_answered_ = false;  // a response may have been among the missing packets
};

}  // namespace weir
