// SPDX-License-Identifier: GPL-3.0-or-later
#include "places/vendor_table.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace weir {
namespace {

constexpr uint8_t kGroup = 1;  // of the first octet (IEEE 802-2014, 8.2)
constexpr uint8_t kLocallyAdministered = 2;
constexpr unsigned kBitsPerDigit = 4;
constexpr unsigned kMacBits = 48;
constexpr size_t kMaxNameBytes = 96;

// One field of a line of CSV (RFC 4180) and what follows it.
struct Field {
  std::string text;
  std::string_view rest;
};
Field next_field(std::string_view line) {
  Field field;
  size_t i = 0;
  bool is_quoted = false;
  for (; i < line.size(); ++i) {
    const char letter = line[i];
    if (letter == '"') {
      const bool is_escaped = is_quoted && i + 1 < line.size() && line[i + 1] == '"';
      if (is_escaped) {
        field.text += '"';
        ++i;
      } else {
        is_quoted = !is_quoted;
      }
    } else if (letter == ',' && !is_quoted) {
      break;
    } else {
      field.text += letter;
    }
  }
  field.rest = line.substr(std::min(i + 1, line.size()));
  return field;
}

// Up to the end of the line; line ends inside quotes belong to the field.
std::string_view take_line(std::string_view& text) {
  bool is_quoted = false;
  size_t end = 0;
  for (; end < text.size() && (is_quoted || text[end] != '\n'); ++end) {
    if (text[end] == '"') is_quoted = !is_quoted;
  }
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string trimmed(std::string text) {
  while (!text.empty() && text.back() == ' ') text.pop_back();
  text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
  if (text.size() > kMaxNameBytes) text.resize(kMaxNameBytes);
  return text;
}

std::optional<uint64_t> hexadecimal(std::string_view text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Result<VendorTable> VendorTable::load(const std::string& folder) {
  VendorTable table;
  bool found = false;
  for (const char* name : {"oui.csv", "mam.csv", "oui36.csv"}) {
    std::ifstream file(folder + "/" + name, std::ios::binary);
    if (!file) continue;
    found = true;
    const std::string text(std::istreambuf_iterator<char>(file), {});
    table.add(text);
  }
  if (!found) return Error{fmt::format("{}: no listing of vendors (package ieee-data)", folder), 0};
  table.name_numbers_.clear();
  return table;
}

void VendorTable::add(std::string_view csv) {
  while (!csv.empty()) {
    const std::string_view line = take_line(csv);
    const Field registry = next_field(line);
    const Field assignment = next_field(registry.rest);
    const std::string name = trimmed(next_field(assignment.rest).text);
    const auto prefix = hexadecimal(assignment.text);
    const auto* const digits =
        std::find(std::begin(kDigits), std::end(kDigits), assignment.text.size());
    // IEEE keeps the names of some to itself.
    if (!prefix || digits == std::end(kDigits) || name.empty() || name == "Private") continue;
    const auto [number, is_new] =
        name_numbers_.try_emplace(name, static_cast<uint32_t>(names_.size()));
    if (is_new) names_.push_back(name);
    entries_[digits - std::begin(kDigits)].emplace_back(*prefix, number->second);
    ++count_;
  }
  for (auto& entries : entries_) std::stable_sort(entries.begin(), entries.end());
}

std::string_view VendorTable::find(const MacAddress& mac) const {
  if ((mac.bytes[0] & (kGroup | kLocallyAdministered)) != 0) return {};
  uint64_t address = 0;
  for (const uint8_t byte : mac.bytes) address = address << 8 | byte;
  for (size_t i = 0; i < std::size(kDigits); ++i) {
    const std::pair<uint64_t, uint32_t> wanted{address >> (kMacBits - kBitsPerDigit * kDigits[i]),
                                               0};
    const auto found = std::lower_bound(entries_[i].begin(), entries_[i].end(), wanted);
    if (found != entries_[i].end() && found->first == wanted.first) return names_[found->second];
  }
  return {};
}

}  // namespace weir
