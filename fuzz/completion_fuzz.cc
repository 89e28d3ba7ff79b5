// SPDX-License-Identifier: GPL-3.0-or-later
// complete() on any text with the cursor anywhere. Input: one byte for the list, two for the
// cursor, the text; a row has the text as its value, too. Properties: what is replaced holds the
// cursor and lies in the text; there are no more items than asked for; a value is written as one
// token, which reads as the value again.
#include <algorithm>
#include <cstdint>
#include <string>

#include "property.h"
#include "query/completion.h"
#include "query/filter.h"
#include "query/filter_lexer.h"

namespace {

using namespace weir;

using weir::fuzz::require;

// Every list has one row, whose fields are all the same text.
class OneRow final : public Questions {
 public:
  explicit OneRow(std::string text) : text_(std::move(text)) {}

  [[nodiscard]] Answer interfaces(const ListRequest& request) const override {
    return list(request);
  }
  [[nodiscard]] Answer hosts(const ListRequest& request) const override { return list(request); }
  [[nodiscard]] Answer flows(const ListRequest& request) const override { return list(request); }
  [[nodiscard]] Answer applications(const ListRequest& request) const override {
    return list(request);
  }
  [[nodiscard]] Answer transactions(const ListRequest& request) const override {
    return list(request);
  }
  [[nodiscard]] Answer exporters(const ListRequest& request) const override {
    return list(request);
  }
  [[nodiscard]] Answer groups(GroupKind /*kind*/, const ListRequest& request) const override {
    return list(request);
  }
  [[nodiscard]] Answer interface(std::string_view /*id*/) const override { return Value(); }
  [[nodiscard]] Answer host(const WantedHost& /*wanted*/) const override { return Value(); }
  [[nodiscard]] Answer archived_host(const WantedHost& /*wanted*/) const override {
    return Value();
  }
  [[nodiscard]] Answer host_record(const WantedHost& /*wanted*/) const override { return Value(); }
  [[nodiscard]] Answer flow(std::string_view /*id*/) const override { return Value(); }
  [[nodiscard]] Answer exporter(std::string_view /*id*/) const override { return Value(); }
  [[nodiscard]] Answer series(const SeriesRequest& /*request*/) const override { return Value(); }
  [[nodiscard]] Answer health() const override { return Value(); }

 private:
  [[nodiscard]] Answer list(const ListRequest& request) const {
    Value row{Value::Object{}};
    for (const std::string& column : request.columns) row.set(column, text_);
    Value answer;
    answer.set("rows", Value::Array{row});
    return answer;
  }

  std::string text_;
};

void check_item(const Value& item) {
  const std::string& text = *item["text"].as<std::string>();
  if (item["kind"] != Value("value")) return;
  const auto tokens = read_filter_tokens(text);
  require(tokens.ok() && tokens->size() == 2, "a value is one token");
  require(filter_value(tokens->front().text) == text, "a value reads as itself");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 3) return 0;
  static const char* const kLists[] = {"flows",        "hosts",        "interfaces",
                                       "applications", "transactions", "countries"};
  CompletionRequest request;
  request.list = kLists[data[0] % std::size(kLists)];
  request.text.assign(reinterpret_cast<const char*>(data) + 3, size - 3);
  request.cursor = (size_t{data[1]} << 8 | data[2]) % (request.text.size() + 2);
  const size_t cursor = request.cursor == 0 ? request.text.size() + 1 : request.cursor;
  const OneRow questions(request.text.substr(request.text.size() / 2));
  const Answer answer = complete(questions, request);
  require(answer.ok() == (request.text.size() <= Filter::kMaxLength),
          "only a long text is refused");
  if (!answer.ok()) return 0;
  const uint64_t from = *(*answer)["from"].as<uint64_t>();
  const uint64_t to = *(*answer)["to"].as<uint64_t>();
  require(from >= 1 && from <= cursor && cursor <= to && to <= request.text.size() + 1,
          "what is replaced holds the cursor");
  const auto& items = *(*answer)["items"].as<Value::Array>();
  require(items.size() <= request.limit, "there are not too many items");
  for (const Value& item : items) check_item(item);
  return 0;
}
