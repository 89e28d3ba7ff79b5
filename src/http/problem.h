// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "http/http_message.h"
#include "script/script_response.h"

namespace weir {

// What a script said, as an answer that no cache keeps.
[[nodiscard]] HttpAnswer to_answer(ScriptResponse response);
// An RFC 7807 problem, as problem_response().
[[nodiscard]] HttpAnswer problem_answer(int status, std::string_view detail,
                                        std::string_view parameter = {});

}  // namespace weir
