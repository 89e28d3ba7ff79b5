// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/stream_answer.h"

#include <utility>

#include "http/json_member.h"

namespace weir {

StreamAnswer to_stream_answer(ScriptResponse response) {
  if (response.content_type.starts_with("text/csv"))
    response = problem_response(400, "The stream sends JSON.", "format");
  // A script of a user may print anything.
  if (response.body.size() < 2 || response.body.front() != '{') {
    response =
        problem_response(500, "This resource answers no JSON object and cannot be subscribed to.");
  }
  const JsonMember id = find_member(response.body, "id");
  response.body.erase(id.begin, id.end - id.begin);
  return {response.status, std::move(response.body)};
}

}  // namespace weir
