// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/template_text.h"

#include <array>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace weir {
namespace {

// FNV-1a: against torn and flipped files, not against people.
std::string checksum(std::string_view text) {
  uint64_t sum = 0xcbf29ce484222325;
  for (const char c : text) sum = (sum ^ static_cast<uint8_t>(c)) * 0x100000001b3;
  return fmt::format("{:016x}", sum);
}

std::string line_of(const Exporter& exporter, const ExportTemplate& layout, int64_t now) {
  const ExporterKey& key = exporter.key;
  std::string line =
      fmt::format("{} {} {} {} {} {} {} {} ", now / 1'000'000'000, key.address.to_string(),
                  key.port, static_cast<int>(key.version), key.domain, layout.id(),
                  layout.is_options() ? 1 : 0, layout.scopes());
  for (size_t i = 0; i < layout.fields().size(); ++i) {
    const TemplateField& field = layout.fields()[i];
    line += fmt::format("{}{}.{}:{}", i == 0 ? "" : ",", field.enterprise, field.id, field.length);
  }
  return fmt::format("{} {}\n", line, checksum(line));
}

// The text up to `end`, which is left out of both; nothing when there is no such end.
std::optional<std::string_view> cut(std::string_view& text, char end) {
  const size_t at = text.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view before = text.substr(0, at);
  text.remove_prefix(at + 1);
  return before;
}

template <typename Number>
bool read_number(std::string_view text, Number& number) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end && !text.empty();
}

template <typename Number>
bool next_number(std::string_view& text, char end, Number& number) {
  const auto word = cut(text, end);
  return word && read_number(*word, number);
}

bool read_fields(std::string_view text, std::vector<TemplateField>& fields) {
  std::string rest = std::string(text) + ",";
  std::string_view left = rest;
  while (!left.empty()) {
    TemplateField field;
    if (!next_number(left, '.', field.enterprise) || !next_number(left, ':', field.id) ||
        !next_number(left, ',', field.length) || fields.size() > ExportTemplate::kMaxFields)
      return false;
    fields.push_back(field);
  }
  return true;
}

struct Line {
  int64_t seconds = 0;
  ExporterKey key;
  TemplatePointer made;
};

std::optional<Line> read_line(std::string_view text) {
  const size_t space = text.rfind(' ');
  if (space == std::string_view::npos || text.substr(space + 1) != checksum(text.substr(0, space)))
    return std::nullopt;
  text = text.substr(0, space);
  Line line;
  if (!next_number(text, ' ', line.seconds)) return std::nullopt;
  const auto address = cut(text, ' ');
  const auto parsed = address ? IpAddress::parse(*address) : std::nullopt;
  int version = 0;
  uint16_t id = 0;
  int is_options = 0;
  size_t scopes = 0;
  std::vector<TemplateField> fields;
  if (!parsed || !next_number(text, ' ', line.key.port) || !next_number(text, ' ', version) ||
      !next_number(text, ' ', line.key.domain) || !next_number(text, ' ', id) ||
      !next_number(text, ' ', is_options) || !next_number(text, ' ', scopes) ||
      !read_fields(text, fields))
    return std::nullopt;
  if (version != static_cast<int>(ExportVersion::kNetflow9) &&
      version != static_cast<int>(ExportVersion::kIpfix))
    return std::nullopt;
  line.key.address = *parsed;
  line.key.version = static_cast<ExportVersion>(version);
  auto made =
      ExportTemplate::make(line.key.version, id, is_options != 0, scopes, std::move(fields));
  if (!made) return std::nullopt;
  line.made = *std::move(made);
  return line;
}

constexpr std::string_view kHead = "weir templates 1";

}  // namespace

std::string templates_text(const ExporterTable& exporters, int64_t now) {
  std::string text(kHead);
  text += '\n';
  exporters.visit([&](const Exporter& exporter) {
    if (exporter.is_stream()) return;
    for (const TemplatePointer& layout : exporter.templates.list())
      text += line_of(exporter, *layout, std::min(exporter.last_heard, now));
  });
  return text;
}

TemplatesRead read_templates_text(
    std::string_view text, int64_t now,
    const std::function<void(const ExporterKey&, TemplatePointer)>& restore) {
  TemplatesRead read;
  if (cut(text, '\n') != kHead) {
    read.damaged = 1;
    return read;
  }
  while (!text.empty()) {
    const auto line = cut(text, '\n');
    auto found = line ? read_line(*line) : std::nullopt;
    if (!found) {
      ++read.damaged;
      if (!line) break;
      continue;
    }
    constexpr int64_t kSecond = 1'000'000'000;
    const int64_t age = now / kSecond - found->seconds;
    if (age > kMostTemplateAge / kSecond || age < -kMostTemplateAge / kSecond) {
      ++read.too_old;
      continue;
    }
    ++read.restored;
    restore(found->key, std::move(found->made));
  }
  return read;
}

}  // namespace weir
