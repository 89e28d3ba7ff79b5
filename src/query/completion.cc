// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/completion.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "net/prefix.h"
#include "query/filter.h"
#include "query/filter_lexer.h"

namespace weir {
namespace {

constexpr size_t kMaxShownBytes = 256;  // longer values are nothing to choose from

struct List {
  std::string_view name;
  Entity entity;
  std::function<Answer(const Questions&, const ListRequest&)> ask;
};

const std::vector<List>& lists() {
  const auto groups = [](GroupKind kind) {
    return [kind](const Questions& questions, const ListRequest& request) {
      return questions.groups(kind, request);
    };
  };
  static const std::vector<List> kLists{
      {"flows", Entity::kFlow, std::mem_fn(&Questions::flows)},
      {"hosts", Entity::kHost, std::mem_fn(&Questions::hosts)},
      {"interfaces", Entity::kInterface, std::mem_fn(&Questions::interfaces)},
      {"applications", Entity::kApplication, std::mem_fn(&Questions::applications)},
      {"transactions", Entity::kTransaction, std::mem_fn(&Questions::transactions)},
      {"countries", Entity::kGroup, groups(GroupKind::kCountry)},
      {"asns", Entity::kGroup, groups(GroupKind::kAs)},
      {"networks", Entity::kGroup, groups(GroupKind::kNetwork)},
      {"macs", Entity::kGroup, groups(GroupKind::kMac)},
      {"vlans", Entity::kGroup, groups(GroupKind::kVlan)},
      {"categories", Entity::kGroup, groups(GroupKind::kCategory)},
      {"exporters", Entity::kExporter, std::mem_fn(&Questions::exporters)},
  };
  return kLists;
}

std::string lower(std::string_view text) {
  std::string copy(text);
  std::transform(copy.begin(), copy.end(), copy.begin(), ascii_lower);
  return copy;
}

// 0 when `text` begins with what was typed, 1 when it has it elsewhere; nothing when it has not.
std::optional<int> rank(std::string_view text, std::string_view typed) {
  const size_t at = lower(text).find(lower(typed));
  if (at == std::string::npos) return std::nullopt;
  return at == 0 ? 0 : 1;
}

// Whether a person can read it and it can be written again.
bool is_showable(std::string_view text) {
  if (text.empty() || text.size() > kMaxShownBytes) return false;
  while (!text.empty()) {
    const size_t length = utf8_sequence_length(text);
    const auto byte = static_cast<unsigned char>(text.front());
    if (length == 0 || byte < 0x20 || byte == 0x7f) return false;
    text.remove_prefix(length);
  }
  return true;
}

class Completer {
 public:
  Completer(const Questions& questions, const List& list, CompletionPoint point)
      : questions_(questions), list_(list), point_(std::move(point)) {}

  // At most `limit`, in order.
  Value::Array items(size_t limit) {
    collect();
    std::stable_sort(items_.begin(), items_.end(),
                     [](const Item& a, const Item& b) { return a.order < b.order; });
    if (items_.size() > limit) items_.resize(limit);
    Value::Array shown;
    for (Item& item : items_) shown.push_back(std::move(item.value));
    return shown;
  }

 private:
  struct Item {
    std::tuple<int, int> order;  // the kind of thing, then how well it fits
    Value value;
  };

  void collect() {
    switch (point_.kind) {
      case CompletionKind::kTest:
        add_fields();
        add_words({"not", "("}, "keyword");
        break;
      case CompletionKind::kOperator:
        if (point_.fields.empty()) return add_connectives();
        return add_operators();
      case CompletionKind::kIn:
        return add_words({"in"}, "operator");
      case CompletionKind::kList:
        add_words({"("}, "keyword");
        return add_values();
      case CompletionKind::kValue:
        return add_values();
      case CompletionKind::kMoreOfList:
        return add_words({",", ")"}, "keyword");
      case CompletionKind::kConnective:
        return add_connectives();
      case CompletionKind::kNothing:
        return;
    }
  }

  Value* add(std::string_view text, std::string_view kind, std::string_view matched, int group) {
    const auto fit = rank(matched, point_.typed);
    if (!fit) return nullptr;
    Value value;
    value.set("text", text);
    value.set("kind", kind);
    items_.push_back({{*fit, group}, std::move(value)});
    return &items_.back().value;
  }

  void add_words(std::initializer_list<std::string_view> words, std::string_view kind) {
    for (const std::string_view word : words) add(word, kind, word, 2);
  }
  void add_connectives() {
    add_words({"and", "or"}, "keyword");
    if (point_.open > 0) add_words({")"}, "keyword");
  }

  void add_fields() {
    const auto fields = fields_of(list_.entity);
    for (const FieldAlias& alias : aliases_of(list_.entity)) {
      std::string doc(fields[alias.fields[0]].name);
      if (alias.count == 2) doc += " or " + std::string(fields[alias.fields[1]].name);
      if (Value* item = add(alias.name, "field", alias.name, 0)) item->set("doc", doc);
    }
    for (const FieldInfo& field : fields) {
      if (!field.filterable) continue;
      if (Value* item = add(field.name, "field", field.name, 1)) item->set("doc", field.doc);
    }
  }

  void add_operators() {
    struct Operator {
      std::string_view text;
      std::string_view doc;
      bool orders;
      bool is_of_text;
    };
    static constexpr Operator kOperators[] = {
        {"=", "is", false, false},
        {"!=", "is not", false, false},
        {"<", "is less than", true, false},
        {"<=", "is at most", true, false},
        {">", "is more than", true, false},
        {">=", "is at least", true, false},
        {"~", "contains", false, true},
        {"in", "is one of (A, B), or in a network", false, false},
        {"not in", "is none of (A, B), or not in a network", false, false},
        {"exists", "is known", false, false},
    };
    const bool numeric = is_numeric(first_field().type);
    for (const Operator& op : kOperators) {
      if ((op.orders && !numeric) || (op.is_of_text && numeric)) continue;
      if (Value* item = add(op.text, "operator", op.text, 0)) item->set("doc", op.doc);
    }
  }

  void add_values() {
    if (point_.fields.empty()) return;
    const FieldInfo& field = first_field();
    if (field.type == FieldType::kBool) {
      for (const std::string_view truth : {"true", "false"}) add(truth, "value", truth, 0);
    } else if (is_numeric(field.type) && (field.unit != Unit::kNone || !is_whole(field.type))) {
      add_units(field.unit);
    } else {
      add_live_values();
    }
    if (field.type == FieldType::kIp) add_networks();
  }

  void add_units(Unit unit) {
    const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || c == '.'; };
    const std::string& typed = point_.typed;
    if (typed.empty() || !std::all_of(typed.begin(), typed.end(), is_digit)) return;
    const std::string_view letters = unit == Unit::kSeconds ? "smhd" : "kMGT";
    for (const char letter : letters) add(typed + letter, "unit", typed, 0);
  }

  void add_networks() {
    const std::string_view typed = point_.typed;
    const size_t slash = std::min(typed.find('/'), typed.size());
    const auto address = IpAddress::parse(typed.substr(0, slash));
    if (!address) return;
    const std::array<unsigned, 3> lengths =
        address->is_v4() ? std::array<unsigned, 3>{24, 16, 8} : std::array<unsigned, 3>{64, 48, 32};
    for (const unsigned length : lengths) {
      if (fmt::format("/{}", length).starts_with(typed.substr(slash)))
        add(Prefix(*address, length).to_string(), "network", typed, 1);
    }
  }

  void add_live_values() {
    std::map<std::string, uint64_t> counts;
    const Answer answer = list_.ask(questions_, request_for_values());
    if (!answer) return;
    const auto* rows = (*answer)["rows"].as<Value::Array>();
    if (rows == nullptr) return;
    for (const Value& row : *rows) {
      for (const uint8_t field : point_.fields)
        count(row[fields_of(list_.entity)[field].name], counts);
    }
    std::vector<std::pair<std::string, uint64_t>> sorted(counts.begin(), counts.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    for (const auto& [text, number] : sorted) {
      if (Value* item = add(filter_value(text), "value", text, 0)) item->set("count", number);
    }
  }

  [[nodiscard]] ListRequest request_for_values() const {
    ListRequest request;
    request.limit = CompletionRequest::kMaxRows;
    for (const uint8_t field : point_.fields) {
      const std::string_view name = fields_of(list_.entity)[field].name;
      request.columns.emplace_back(name);
      if (point_.typed.empty()) continue;
      request.filter += fmt::format("{}{} ~ {}", request.filter.empty() ? "" : " or ", name,
                                    filter_value(point_.typed));
    }
    return request;
  }

  static void count(const Value& value, std::map<std::string, uint64_t>& counts) {
    if (value.is_null()) return;
    if (const auto* list = value.as<Value::Array>()) {
      for (const Value& element : *list) count(element, counts);
      return;
    }
    const auto* text = value.as<std::string>();
    std::string shown = text != nullptr ? *text : to_json(value);
    if (is_showable(shown)) ++counts[std::move(shown)];
  }

  static bool is_whole(FieldType type) {
    return type != FieldType::kFloat && type != FieldType::kTime;
  }
  [[nodiscard]] const FieldInfo& first_field() const {
    return fields_of(list_.entity)[point_.fields.front()];
  }

  const Questions& questions_;
  const List& list_;
  CompletionPoint point_;
  std::vector<Item> items_;
};

QueryError bad(std::string parameter, std::string message) {
  return {QueryError::Kind::kBadParameter, std::move(parameter), std::move(message), 0};
}

}  // namespace

Answer complete(const Questions& questions, const CompletionRequest& request) {
  const auto list = std::find_if(lists().begin(), lists().end(),
                                 [&](const List& one) { return one.name == request.list; });
  if (list == lists().end())
    return bad("list", fmt::format("there is no list \"{}\"", request.list));
  if (request.text.size() > Filter::kMaxLength) return bad("text", "the filter is too long");
  if (request.cursor > request.text.size() + 1)
    return bad("cursor", "the cursor is behind the end of the text");
  if (request.limit > CompletionRequest::kMaxItems)
    return bad("limit", fmt::format("at most {}", CompletionRequest::kMaxItems));
  const size_t cursor = request.cursor == 0 ? request.text.size() : request.cursor - 1;
  CompletionPoint point = find_completion(request.text, cursor, list->entity);
  Value answer;
  answer.set("from", uint64_t{point.from + 1});
  answer.set("to", uint64_t{point.to + 1});
  answer.set("items", Completer(questions, *list, std::move(point)).items(request.limit));
  return answer;
}

}  // namespace weir
