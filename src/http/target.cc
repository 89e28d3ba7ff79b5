// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/target.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/utf8.h"

namespace weir {
namespace {

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

bool is_clean_text(std::string_view text) {
  while (!text.empty()) {
    const auto c = static_cast<unsigned char>(text.front());
    const size_t length = utf8_sequence_length(text);
    if (length == 0 || c < 0x20 || c == 0x7f) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::optional<std::string> decode(std::string_view text, bool plus_is_space) {
  std::string out;
  while (!text.empty()) {
    const char c = text.front();
    if (c != '%') {
      out += (c == '+' && plus_is_space) ? ' ' : c;
      text.remove_prefix(1);
      continue;
    }
    if (text.size() < 3) return std::nullopt;
    const auto high = hex_digit(text[1]);
    const auto low = hex_digit(text[2]);
    if (!high || !low) return std::nullopt;
    out += static_cast<char>(*high * 16 + *low);
    text.remove_prefix(3);
  }
  if (!is_clean_text(out)) return std::nullopt;
  return out;
}

bool has_dot_segment(std::string_view path) {
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const std::string_view segment = path.substr(0, path.find('/'));
    if (segment == "." || segment == "..") return true;
    path.remove_prefix(segment.size());
  }
  return false;
}

bool has(const Parameters& parameters, std::string_view name) {
  return std::any_of(parameters.begin(), parameters.end(),
                     [&](const auto& known) { return known.first == name; });
}

Result<Parameters, TargetError> parse_query(std::string_view query) {
  Parameters parameters;
  while (!query.empty()) {
    const std::string_view part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), part.size() + 1));
    if (part.empty()) continue;
    const size_t equals = std::min(part.find('='), part.size());
    auto name = decode(part.substr(0, equals), true);
    auto value = decode(part.substr(std::min(part.size(), equals + 1)), true);
    if (!name || !value)
      return TargetError{"The query has a wrong percent-escape or is no clean UTF-8 text."};
    if (name->empty()) return TargetError{"The query has a parameter without a name."};
    if (has(parameters, *name))
      return TargetError{"The parameter " + *name + " is given twice.", *name};
    if (parameters.size() == Target::kMaxParameters)
      return TargetError{"The query has too many parameters."};
    parameters.emplace_back(*std::move(name), *std::move(value));
  }
  return parameters;
}

}  // namespace

Result<Target, TargetError> parse_target(std::string_view text) {
  if (text.size() > Target::kMaxBytes) return TargetError{"The address is too long."};
  if (text.empty() || text.front() != '/')
    return TargetError{"The address does not start with a slash."};
  if (text.find('#') != std::string_view::npos) return TargetError{"The address has a fragment."};
  const size_t question = std::min(text.find('?'), text.size());
  auto path = decode(text.substr(0, question), false);
  if (!path) return TargetError{"The path has a wrong percent-escape or is no clean UTF-8 text."};
  if (path->front() != '/' || has_dot_segment(*path))
    return TargetError{"The path has a segment . or .. in it."};
  auto parameters = parse_query(text.substr(std::min(text.size(), question + 1)));
  if (!parameters.ok()) return parameters.error();
  return Target{*std::move(path), *std::move(parameters)};
}

}  // namespace weir
