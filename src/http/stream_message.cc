// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/stream_message.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <boost/json/src.hpp>

#include "http/target.h"

namespace weir {
namespace {

namespace json = boost::json;

constexpr uint64_t kMaxId = uint64_t{1} << 53;
constexpr size_t kMaxNameBytes = 64;

std::optional<uint64_t> whole_number(const json::value* value) {
  if (value == nullptr) return std::nullopt;
  if (const int64_t* number = value->if_int64(); number != nullptr && *number >= 0)
    return static_cast<uint64_t>(*number);
  if (const uint64_t* number = value->if_uint64()) return *number;
  return std::nullopt;
}

std::optional<uint64_t> message_id(const json::object& message) {
  const auto id = whole_number(message.if_contains("id"));
  return id && *id <= kMaxId ? id : std::nullopt;
}

// A parameter as it would stand in a query string; nothing for what has no such form.
std::optional<std::string> parameter_text(const json::value& value) {
  if (const json::string* text = value.if_string()) return std::string(text->data(), text->size());
  if (const int64_t* number = value.if_int64()) return fmt::format("{}", *number);
  if (const uint64_t* number = value.if_uint64()) return fmt::format("{}", *number);
  if (const double* number = value.if_double()) return fmt::format("{}", *number);
  return std::nullopt;
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

std::variant<Parameters, BadMessage> parameters_of(const json::object& message, uint64_t id) {
  Parameters parameters;
  for (const auto& member : message) {
    const std::string name(member.key().data(), member.key().size());
    if (name == "op" || name == "id" || name == "topic") continue;
    if (name.size() > kMaxNameBytes)
      return BadMessage{id, "the name of a parameter is too long", ""};
    const auto text = parameter_text(member.value());
    if (text && text->size() > Target::kMaxBytes)
      return BadMessage{id, name + " is too long", name};
    if (!text || has_control_character(*text))
      return BadMessage{id, name + " must be text or a number", name};
    if (text->empty()) continue;
    if (parameters.size() == kMaxStreamParameters) return BadMessage{id, "too many parameters", ""};
    parameters.emplace_back(name, *text);
  }
  std::sort(parameters.begin(), parameters.end());
  return parameters;
}

StreamMessage subscribe(const json::object& message, uint64_t id) {
  const json::value* topic = message.if_contains("topic");
  const json::string* text = topic != nullptr ? topic->if_string() : nullptr;
  if (text == nullptr || text->empty() || text->size() > kMaxTopicBytes) {
    return BadMessage{id, "topic must be the name of a resource", "topic"};
  }
  std::variant<Parameters, BadMessage> parameters = parameters_of(message, id);
  if (auto* bad = std::get_if<BadMessage>(&parameters)) return std::move(*bad);
  const std::string_view name(text->data(), text->size());
  const size_t slash = std::min(name.find('/'), name.size());
  return SubscribeMessage{id,
                          {std::string(name.substr(0, slash)),
                           std::string(name.substr(std::min(name.size(), slash + 1))),
                           std::get<Parameters>(std::move(parameters))}};
}

StreamMessage parse(std::string_view text) {
  json::error_code error;
  json::parse_options options;
  options.max_depth = 4;
  const json::value parsed = json::parse(text, error, {}, options);
  const json::object* message = error ? nullptr : parsed.if_object();
  if (message == nullptr) return BadMessage{std::nullopt, "the message is no JSON object", ""};
  const json::value* op = message->if_contains("op");
  const json::string* name = op != nullptr ? op->if_string() : nullptr;
  if (name != nullptr && *name == "ping") return PingMessage{};
  if (name == nullptr || (*name != "sub" && *name != "unsub")) {
    return BadMessage{message_id(*message), "op must be sub, unsub or ping", "op"};
  }
  const auto id = message_id(*message);
  if (!id) return BadMessage{std::nullopt, "id must be a whole number", "id"};
  if (*name == "unsub") return UnsubscribeMessage{*id};
  return subscribe(*message, *id);
}

}  // namespace

StreamMessage parse_stream_message(std::string_view text) {
  // Boost.JSON reports wrong text as an error code; what it throws is memory and length errors.
  try {
    return parse(text);
  } catch (const std::exception&) {
    return BadMessage{std::nullopt, "the message is too large", ""};
  }
}

}  // namespace weir
