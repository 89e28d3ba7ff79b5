// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/http_exchanges.h"
#include "dpi/heap_bytes.h"

#include <algorithm>
#include <utility>

namespace weir {

void HttpExchanges::ask(Request request) {
  if (waiting_.empty()) may_be_answered_ = false;
  if (uncounted_ > 0 || waiting_.size() == kMaxWaiting) {
    ++uncounted_;
  } else {
    waiting_.push_back(std::move(request));
  }
}

void HttpExchanges::ask_on(Timestamp when) {
  if (uncounted_ == 0 && !waiting_.empty()) waiting_.back().asked = when;
}

const HttpExchanges::Request& HttpExchanges::answer(Timestamp began, uint16_t status) {
  answered_ = {};
  has_heard_answers_ = true;
  if (!waiting_.empty()) {
    answered_ = std::move(waiting_.front());
    waiting_.erase(waiting_.begin());
  } else if (uncounted_ > 0) {
    --uncounted_;
  }
  began_ = completed_ = began;
  status_ = status;
  return answered_;
}

void HttpExchanges::complete(TransactionSink* sink) {
  if (sink != nullptr && !answered_.key.empty()) {
    // A server may refuse a request before it is complete.
    const Timestamp asked = std::min(answered_.asked, began_);
    sink->accept({"HTTP", answered_.key, asked, began_, completed_, status_ >= 400});
  }
  answered_ = {};
}

void HttpExchanges::conclude(TransactionSink* sink) {
  complete(sink);
  if (sink == nullptr || !has_heard_answers_ || may_be_answered_) return;
  for (const Request& request : waiting_) {
    const Timestamp asked = request.asked;
    sink->accept({"HTTP", request.key, asked, asked, asked, false, false});
  }
}

void HttpExchanges::lose(bool is_request_side, TransactionSink* sink) {
  if (!is_request_side) complete(sink);
  may_be_answered_ = may_be_answered_ || !is_request_side;
  if (is_request_side || waiting_.size() + uncounted_ > 1) {
    waiting_.clear();
    uncounted_ = 0;
  }
}

size_t HttpExchanges::held_bytes() const {
  size_t bytes = heap_bytes(waiting_) + heap_bytes(answered_.key);
  for (const Request& request : waiting_) bytes += heap_bytes(request.key);
  return bytes;
}

}  // namespace weir
