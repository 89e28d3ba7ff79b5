// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "script/script_runner.h"

namespace weir {

// {"op":"sub","id":1,"topic":"hosts/10.0.0.1", ...the resource's parameters}. Parameters are sorted
// by name and those that are empty left out, so that equal questions are equal.
struct SubscribeMessage {
  uint64_t id = 0;
  ScriptRequest question;
};
// {"op":"unsub","id":1}
struct UnsubscribeMessage {
  uint64_t id = 0;
};
// {"op":"ping"}
struct PingMessage {};
// Anything else, with what is wrong with it.
struct BadMessage {
  std::optional<uint64_t> id;
  std::string detail;
  std::string parameter;
};

using StreamMessage = std::variant<SubscribeMessage, UnsubscribeMessage, PingMessage, BadMessage>;

constexpr size_t kMaxTopicBytes = 1024;
constexpr size_t kMaxStreamParameters = 32;

// A message of a stream client. Ids are whole numbers up to 2^53. Never fails: see BadMessage.
[[nodiscard]] StreamMessage parse_stream_message(std::string_view text);

}  // namespace weir
