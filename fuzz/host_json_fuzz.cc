// SPDX-License-Identifier: GPL-3.0-or-later
// host_from_value() on any JSON text. A host that is read is written as an object that is read as
// the same host: its text is the same. A finding becomes a unit test.
#include <string>
#include <string_view>

#include "base/json_reader.h"
#include "property.h"
#include "record/host_json.h"

namespace {

using namespace weir;

constexpr std::string_view kEstimator = "e";

using weir::fuzz::require;

std::string text_of(const HostRecord& host) {
  return to_json(host_to_value(host, kEstimator));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto value = parse_json({reinterpret_cast<const char*>(data), size});
  if (!value) return 0;
  const auto host = host_from_value(*value, kEstimator);
  if (!host) return 0;
  const std::string text = text_of(*host);
  const auto written = parse_json(text);
  require(written.ok(), "what is written is JSON");
  const auto again = host_from_value(*written, kEstimator);
  require(again.ok(), "what is written is a host");
  require(text_of(*again) == text, "it is the same host");
  // Sums with itself are no harm, whatever is in it.
  HostRecord sum = *host;
  merge_past(sum, *host);
  require(!text_of(sum).empty(), "a sum can be written");
  return 0;
}
