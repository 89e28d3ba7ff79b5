// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "query/filter.h"
#include "query/questions.h"
#include "record/field_value.h"
#include "record/fields.gen.h"

namespace weir {

// A ListRequest checked against the fields of its entity.
struct ListPlan {
  Filter filter;
  uint8_t sort_field = 0;
  bool descending = true;
  size_t offset = 0;
  size_t limit = 0;
  std::vector<uint8_t> columns;  // indices of the fields to return
  bool has_column_names = false;
};

// Errors name the parameter: an unknown or unsortable sort field, an unknown column, a filter that
// does not parse (without a column where it is `where`), more than `max_rows` rows, an offset
// beyond ten times that or beyond ListRequest::kMaxLimit. `default_sort` is used when the request
// names none.
[[nodiscard]] Result<ListPlan, QueryError> plan_list(const ListRequest& request, Entity entity,
                                                     std::string_view default_sort,
                                                     size_t max_rows = ListRequest::kMaxLimit);

// Keeps the first offset + limit rows in sort order out of any number that are offered. Row must be
// copyable. Rows that compare equal stay in the order they were offered, so two scans of the same
// table answer the same. Cost: a compare for most rows once it is full, O(log n) for the others.
template <typename Row>
class TopRows {
 public:
  explicit TopRows(const ListPlan& plan) : plan_(plan), capacity_(plan.offset + plan.limit) {}

  void offer(FieldValue key, const Row& row) {
    offer_made(std::move(key), [&]() -> const Row& { return row; });
  }
  // The same for a row that is made only when it comes on the list.
  template <typename Make>
  void offer_made(FieldValue key, Make&& make) {
    const size_t number = offered_++;
    if (capacity_ == 0) return;
    if (rows_.size() < capacity_) {
      rows_.push_back({std::move(key), number, make()});
      if (rows_.size() == capacity_) std::make_heap(rows_.begin(), rows_.end(), order());
      return;
    }
    // Compared before it is made: nearly all rows end here.
    if (!comes_first(key, number, rows_.front())) return;
    std::pop_heap(rows_.begin(), rows_.end(), order());
    rows_.back() = {std::move(key), number, make()};
    std::push_heap(rows_.begin(), rows_.end(), order());
  }

  // Whether a row with that key, offered next, would come on the list, as it is now.
  [[nodiscard]] bool wants(const FieldValue& key) const {
    if (rows_.size() < capacity_) return true;
    return capacity_ != 0 && comes_first(key, offered_, rows_.front());
  }

  [[nodiscard]] size_t offered() const { return offered_; }
  // Rows that need not be offered because they are known to come behind.
  void leave_out(size_t rows) { offered_ += rows; }

  // The rows of the page, in order. Call once.
  [[nodiscard]] std::vector<Row> take_page() {
    std::sort(rows_.begin(), rows_.end(), order());
    std::vector<Row> page;
    for (size_t i = plan_.offset; i < rows_.size(); ++i) page.push_back(std::move(rows_[i].row));
    return page;
  }

 private:
  struct Entry {
    FieldValue key;
    size_t number;
    Row row;
  };

  [[nodiscard]] bool comes_first(const FieldValue& key, size_t number, const Entry& b) const {
    const std::weak_ordering order = compare(key, b.key);
    if (order == 0) return number < b.number;
    return plan_.descending ? order > 0 : order < 0;
  }
  // As a heap: the row that comes last on top.
  [[nodiscard]] auto order() const {
    return [this](const Entry& a, const Entry& b) { return comes_first(a.key, a.number, b); };
  }

  const ListPlan& plan_;
  size_t capacity_;
  size_t offered_ = 0;
  std::vector<Entry> rows_;
};

// A list's answer: {"time", "total", "offset", "rows"}.
[[nodiscard]] Value list_answer(double time, size_t total, size_t offset, Value::Array rows);
// The same to a request, with "columns" where it asks for their names.
[[nodiscard]] Value list_answer(const ListPlan& plan, Entity entity, double time, size_t total,
                                Value::Array rows);

// The columns of the plan that are known, by get(index).
template <typename Get>
[[nodiscard]] Value row_answer(const std::vector<uint8_t>& columns, Entity entity, Get&& get) {
  Value row{Value::Object{}};
  for (const uint8_t column : columns) {
    const FieldValue value = get(column);
    if (!std::holds_alternative<std::monostate>(value))
      row.set(fields_of(entity)[column].name, to_value(value));
  }
  return row;
}

// Filters, sorts and cuts rows that are answers already (the few of interfaces and applications).
[[nodiscard]] Value list_values(const ListPlan& plan, Entity entity, double time,
                                const Value::Array& rows);

}  // namespace weir
