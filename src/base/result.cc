// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/result.h"

#include <system_error>

namespace weir {

Error system_error(std::string_view phrase, int error_number) {
  return {std::string(phrase) + ": " + std::generic_category().message(error_number), error_number};
}

}  // namespace weir
