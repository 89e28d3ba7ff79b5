// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/exchange_queue.h"
#include "dpi/heap_bytes.h"

#include <algorithm>
#include <utility>

namespace weir {

void ExchangeQueue::ask(std::string key, Timestamp when, uint32_t tag) {
  if (uncounted_ > 0 || waiting_.size() == kMaxWaiting) {
    ++uncounted_;
  } else {
    waiting_.push_back({std::move(key), when, tag});
  }
}

void ExchangeQueue::answer_on(Timestamp when) {
  if (!is_answered_) answered_ = when;
  completed_ = when;
  is_answered_ = has_heard_answers_ = true;
}

void ExchangeQueue::complete(TransactionSink* sink) {
  if (!waiting_.empty()) {
    const Request& oldest = waiting_.front();
    if (sink != nullptr && !oldest.key.empty() && is_answered_) {
      // Packets of the two directions may have been captured in another order.
      const Timestamp asked = std::min(oldest.asked, answered_);
      sink->accept({protocol_, oldest.key, asked, answered_, completed_, is_error_, true});
    }
  }
  drop();
}

void ExchangeQueue::drop() {
  if (!waiting_.empty()) {
    waiting_.erase(waiting_.begin());
  } else if (uncounted_ > 0) {
    --uncounted_;
  }
  is_answered_ = is_error_ = false;
}

void ExchangeQueue::conclude(TransactionSink* sink) {
  if (is_answered_) complete(sink);
  for (const Request& request : waiting_) {
    if (sink == nullptr || request.key.empty() || !has_heard_answers_) continue;
    const Timestamp asked = request.asked;
    sink->accept({protocol_, request.key, asked, asked, asked, false, false});
  }
  waiting_.clear();
}

void ExchangeQueue::lose() {
  waiting_.clear();
  uncounted_ = 0;
  is_answered_ = is_error_ = false;
}

size_t ExchangeQueue::held_bytes() const {
  size_t bytes = heap_bytes(waiting_);
  for (const Request& request : waiting_) bytes += heap_bytes(request.key);
  return bytes;
}

}  // namespace weir
