// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include "base/value.h"
#include "net/ip_address.h"
#include "record/fields.gen.h"

// The filter language once more, as simply as it can be said: reads and answers in one go, over a
// row as JSON has it. Shares nothing with query/filter*.
namespace weir::test_naive_filter {

class NaiveFilter {
 public:
  // REQUIRES: `text` is a filter.
  NaiveFilter(const std::string& text, Entity entity) : entity_(entity) {
    static const std::regex kToken(
        R"re("(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'|!=|<=|>=|==|[=<>~(),]|[^\s"'=<>!~(),]+)re");
    for (auto at = std::sregex_iterator(text.begin(), text.end(), kToken);
         at != std::sregex_iterator(); ++at)
      tokens_.push_back(at->str());
  }

  bool holds(const Value& row) {
    row_ = &row;
    at_ = 0;
    return tokens_.empty() || either();
  }

 private:
  static std::string lower(std::string text) {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return text;
  }
  [[nodiscard]] std::string peek(size_t further = 0) const {
    return at_ + further < tokens_.size() ? tokens_[at_ + further] : "";
  }
  [[nodiscard]] bool next_is(const std::string& word, size_t further = 0) const {
    return lower(peek(further)) == word;
  }
  bool accept(const std::string& word) {
    if (!next_is(word)) return false;
    ++at_;
    return true;
  }
  static bool is_quoted(const std::string& token) {
    return token.front() == '"' || token.front() == '\'';
  }
  static std::string plain(const std::string& token) {
    if (!is_quoted(token)) return token;
    std::string text;
    for (size_t i = 1; i + 1 < token.size(); ++i) {
      if (token[i] == '\\') ++i;
      text += token[i];
    }
    return text;
  }

  bool either() {
    bool holds = both();
    while (accept("or")) {
      const bool right = both();
      holds = holds || right;
    }
    return holds;
  }
  bool both() {
    bool holds = one();
    while (accept("and")) {
      const bool right = one();
      holds = holds && right;
    }
    return holds;
  }
  bool one() {
    if (accept("not")) return !one();
    if (!accept("(")) return test();
    const bool holds = either();
    accept(")");
    return holds;
  }

  bool test() {
    const std::string name = tokens_[at_++];
    const bool is_field = !is_quoted(name);
    static const std::vector<std::string> kSigns{"=", "==", "!=", "<", "<=", ">", ">=", "~"};
    for (const std::string& sign : kSigns) {
      if (!is_field || !accept(sign)) continue;
      const std::string operand = plain(tokens_[at_++]);
      return sign == "!=" ? !any(name, "=", operand) : any(name, sign, operand);
    }
    if (is_field && accept("exists")) return any(name, "exists", "");
    if (is_field && next_is("not") && next_is("in", 1)) {
      at_ += 2;
      return !in_list(name);
    }
    if (is_field && accept("in")) return in_list(name);
    return search(plain(name));
  }

  bool in_list(const std::string& name) {
    if (!accept("(")) return any(name, "=", plain(tokens_[at_++]));
    bool holds = false;
    do {
      const bool one = any(name, "=", plain(tokens_[at_++]));
      holds = holds || one;
    } while (accept(","));
    accept(")");
    return holds;
  }

  bool search(const std::string& word) {
    const bool is_address = IpAddress::parse(word.substr(0, word.find('/'))).has_value();
    bool holds = false;
    for (const FieldInfo& field : fields_of(entity_)) {
      if (entity_ == Entity::kFlow && field.name == "exporter") continue;
      if (is_address && field.type == FieldType::kIp) holds = holds || is(field, "=", word);
      const bool is_name =
          field.filterable && (field.type == FieldType::kString || field.type == FieldType::kIp ||
                               field.type == FieldType::kMac ||
                               (field.type == FieldType::kStrings && entity_ == Entity::kHost));
      if (!is_address && is_name) holds = holds || is(field, "~", word);
    }
    return holds;
  }

  bool any(const std::string& name, const std::string& sign, const std::string& operand) {
    for (const FieldInfo& field : fields_of(entity_)) {
      if (field.name == name) return is(field, sign, operand);
    }
    for (const FieldAlias& alias : aliases_of(entity_)) {
      if (alias.name != name) continue;
      for (uint8_t i = 0; i < alias.count; ++i) {
        if (is(fields_of(entity_)[alias.fields[i]], sign, operand)) return true;
      }
      return false;
    }
    ADD_FAILURE() << "no field " << name;
    return false;
  }

  bool is(const FieldInfo& field, const std::string& sign, const std::string& operand) {
    const Value& value = (*row_)[field.name];
    if (value.is_null()) return false;
    const auto* list = value.as<Value::Array>();
    if (sign == "exists") return list == nullptr || !list->empty();
    const bool is_text = field.type == FieldType::kString || field.type == FieldType::kStrings ||
                         field.type == FieldType::kMac || field.type == FieldType::kBool;
    const bool is_pattern = operand.find('*') != std::string::npos;
    if (field.type == FieldType::kIp && sign != "~" && !is_pattern)
      return is_in_network(*value.as<std::string>(), operand);
    if (sign == "~" || is_text || is_pattern) return is_text_like(field, value, sign, operand);
    const double wanted = number(operand, field.unit);
    if (list == nullptr) return compares(sign, number_of(value), wanted);
    for (const Value& one : *list) {
      if (compares(sign, number_of(one), wanted)) return true;
    }
    return false;
  }

  static bool is_text_like(const FieldInfo& field, const Value& value, const std::string& sign,
                           const std::string& operand) {
    const auto* list = value.as<Value::Array>();
    std::vector<std::string> texts;
    if (list == nullptr || field.type == FieldType::kUintList) {
      texts = {text_of(value)};
    } else if (field.type == FieldType::kUints) {
      texts = {""};
      for (const Value& one : *list) texts[0] += (texts[0].empty() ? "" : ", ") + text_of(one);
    } else {
      for (const Value& one : *list) texts.push_back(text_of(one));
    }
    const std::string wanted = lower(operand);
    for (const std::string& text : texts) {
      const bool is_pattern = wanted.find('*') != std::string::npos;
      if (sign == "~" && !is_pattern && lower(text).find(wanted) != std::string::npos) return true;
      if ((sign != "~" || is_pattern) && is_like(lower(text).c_str(), wanted.c_str())) return true;
    }
    return false;
  }
  static bool is_like(const char* text, const char* pattern) {
    if (*pattern == '\0') return *text == '\0';
    if (*pattern == '*')
      return is_like(text, pattern + 1) || (*text != '\0' && is_like(text + 1, pattern));
    return *text == *pattern && is_like(text + 1, pattern + 1);
  }

  static std::string text_of(const Value& value) {
    const auto* text = value.as<std::string>();
    return text != nullptr ? *text : to_json(value);
  }
  static double number_of(const Value& value) {
    return std::strtod(to_json(value).c_str(), nullptr);
  }
  static double number(const std::string& text, Unit unit) {
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    static const std::map<std::string, double> kTimes{
        {"", 1}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}};
    static const std::map<std::string, double> kCounts{{"", 1},    {"k", 1e3}, {"K", 1e3},
                                                       {"M", 1e6}, {"G", 1e9}, {"T", 1e12}};
    return number * (unit == Unit::kSeconds ? kTimes : kCounts).at(end);
  }
  static bool compares(const std::string& sign, double a, double b) {
    if (sign == "<") return a < b;
    if (sign == "<=") return a <= b;
    if (sign == ">") return a > b;
    if (sign == ">=") return a >= b;
    return a == b;
  }

  static std::string bits_of(const IpAddress& address) {
    std::string bits;
    for (size_t i = address.is_v4() ? 12 : 0; i < 16; ++i) {
      for (int bit = 7; bit >= 0; --bit) bits += ((address.bytes()[i] >> bit) & 1) != 0 ? '1' : '0';
    }
    return bits;
  }
  static bool is_in_network(const std::string& address, const std::string& network) {
    const size_t slash = network.find('/');
    const std::string bits = bits_of(*IpAddress::parse(address));
    const std::string wanted = bits_of(*IpAddress::parse(network.substr(0, slash)));
    const size_t length =
        slash == std::string::npos ? wanted.size() : std::stoul(network.substr(slash + 1));
    return bits.size() == wanted.size() && bits.substr(0, length) == wanted.substr(0, length);
  }

  Entity entity_;
  std::vector<std::string> tokens_;
  size_t at_ = 0;
  const Value* row_ = nullptr;
};

}  // namespace weir::test_naive_filter
