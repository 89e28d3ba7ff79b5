// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

namespace weir {

// Where a member stands in the text of an object: its name, its value and a comma, so that without
// it the text is an object still. Nothing: an empty range at its end.
struct JsonMember {
  size_t begin = 0;
  size_t end = 0;
};

// The member of that name of the object itself, not of those in it. Finds it in text as json.encode
// makes it, without spaces; of any other text it says something that lies within it. Cost: a pass.
[[nodiscard]] JsonMember find_member(std::string_view json, std::string_view name);

}  // namespace weir
