// SPDX-License-Identifier: GPL-3.0-or-later
#include "top/top_answer.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json_reader.h"
#include "base/printable.h"
#include "top/top_list.h"

namespace weir {
namespace {

// The server may be anything that listens there.
uint64_t count_of(const Value& value) {
  constexpr double kMost = 1e18;
  return static_cast<uint64_t>(std::clamp(number_of(value).value_or(0), 0.0, kMost));
}

TopAnswer problem_of(int64_t status, const Value& said) {
  TopAnswer answer;
  const auto* detail = said["detail"].as<std::string>();
  answer.problem =
      detail != nullptr ? printable(*detail) : fmt::format("the server said {}", status);
  answer.column = static_cast<int>(std::min<uint64_t>(count_of(said["column"]), 1 << 16));
  return answer;
}

}  // namespace

TopAnswer read_top_answer(int64_t status, const std::string& body) {
  Result<Value> said = parse_json(body);
  if (status != 200) return problem_of(status, said.ok() ? *said : Value());
  TopAnswer answer;
  if (!said.ok() || said->as<Value::Object>() == nullptr) {
    answer.problem = "what answers there is no weir";
    return answer;
  }
  if ((*said)["rows"].as<Value::Array>() == nullptr) {
    answer.total = 1;
    answer.rows = {*std::move(said)};
    return answer;
  }
  answer.total = count_of((*said)["total"]);
  answer.offset = count_of((*said)["offset"]);
  answer.time = number_of((*said)["time"]).value_or(0);
  answer.rows = *(*said)["rows"].as<Value::Array>();
  return answer;
}

}  // namespace weir
