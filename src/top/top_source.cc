// SPDX-License-Identifier: GPL-3.0-or-later
#include "top/top_source.h"

#include <chrono>
#include <utility>

namespace weir {
namespace {

constexpr std::chrono::seconds kPatience{5};

HttpClientOptions direct(AllowedUrls allowed) {
  HttpClientOptions options;
  options.allowed = std::move(allowed);
  options.max_time = kPatience;
  options.uses_proxies = false;
  return options;
}

}  // namespace

Result<std::unique_ptr<TopSource>> TopSource::open(const std::string& url) {
  std::string base = url;
  while (base.ends_with('/')) base.pop_back();
  auto allowed = AllowedUrls::parse({base});
  if (!allowed) return allowed.error();
  return std::unique_ptr<TopSource>(new TopSource(base + "/api/v1/", *std::move(allowed)));
}

TopSource::TopSource(std::string base, AllowedUrls allowed)
    : base_(std::move(base)), client_(direct(std::move(allowed))) {}

TopSource::~TopSource() {
  client_.close();
}

bool TopSource::get(const std::string& address, TopAnswer& answer, std::string& trouble) {
  OutgoingRequest request;
  request.url = base_ + address;
  request.time = kPatience;
  const auto said = client_.ask(request);
  if (!said) {
    trouble = said.error().message;
    return false;
  }
  answer = read_top_answer(said->status, said->body);
  return true;
}

TopAnswers TopSource::answer(const TopQuestions& questions) {
  TopAnswers answers;
  answers.asked = questions;
  constexpr const char* kInterfaces =
      "interfaces?limit=1000&columns=id,bits_per_second,packets_per_second,flows,hosts,packets,"
      "kernel_drops,interface_drops";
  if (!get(questions.list, answers.list, answers.trouble) ||
      !get(kInterfaces, answers.interfaces, answers.trouble) || questions.detail.empty())
    return answers;
  (void)get(questions.detail, answers.detail, answers.trouble);
  return answers;
}

void TopSource::ask(TopQuestions questions) {
  const std::lock_guard lock(mutex_);
  waiting_ = std::move(questions);
  if (!thread_.joinable())
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  wake_.notify_one();
}

std::optional<TopAnswers> TopSource::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(answered_, std::nullopt);
}

void TopSource::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (wake_.wait(lock, stop, [this] { return waiting_.has_value(); })) {
    const TopQuestions questions = *std::exchange(waiting_, std::nullopt);
    lock.unlock();
    TopAnswers answers = answer(questions);
    lock.lock();
    answered_ = std::move(answers);
  }
}

}  // namespace weir
