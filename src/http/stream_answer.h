// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "script/script_response.h"

namespace weir {

// What a question was answered with: a JSON object as text, without a member "id". Shared:
// immutable, by all subscribers.
struct StreamAnswer {
  int status = 200;
  std::string body;  // starts with "{"
};

// The stream puts op, id and seq in front of an answer's members. An answer's own "id" (a flow's,
// an interface's) would be the same name again, so it goes: the topic has said it. CSV becomes
// a 400, what else is no JSON object a 500. REQUIRES: the body is JSON, as json.encode makes it.
// Cost: one pass.
[[nodiscard]] StreamAnswer to_stream_answer(ScriptResponse response);

}  // namespace weir
