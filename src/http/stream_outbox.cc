// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/stream_outbox.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include <fmt/format.h>

namespace weir {
namespace {

// The answer's members follow, unless it has none.
StreamFrame frame_of(std::string head, std::shared_ptr<const StreamAnswer> answer) {
  if (answer->body != "{}") head += ',';
  return {std::move(head), std::move(answer)};
}

StreamFrame error_frame(std::optional<uint64_t> id, std::shared_ptr<const StreamAnswer> problem) {
  return frame_of(id ? fmt::format(R"({{"op":"err","id":{})", *id) : R"({"op":"err")",
                  std::move(problem));
}

}  // namespace

void StreamOutbox::open(uint64_t subscription) {
  subscriptions_.try_emplace(subscription);
}

void StreamOutbox::close(uint64_t subscription) {
  subscriptions_.erase(subscription);
  order_.erase(std::remove(order_.begin(), order_.end(), subscription), order_.end());
}

bool StreamOutbox::put(uint64_t subscription, std::shared_ptr<const StreamAnswer> answer) {
  const auto found = subscriptions_.find(subscription);
  assert(found != subscriptions_.end());
  const bool replaced = found->second.waiting != nullptr;
  found->second.waiting = std::move(answer);
  if (!replaced) order_.push_back(subscription);
  return replaced;
}

void StreamOutbox::put_notice(std::string text) {
  put_notice(StreamFrame{std::move(text), nullptr});
}

void StreamOutbox::put_error(std::optional<uint64_t> id,
                             std::shared_ptr<const StreamAnswer> problem) {
  put_notice(error_frame(id, std::move(problem)));
}

void StreamOutbox::put_notice(StreamFrame frame) {
  if (notices_.size() == kMaxNotices) notices_.pop_front();
  notices_.push_back(std::move(frame));
}

std::optional<StreamFrame> StreamOutbox::take() {
  if (!notices_.empty()) {
    StreamFrame frame = std::move(notices_.front());
    notices_.pop_front();
    return frame;
  }
  if (order_.empty()) return std::nullopt;
  const uint64_t id = order_.front();
  order_.pop_front();
  Subscription& subscription = subscriptions_.find(id)->second;
  std::shared_ptr<const StreamAnswer> answer = std::move(subscription.waiting);
  subscription.waiting = nullptr;
  if (answer->status != 200) return error_frame(id, std::move(answer));
  const uint64_t seq = subscription.next_seq++;
  return frame_of(
      fmt::format(R"({{"op":"{}","id":{},"seq":{})", seq == 0 ? "snap" : "upd", id, seq),
      std::move(answer));
}

}  // namespace weir
