// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/options.h"
#include "app/source_spec.h"
#include "base/result.h"
#include "capture/interfaces.h"
#include "query/setup.h"

namespace weir {

// The interfaces of this machine and what first start shows of them.
struct Machine {
  std::vector<NetworkInterface> interfaces;
  std::vector<InterfaceAddress> addresses;
  std::function<uint64_t(const std::string&)> bytes;  // of an interface, since it exists
};
[[nodiscard]] Machine this_machine();

// What the file of answers says: TOML with the names of the options, of those that are answered.
[[nodiscard]] std::string to_toml(const StartAnswers& answers);

// The answers file as it was before a change; nothing: it was not there.
struct EarlierAnswers {
  std::optional<std::string> text;
};
// Makes it so again. Error: why that is not possible.
[[nodiscard]] Result<void> put_back(const std::string& file, const EarlierAnswers& earlier);

// First start's questions (docs/setup.md): keeps the answers in a file and says when weir is to
// start again because it works by others. Thread-safe.
class FirstStart final : public Setup {
 public:
  struct Setting {
    StartQuestions questions;
    std::vector<std::string> watched;    // interfaces and files in use
    std::vector<Prefix> local_networks;  // in use
    std::string why_not;                 // changes are refused for this reason; empty: they are not
    std::function<Machine()> machine = this_machine;
  };

  explicit FirstStart(Setting setting)
      : setting_(std::move(setting)), answers_(setting_.questions.answers) {}

  [[nodiscard]] Value state() const override;
  [[nodiscard]] Answer change(const SetupChange& change) override;

  // Whether the console asks by itself: nothing said what to watch, and nobody has answered.
  [[nodiscard]] bool asks() const;

  // What the file said before, when weir is to start again; nothing until then.
  [[nodiscard]] std::optional<EarlierAnswers> asks_for_restart() const;

 private:
  [[nodiscard]] bool asks_now() const;  // with mutex_
  [[nodiscard]] Result<StartAnswers, QueryError> answers_after(const SetupChange& change) const;
  [[nodiscard]] Result<void, QueryError> check_decided(const SetupChange& change) const;
  [[nodiscard]] bool is_in_use(const StartAnswers& answers) const;
  [[nodiscard]] Result<void> keep(const StartAnswers& answers);

  const Setting setting_;
  mutable std::mutex mutex_;  // of what follows
  StartAnswers answers_;      // that are used
  bool was_answered_ = false;
  std::optional<EarlierAnswers> earlier_;  // of a change that waits for a restart
};

// Why the answers cannot be changed over HTTP; empty: they can.
[[nodiscard]] std::string why_answers_stay(const MonitorOptions& options,
                                           const std::vector<SourceSpec>& specs);

}  // namespace weir
