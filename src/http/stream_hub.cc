// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/stream_hub.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/value.h"

namespace weir {
namespace {

std::shared_ptr<const StreamAnswer> problem_of(const BadMessage& bad) {
  Value problem;
  problem.set("status", 400);
  problem.set("title", status_title(400));
  problem.set("detail", bad.detail);
  if (!bad.parameter.empty()) problem.set("parameter", bad.parameter);
  return std::make_shared<StreamAnswer>(StreamAnswer{400, to_json(problem)});
}

}  // namespace

StreamHub::StreamHub(Evaluate evaluate, std::function<double()> now, size_t max_running)
    : evaluate_(std::move(evaluate)), now_(std::move(now)), max_running_(max_running) {}

StreamHub::ClientId StreamHub::add_client(std::function<void()> wake) {
  const ClientId id = next_id_++;
  clients_[id].wake = std::move(wake);
  ++client_count_;
  return id;
}

void StreamHub::remove_client(ClientId id) {
  const auto found = clients_.find(id);
  if (found == clients_.end()) return;
  for (const auto& [subscription, question] : found->second.subscriptions)
    leave_question(question, id, subscription);
  subscription_count_ -= found->second.subscriptions.size();
  clients_.erase(found);
  --client_count_;
}

void StreamHub::receive(ClientId id, std::string_view text) {
  const auto found = clients_.find(id);
  if (found == clients_.end()) return;
  Client& client = found->second;
  StreamMessage message = parse_stream_message(text);
  if (auto* sub = std::get_if<SubscribeMessage>(&message)) {
    subscribe(client, id, std::move(*sub));
  } else if (const auto* unsub = std::get_if<UnsubscribeMessage>(&message)) {
    unsubscribe(client, id, unsub->id);
  } else if (const auto* bad = std::get_if<BadMessage>(&message)) {
    client.outbox.put_error(bad->id, problem_of(*bad));
  } else {
    client.outbox.put_notice(fmt::format(R"({{"op":"pong","time":{:.3f}}})", now_()));
  }
  client.wake();
}

std::optional<StreamFrame> StreamHub::next_frame(ClientId id) {
  const auto found = clients_.find(id);
  if (found == clients_.end()) return std::nullopt;
  std::optional<StreamFrame> frame = found->second.outbox.take();
  if (frame) ++frames_;
  return frame;
}

void StreamHub::subscribe(Client& client, ClientId client_id, SubscribeMessage message) {
  unsubscribe(client, client_id, message.id);
  if (client.subscriptions.size() >= kMaxSubscriptions) {
    client.outbox.put_error(
        message.id,
        problem_of(
            {message.id, fmt::format("more than {} subscriptions", kMaxSubscriptions), "id"}));
    return;
  }
  const ScriptRequest& request = message.question;
  const auto [known, is_new] =
      question_ids_.try_emplace(Key{request.resource, request.path, request.parameters}, next_id_);
  const QuestionId question_id = known->second;
  if (is_new) {
    ++next_id_;
    ++question_count_;
    questions_[question_id].request = std::move(message.question);
  }
  client.subscriptions[message.id] = question_id;
  ++subscription_count_;
  client.outbox.open(message.id);
  Question& question = questions_[question_id];
  question.subscribers[{client_id, message.id}] = question.latest != nullptr;
  if (question.latest) client.outbox.put(message.id, question.latest);
  if (is_new) make_due(question_id);
  start_waiting();
}

void StreamHub::unsubscribe(Client& client, ClientId client_id, uint64_t subscription) {
  const auto found = client.subscriptions.find(subscription);
  if (found == client.subscriptions.end()) return;
  leave_question(found->second, client_id, subscription);
  client.subscriptions.erase(found);
  client.outbox.close(subscription);
  --subscription_count_;
}

// The last one to leave takes the question away; an answer still on its way is then for nobody.
void StreamHub::leave_question(QuestionId id, ClientId client_id, uint64_t subscription) {
  const auto found = questions_.find(id);
  Question& question = found->second;
  question.subscribers.erase({client_id, subscription});
  if (!question.subscribers.empty()) return;
  const ScriptRequest& request = question.request;
  question_ids_.erase(Key{request.resource, request.path, request.parameters});
  if (question.is_waiting) due_.erase(std::find(due_.begin(), due_.end(), id));
  questions_.erase(found);
  --question_count_;
}

void StreamHub::tick() {
  for (const auto& [id, question] : questions_) make_due(id);
  start_waiting();
}

void StreamHub::refresh(std::string_view resource) {
  for (auto& [id, question] : questions_) {
    if (question.request.resource != resource) continue;
    question.has_news = question.is_running;
    make_due(id);
  }
  start_waiting();
}

void StreamHub::make_due(QuestionId id) {
  Question& question = questions_.at(id);
  if (question.is_waiting || question.is_running) return;
  question.is_waiting = true;
  due_.push_back(id);
}

void StreamHub::start_waiting() {
  while (running_ < max_running_ && !due_.empty()) {
    const QuestionId id = due_.front();
    due_.pop_front();
    Question& question = questions_.at(id);
    question.is_waiting = false;
    question.is_running = true;
    ++running_;
    ++evaluations_;
    if (!evaluate_(id, question.request)) {
      question.is_running = false;
      --running_;
      --evaluations_;
      return;
    }
  }
}

void StreamHub::answered(QuestionId id, ScriptResponse response) {
  --running_;
  const auto found = questions_.find(id);
  if (found != questions_.end()) {
    Question& question = found->second;
    question.is_running = false;
    const auto answer = std::make_shared<StreamAnswer>(to_stream_answer(std::move(response)));
    if (answer->status == 400) {
      end_bad_question(id, answer);
    } else {
      const bool is_news =
          answer->status == 200 || !question.latest || question.latest->body != answer->body;
      question.latest = answer;
      deliver(question, is_news);
      if (std::exchange(question.has_news, false)) make_due(id);
    }
  }
  start_waiting();
}

// Waking may not change the subscribers (add_client()).
void StreamHub::deliver(Question& question, bool is_news) {
  for (auto& [subscriber, told] : question.subscribers) {
    if (told && !is_news) continue;
    told = true;
    Client& client = clients_.at(subscriber.first);
    if (client.outbox.put(subscriber.second, question.latest)) ++frames_replaced_;
    client.wake();
  }
}

void StreamHub::end_bad_question(QuestionId id, const std::shared_ptr<const StreamAnswer>& answer) {
  const auto subscribers = questions_.at(id).subscribers;
  for (const auto& [subscriber, told] : subscribers) {
    Client& client = clients_.at(subscriber.first);
    unsubscribe(client, subscriber.first, subscriber.second);
    client.outbox.put_error(subscriber.second, answer);
    client.wake();
  }
}

StreamStatistics StreamHub::statistics() const {
  return {client_count_, subscription_count_, question_count_, evaluations_,
          frames_,       frames_replaced_};
}

}  // namespace weir
