// SPDX-License-Identifier: GPL-3.0-or-later
// The first line is a request target, the second a Host, the third an Origin. Whatever they are: a
// target that is taken is clean and has no way out of the tree, and only a page of an allowed host
// is an allowed origin.
#include <cstdint>
#include <string>
#include <string_view>

#include "http/origin_policy.h"
#include "http/target.h"
#include "property.h"

namespace {

using weir::fuzz::require;

std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(line.size() < text.size() ? line.size() + 1 : line.size());
  return line;
}

void check_target(std::string_view text) {
  const auto target = weir::parse_target(text);
  if (!target.ok()) return;
  const std::string path = target->path + "/";
  require(path.front() == '/' && path.find("/../") == std::string::npos &&
          path.find("/./") == std::string::npos);
  require(target->parameters.size() <= weir::Target::kMaxParameters);
  for (const char c : path) require(c < 0 || (c >= 0x20 && c != 0x7f));
  for (const auto& [name, value] : target->parameters) {
    require(!name.empty());
    for (const char c : value) require(c < 0 || (c >= 0x20 && c != 0x7f));
  }
}

void check_origin(std::string_view host, std::string_view origin) {
  const weir::OriginPolicy policy("127.0.0.1", 3000, {"weir.example"});
  if (!policy.allows_host(host)) return;
  require(host.find("evil") == std::string_view::npos);
  if (policy.allows_origin(origin, host)) {
    require(origin.size() == host.size() + 7 || origin.size() == host.size() + 8);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  check_target(take_line(text));
  const std::string_view host = take_line(text);
  check_origin(host, text);
  return 0;
}
