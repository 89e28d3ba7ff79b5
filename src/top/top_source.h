// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "fetch/http_client.h"
#include "top/top_answer.h"

namespace weir {

// Addresses behind /api/v1/ of what is to be shown.
struct TopQuestions {
  std::string list;
  std::string detail;  // empty: none
  bool operator==(const TopQuestions&) const = default;
};

struct TopAnswers {
  TopQuestions asked;
  TopAnswer list;
  TopAnswer detail;
  TopAnswer interfaces;
  std::string trouble;  // why the rest says nothing; empty: it does
};

// Asks a weir over HTTP. Owner: one thread, but for answer().
class TopSource {
 public:
  // Error: no http or https URL.
  static Result<std::unique_ptr<TopSource>> open(const std::string& url);
  ~TopSource();
  TopSource(const TopSource&) = delete;
  TopSource& operator=(const TopSource&) = delete;

  // Asks and waits, some seconds at most.
  [[nodiscard]] TopAnswers answer(const TopQuestions& questions);

  // Asks on a thread of its own; of questions that wait only the latest is asked.
  void ask(TopQuestions questions);
  // What was answered since the last call, the latest.
  [[nodiscard]] std::optional<TopAnswers> take();

 private:
  TopSource(std::string base, AllowedUrls allowed);
  void run(const std::stop_token& stop);
  // False: `answer` says nothing, `trouble` why.
  [[nodiscard]] bool get(const std::string& address, TopAnswer& answer, std::string& trouble);

  const std::string base_;
  HttpClient client_;
  std::mutex mutex_;  // of the two below
  std::condition_variable_any wake_;
  std::optional<TopQuestions> waiting_;
  std::optional<TopAnswers> answered_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace weir
