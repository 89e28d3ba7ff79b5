// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/problem.h"

#include <utility>

namespace weir {

HttpAnswer to_answer(ScriptResponse response) {
  return {response.status,
          std::move(response.content_type),
          {{"Cache-Control", "no-store"}},
          std::move(response.body)};
}

HttpAnswer problem_answer(int status, std::string_view detail, std::string_view parameter) {
  return to_answer(problem_response(status, detail, parameter));
}

}  // namespace weir
