// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/step_times.h"

namespace weir {

std::string_view step_kind_name(StepKind kind) {
  switch (kind) {
    case StepKind::kGrowth:
      return "growth";
    case StepKind::kPurge:
      return "purge";
    case StepKind::kPlain:
      return "plain";
    case StepKind::kIdle:
      return "idle";
    case StepKind::kCount:
      break;
  }
  return {};
}

}  // namespace weir
