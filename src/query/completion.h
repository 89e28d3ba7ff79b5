// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "query/questions.h"
#include "record/fields.gen.h"

namespace weir {

// What can stand at a place in a filter that is being written.
enum class CompletionKind : uint8_t {
  kNothing,     // what stands before it is nothing that a filter begins with
  kTest,        // a field, a word to search for, "not", "("
  kOperator,    // of `fields`; "and" and "or" too, where the name before is no field
  kIn,          // after "not"
  kValue,       // of `fields`
  kList,        // after "in": "(" or a value
  kMoreOfList,  // "," or ")"
  kConnective,  // "and", "or", and ")" where one is open
};

// A place in a filter. Offsets are of bytes, from 0.
struct CompletionPoint {
  CompletionKind kind = CompletionKind::kNothing;
  size_t from = 0;  // what is being written there; empty where from == to
  size_t to = 0;
  std::string typed;            // of it, what stands before the cursor, without quotes
  std::vector<uint8_t> fields;  // indices; more than one for an alias; may be empty
  size_t open = 0;              // parentheses
};

// Where the byte `cursor` of `text` is. Any text will do: what makes no sense is read as the start
// of another test. REQUIRES: cursor <= text.size(). Cost: one pass.
[[nodiscard]] CompletionPoint find_completion(std::string_view text, size_t cursor, Entity entity);

struct CompletionRequest {
  std::string text;
  size_t cursor = 0;           // the column before which it stands, from 1; 0: behind the text
  std::string list = "flows";  // whose filter it is: "hosts", "interfaces", "countries" ...
  size_t limit = 20;           // items, at most kMaxItems

  static constexpr size_t kMaxItems = 200;
  static constexpr size_t kMaxRows = 500;  // that are looked at for values
};

// What can be written at the cursor, the likeliest first:
//   {"from": column, "to": column, "items": [{"text": "TLS", "kind": "value", "count": 12} ...]}
// Each text takes the place of what stands from column `from` to before column `to` (bytes, from
// 1). kind: "field" and "operator" (with "doc"), "keyword", "value" (with "count": of the rows
// looked at, how many have it), "unit" (a number that was written, with a unit), "network". Values
// are those of kMaxRows rows: the busiest, of those that have what is written already. Error: the
// list, the cursor, the limit or a text that is too long.
[[nodiscard]] Answer complete(const Questions& questions, const CompletionRequest& request);

}  // namespace weir
