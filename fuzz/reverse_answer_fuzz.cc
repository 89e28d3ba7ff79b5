// SPDX-License-Identifier: GPL-3.0-or-later
// What a name server answers to a PTR question. Whatever it is: a name that is taken is one of a
// host, and only of an answer that says so.
#include <cstdint>

#include "enrich/reverse_answer.h"
#include "property.h"

using weir::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using weir::ReverseAnswer;
  const ReverseAnswer answer = weir::parse_reverse_answer({data, size});
  const bool is_name = answer.kind == ReverseAnswer::Kind::kName;
  require(is_name == weir::is_name_of_host(answer.name));
  require(is_name || answer.name.empty());
  require(is_name || answer.ttl.count() == 0);
  require(answer.ttl.count() >= 0 && answer.ttl.count() <= UINT32_MAX);
  return 0;
}
