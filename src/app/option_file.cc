// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/option_file.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "dpi/ascii_text.h"

// toml++ reports errors by value with this: nothing is thrown. Some it asserts on before it reports
// them ("hosts = [,]"), so its assertions are off whatever ours are.
#define TOML_EXCEPTIONS 0
#undef NDEBUG
#define NDEBUG 1
#include <toml++/toml.h>

namespace weir {
namespace {

constexpr size_t kMostBytes = size_t{1} << 20;

Error error_at(const std::string& file, size_t line, std::string_view reason) {
  return {fmt::format("{}:{}: {}", file, line, reason)};
}

// toml++ 3.3 runs into undefined behaviour on letters beyond ASCII where it looks for white space,
// so it is shown each of their bytes as "%C3", and a "%" as "%25".
std::string as_ascii(std::string_view text) {
  std::string ascii;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || c == '%') {
      ascii += fmt::format("%{:02X}", byte);
    } else {
      ascii += c;
    }
  }
  return ascii;
}

// The other way round. What as_ascii() did not write stays, but for "\u0025" before two digits.
std::string from_ascii(std::string_view ascii) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  for (size_t i = 0; i < ascii.size(); ++i) {
    const bool may_be_byte = ascii[i] == '%' && i + 2 < ascii.size();
    const size_t high = may_be_byte ? kDigits.find(ascii[i + 1]) : std::string_view::npos;
    const size_t low = may_be_byte ? kDigits.find(ascii[i + 2]) : std::string_view::npos;
    if (high == std::string_view::npos || low == std::string_view::npos) {
      text += ascii[i];
      continue;
    }
    text += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return text;
}

// The first line that looks like the header of a table; 0 when there is none. toml++ 3.3 asserts on
// some that are none.
size_t find_header(std::string_view text) {
  for (size_t line = 1; !text.empty(); ++line) {
    const size_t end = std::min(text.find('\n'), text.size());
    const size_t start = text.find_first_not_of(" \t");
    if (start < end && text[start] == '[') return line;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return 0;
}

// As the command line would say it; nothing for what it cannot say.
std::optional<std::string> text_of(const toml::node& node) {
  if (const auto* text = node.as_string()) return from_ascii(text->get());
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* truth = node.as_boolean()) return truth->get() ? "true" : "false";
  return std::nullopt;
}

Result<FileOption> read_option(std::string_view key, const toml::node& node,
                               const std::string& file) {
  FileOption option{from_ascii(key), {}, node.source().begin.line};
  const auto take = [&](const toml::node& one) -> Result<void> {
    auto text = text_of(one);
    if (!text)
      return error_at(file, one.source().begin.line,
                      option.name + ": text, a whole number, true or false is expected");
    option.values.push_back(*std::move(text));
    return {};
  };
  const toml::array* list = node.as_array();
  if (list == nullptr) {
    if (auto taken = take(node); !taken) return taken.error();
    return option;
  }
  for (const toml::node& one : *list) {
    if (auto taken = take(one); !taken) return taken.error();
  }
  return option;
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
  });
}

// A value that is neither in quotes nor a list, a number or a truth.
bool is_bare_word(std::string_view value) {
  constexpr std::string_view kSigns = "._:/@%+*,~-";
  const bool is_word = std::all_of(value.begin(), value.end(), [&](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           kSigns.find(c) != std::string_view::npos;
  });
  const bool is_number = value.find_first_not_of("0123456789+-") == std::string_view::npos ||
                         value.starts_with("0x") || value.starts_with("0o") ||
                         value.starts_with("0b");
  return is_word && !is_number && value != "true" && value != "false";
}

// With `memory = 64M` as `memory = "64M"`: files were read in another way once, in which text of
// one word needed no quotes.
std::string with_quoted_words(std::string_view text) {
  std::string quoted;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end);
    const size_t equals = std::min(line.find('='), line.size());
    const std::string_view rest = line.substr(std::min(equals + 1, line.size()));
    const std::string_view value = trimmed(rest.substr(0, rest.find_first_of("#\r\n")));
    if (is_name(trimmed(line.substr(0, equals))) && is_bare_word(value)) {
      quoted += fmt::format("{} = \"{}\"\n", trimmed(line.substr(0, equals)), value);
    } else {
      quoted += line;
    }
  }
  return quoted;
}

struct Closer {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

Result<std::string> read_all(const std::string& path) {
  const std::unique_ptr<std::FILE, Closer> file(std::fopen(path.c_str(), "re"));
  if (!file) return system_error(path, errno);
  std::string text;
  std::array<char, 4096> part{};
  while (const size_t got = std::fread(part.data(), 1, part.size(), file.get())) {
    text.append(part.data(), got);
    if (text.size() > kMostBytes) return Error{path + ": is too long for a file of options"};
  }
  if (std::ferror(file.get()) != 0) return system_error(path, errno);
  return text;
}

}  // namespace

Result<std::vector<FileOption>> parse_option_file(std::string_view text, const std::string& file) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (const size_t line = find_header(text); line != 0)
    return error_at(file, line, "options stand in no table: leave out what is in brackets");
  toml::parse_result parsed = toml::parse(as_ascii(text), file);
  if (parsed.failed()) {
    const toml::parse_error error = parsed.error();
    parsed = toml::parse(as_ascii(with_quoted_words(text)), file);
    if (parsed.failed())
      return error_at(file, error.source().begin.line, from_ascii(error.description()));
  }
  std::vector<FileOption> options;
  for (const auto& [key, node] : parsed.table()) {
    auto option = read_option(key.str(), node, file);
    if (!option) return option.error();
    if (!option->values.empty()) options.push_back(*std::move(option));
  }
  return options;
}

Result<std::vector<FileOption>> read_option_file(const std::string& file) {
  const auto text = read_all(file);
  if (!text) return text.error();
  return parse_option_file(*text, file);
}

}  // namespace weir
