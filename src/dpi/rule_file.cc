// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/rule_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "dpi/protocol_rules.h"
#include "record/applications.h"

// toml++ reports errors by value with this: nothing is thrown. Some it asserts on before it reports
// them ("hosts = [,]"), so its assertions are off whatever ours are.
#define TOML_EXCEPTIONS 0
#undef NDEBUG
#define NDEBUG 1
#include <toml++/toml.h>

namespace weir {
namespace {

constexpr size_t kMaxHostBytes = 253;

// What is wrong, and with which line and key.
struct Complaint {
  size_t line = 0;
  std::string key;
  std::string reason;
};
using Wrong = std::optional<Complaint>;

size_t line_of(const toml::node& node) {
  return node.source().begin.line;
}
Complaint complain_of(const toml::node& node, std::string_view key, std::string_view reason) {
  return {line_of(node), std::string(key), std::string(reason)};
}

// Calls take(node) -> Wrong for each element of an array, or for the value when it is none.
template <typename Take>
Wrong each(const toml::node& node, Take&& take) {
  const toml::array* array = node.as_array();
  if (array == nullptr) return take(node);
  for (const toml::node& element : *array) {
    if (Wrong wrong = take(element)) return wrong;
  }
  return std::nullopt;
}

Wrong read_text(const toml::node& node, std::string_view key, std::string& text) {
  const auto* value = node.as_string();
  if (value == nullptr) return complain_of(node, key, "no text");
  text = value->get();
  return std::nullopt;
}

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

Wrong read_name(const toml::node& node, std::string_view key, std::string& name) {
  if (Wrong wrong = read_text(node, key, name)) return wrong;
  if (name.empty() || name.size() > kMaxApplicationNameBytes || !is_printable(name))
    return complain_of(node, key, "a name has 1 to 64 printable characters of ASCII");
  return std::nullopt;
}

Wrong read_hosts(const toml::node& node, std::string_view key, std::vector<std::string>& hosts) {
  return each(node, [&](const toml::node& element) -> Wrong {
    std::string host;
    if (Wrong wrong = read_text(element, key, host)) return wrong;
    if (host.starts_with("*.")) host.erase(0, 2);
    std::ranges::transform(host, host.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const bool is_dotted = host.starts_with('.') || host.ends_with('.');
    if (host.empty() || host.size() > kMaxHostBytes || is_dotted || !is_printable(host) ||
        host.find_first_of(" */:") != std::string::npos)
      return complain_of(element, key, "\"" + host + "\" is no host name");
    hosts.push_back(std::move(host));
    return std::nullopt;
  });
}

Wrong read_networks(const toml::node& node, std::string_view key,
                    std::vector<AddressRange>& networks) {
  return each(node, [&](const toml::node& element) -> Wrong {
    std::string text;
    if (Wrong wrong = read_text(element, key, text)) return wrong;
    const auto range = parse_network(text);
    if (!range) return complain_of(element, key, "\"" + text + "\" is no address or network");
    networks.push_back(*range);
    return std::nullopt;
  });
}

// 80 or "8000-8010".
Wrong read_ports(const toml::node& node, std::string_view key, std::vector<uint16_t>& ports) {
  return each(node, [&](const toml::node& element) -> Wrong {
    int64_t first = 0;
    int64_t last = 0;
    if (const auto* number = element.as_integer()) {
      first = last = number->get();
    } else if (const auto* text = element.as_string()) {
      const std::string& range = text->get();
      const char* end = range.data() + range.size();
      const auto [dash, error] = std::from_chars(range.data(), end, first);
      if (error != std::errc() || dash == end || *dash != '-' ||
          std::from_chars(dash + 1, end, last).ptr != end)
        first = last = -1;
    }
    if (first < 1 || last < first || last > UINT16_MAX)
      return complain_of(element, key, "a port is 1 to 65535, or \"FIRST-LAST\"");
    for (int64_t port = first; port <= last; ++port) ports.push_back(static_cast<uint16_t>(port));
    return std::nullopt;
  });
}

Wrong read_fingerprints(const toml::node& node, std::string_view key,
                        std::vector<std::string>& fingerprints) {
  return each(node, [&](const toml::node& element) -> Wrong {
    std::string text;
    if (Wrong wrong = read_text(element, key, text)) return wrong;
    if (text.empty()) return complain_of(element, key, "empty");
    fingerprints.push_back(std::move(text));
    return std::nullopt;
  });
}

Wrong read_size(const toml::node& node, std::string_view key, size_t most, size_t& size) {
  const auto* number = node.as_integer();
  if (number == nullptr || number->get() < 0 || static_cast<uint64_t>(number->get()) > most)
    return complain_of(node, key, fmt::format("a number of bytes is 0 to {}", most));
  size = static_cast<size_t>(number->get());
  return std::nullopt;
}

Wrong read_transport(const toml::node& node, std::string_view key, PayloadPattern& pattern) {
  std::string text;
  if (Wrong wrong = read_text(node, key, text)) return wrong;
  if (text != "tcp" && text != "udp") return complain_of(node, key, "neither \"tcp\" nor \"udp\"");
  pattern.on_tcp = text == "tcp";
  pattern.on_udp = text == "udp";
  return std::nullopt;
}

// A pattern while its keys are read, in any order.
struct PatternParts {
  PayloadPattern pattern;
  size_t at = 0;
  PatternBytes bytes;
  PatternBytes mask;
};

Wrong read_bytes(const toml::node& node, std::string_view key, PatternBytes& bytes) {
  std::string text;
  if (Wrong wrong = read_text(node, key, text)) return wrong;
  const auto parsed = parse_pattern_bytes(text);
  if (!parsed || parsed->bits.empty())
    return complain_of(node, key, "bytes are pairs of hexadecimal digits or \"..\"");
  bytes = *parsed;
  return std::nullopt;
}

Wrong read_pattern_text(const toml::node& node, std::string_view key, PatternBytes& bytes) {
  std::string text;
  if (Wrong wrong = read_text(node, key, text)) return wrong;
  if (text.empty()) return complain_of(node, key, "empty");
  bytes.bits.assign(text.begin(), text.end());
  bytes.mask.assign(text.size(), 0xff);
  return std::nullopt;
}

Wrong read_pattern_key(std::string_view key, const toml::node& node, PatternParts& parts) {
  constexpr size_t kMostPayload = 65535;
  if (key == "transport") return read_transport(node, key, parts.pattern);
  if (key == "ports") return read_ports(node, key, parts.pattern.ports);
  if (key == "at") return read_size(node, key, ProtocolRules::kMostPatternBytes, parts.at);
  if (key == "at_least") return read_size(node, key, kMostPayload, parts.pattern.at_least);
  if (key == "at_most") return read_size(node, key, kMostPayload, parts.pattern.at_most);
  if (key == "bytes") return read_bytes(node, key, parts.bytes);
  if (key == "text") return read_pattern_text(node, key, parts.bytes);
  if (key == "mask") return read_bytes(node, key, parts.mask);
  return complain_of(node, key, "there is no such key");
}

Wrong finish_pattern(const toml::node& node, PatternParts& parts) {
  auto& [pattern, at, bytes, mask] = parts;
  if (bytes.bits.empty()) return complain_of(node, "payload", "neither bytes nor text");
  if (at + bytes.bits.size() > ProtocolRules::kMostPatternBytes)
    return complain_of(node, "payload", "a pattern ends within 64 bytes");
  if (!mask.bits.empty() && mask.bits.size() != bytes.bits.size())
    return complain_of(node, "mask", "as long as bytes it must be");
  for (size_t i = 0; i < mask.bits.size(); ++i) bytes.mask[i] &= mask.bits[i];
  pattern.bits.assign(at, 0);
  pattern.mask.assign(at, 0);
  for (size_t i = 0; i < bytes.bits.size(); ++i) {
    pattern.bits.push_back(bytes.bits[i] & bytes.mask[i]);
    pattern.mask.push_back(bytes.mask[i]);
  }
  return std::nullopt;
}

Wrong read_payloads(const toml::node& node, std::string_view key,
                    std::vector<PayloadPattern>& payloads) {
  return each(node, [&](const toml::node& element) -> Wrong {
    const toml::table* table = element.as_table();
    if (table == nullptr) return complain_of(element, key, "no table");
    PatternParts parts;
    for (const auto& [name, value] : *table) {
      if (Wrong wrong = read_pattern_key(name.str(), value, parts)) {
        wrong->key = std::string(key) + "." + wrong->key;
        return wrong;
      }
    }
    if (Wrong wrong = finish_pattern(element, parts)) return wrong;
    payloads.push_back(std::move(parts.pattern));
    return std::nullopt;
  });
}

Wrong read_key(std::string_view key, const toml::node& node, ApplicationRule& rule) {
  if (key == "name") return read_name(node, key, rule.name);
  if (key == "category") return read_name(node, key, rule.category);
  if (key == "hosts") return read_hosts(node, key, rule.hosts);
  if (key == "networks") return read_networks(node, key, rule.networks);
  if (key == "tcp") return read_ports(node, key, rule.tcp_ports);
  if (key == "udp") return read_ports(node, key, rule.udp_ports);
  if (key == "ja4") return read_fingerprints(node, key, rule.ja4);
  if (key == "hassh") return read_fingerprints(node, key, rule.hassh);
  if (key == "payload") return read_payloads(node, key, rule.payloads);
  return complain_of(node, key, "there is no such key");
}

Error error_in(const std::string& file, std::string_view application, const Complaint& complaint) {
  const std::string whose =
      application.empty() ? std::string() : fmt::format("application {}: ", application);
  return {
      fmt::format("{}:{}: {}{}: {}", file, complaint.line, whose, complaint.key, complaint.reason)};
}

Result<ApplicationRule> read_application(const toml::node& node, const std::string& file) {
  ApplicationRule rule;
  const toml::table* table = node.as_table();
  if (table == nullptr)
    return error_in(file, {}, complain_of(node, "application", "write [[application]]"));
  const toml::node* name = table->get("name");
  if (name == nullptr)
    return error_in(file, {}, complain_of(node, "name", "an application needs one"));
  if (const Wrong wrong = read_name(*name, "name", rule.name)) return error_in(file, {}, *wrong);
  for (const auto& [key, value] : *table) {
    if (const Wrong wrong = read_key(key.str(), value, rule))
      return error_in(file, rule.name, *wrong);
  }
  return rule;
}

// Everything that a rule can say is ASCII; in comments other bytes become question marks.
// toml++ 3.3 runs into undefined behaviour on letters beyond ASCII where it looks for white space.
// Nothing when there are such bytes elsewhere; `line` is then where.
std::optional<std::string> as_ascii(std::string_view text, size_t& line) {
  std::string ascii(text);
  char quote = 0;
  bool is_comment = false;
  line = 1;
  for (char& c : ascii) {
    const bool is_ascii = static_cast<unsigned char>(c) < 0x80;
    if (c == '\n') {
      ++line;
      quote = 0;
      is_comment = false;
    } else if (is_comment && !is_ascii) {
      c = '?';
    } else if (!is_ascii) {
      return std::nullopt;
    } else if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (!is_comment && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == '#') {
      is_comment = true;
    }
  }
  return ascii;
}

// The only header a file of rules has. toml++ 3.3 asserts on some that are none.
bool is_good_header(std::string_view line) {
  std::string header;
  for (const char c : line.substr(0, line.find('#'))) {
    if (c != ' ' && c != '\t' && c != '\r') header += c;
  }
  return !header.starts_with('[') || header == "[[application]]";
}

// The first line that looks like a header and is not ours; 0 when there is none.
size_t find_bad_header(std::string_view text) {
  for (size_t line = 1; !text.empty(); ++line) {
    const size_t end = std::min(text.find('\n'), text.size());
    if (!is_good_header(text.substr(0, end))) return line;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return 0;
}

}  // namespace

Result<std::vector<ApplicationRule>> parse_rule_file(std::string_view text,
                                                     const std::string& file) {
  size_t line = 0;
  const auto ascii = as_ascii(text, line);
  if (!ascii)
    return Error{fmt::format("{}:{}: only comments may hold more than ASCII", file, line)};
  if (const size_t bad = find_bad_header(*ascii); bad != 0)
    return Error{fmt::format("{}:{}: the only header is [[application]]", file, bad)};
  const toml::parse_result parsed = toml::parse(*ascii, file);
  if (parsed.failed()) {
    const toml::parse_error& error = parsed.error();
    return Error{fmt::format("{}:{}: {}", file, error.source().begin.line, error.description())};
  }
  std::vector<ApplicationRule> rules;
  for (const auto& [key, value] : parsed.table()) {
    const toml::array* applications = value.as_array();
    if (key.str() != "application" || applications == nullptr)
      return error_in(file, {}, complain_of(value, key.str(), "write [[application]]"));
    for (const toml::node& node : *applications) {
      auto rule = read_application(node, file);
      if (!rule) return rule.error();
      if (rules.size() == ProtocolRules::kMostRules)
        return error_in(file, rule->name, complain_of(node, "application", "too many"));
      rules.push_back(std::move(*rule));
    }
  }
  return rules;
}

}  // namespace weir
