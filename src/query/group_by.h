// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/keyed_hash.h"
#include "base/result.h"
#include "query/list_query.h"
#include "query/questions.h"
#include "record/field_value.h"

namespace weir {

// A request for a list in groups, checked.
struct GroupPlan {
  // A column of the answer: a field of the rows, by its index, or kCount: how many rows there are.
  static constexpr uint8_t kCount = 0xff;
  static constexpr size_t kMaxKeys = 4;

  Entity entity = Entity::kFlow;
  ListPlan list;                 // filter, order, offset and limit; its fields are not used
  std::vector<uint8_t> keys;     // fields whose values make the groups
  std::vector<uint8_t> sums;     // fields that are added up
  std::vector<uint8_t> columns;  // to answer
  uint8_t sort = kCount;

  // Whether is_wanted(index) holds for a field that must be known of each row.
  template <typename Predicate>
  [[nodiscard]] bool uses(Predicate&& is_wanted) const {
    return std::any_of(keys.begin(), keys.end(), is_wanted) ||
           std::any_of(sums.begin(), sums.end(), is_wanted) || list.filter.uses(is_wanted);
  }
};

// Grouped by request.group_by: fields that can be filtered by and are no time, decimal or counter.
// Counters (packets, bytes, flows, rates, transactions) are added up; of the first time the
// earliest counts, of the last the latest. Without columns those are answered for which
// is_costly(index) does not hold. `default_sort` is a counter. Errors name the parameter.
[[nodiscard]] Result<GroupPlan, QueryError> plan_groups(
    const ListRequest& request, Entity entity, std::string_view default_sort, size_t max_rows,
    const std::function<bool(uint8_t)>& is_costly);

// The groups of any number of rows. The first kMaxGroups of them have their own sums, what comes
// after that is added up in `other`, so that all of it together is always the whole. Owner: one
// thread. Cost: a look-up for each row and an addition for each sum; about 400 bytes a group.
class RowGroups {
 public:
  static constexpr size_t kMaxGroups = 10'000;

  // `plan` must outlive it. `hash`: of a secret, since strangers choose the values.
  RowGroups(const GroupPlan& plan, const KeyedHash& hash, size_t max_groups = kMaxGroups);

  // `get(index)` gives the FieldValue of the row's field with that index. The filter is applied.
  template <typename Get>
  void add(Get&& get) {
    if (!plan_.list.filter.matches(get)) return;
    key_.clear();
    for (const uint8_t field : plan_.keys) append_key(get(field));
    Group* group = find();
    if (group == nullptr) {
      group = create();
      for (const uint8_t field : plan_.keys) keep_key(*group, get(field));
    }
    ++group->count;
    for (size_t i = 0; i < plan_.sums.size(); ++i)
      add_to(group->sums[i], plan_.sums[i], get(plan_.sums[i]));
  }

  // {"time", "total": groups, "offset", "rows", "other" where there is any, "columns" where they
  // are asked for}
  [[nodiscard]] Value answer(double time) const;

 private:
  struct Group {
    std::vector<FieldValue> keys;  // none: of `other`
    uint64_t count = 0;
    std::vector<FieldValue> sums;  // monostate: no row has it
  };
  using Key = std::vector<uint64_t>;
  struct Hash {
    KeyedHash keyed;
    size_t operator()(const Key& key) const {
      return static_cast<size_t>(keyed.of(key.data(), key.size()));
    }
  };

  void append_key(const FieldValue& value);
  [[nodiscard]] Group* find();
  // A group for key_, or `other` where there are enough.
  [[nodiscard]] Group* create();
  void keep_key(Group& group, const FieldValue& value) const;
  void add_to(FieldValue& sum, uint8_t field, const FieldValue& value) const;
  [[nodiscard]] FieldValue value_of(const Group& group, uint8_t column) const;
  [[nodiscard]] Value row_of(const Group& group) const;
  [[nodiscard]] std::string_view name_of(uint8_t column) const;

  const GroupPlan& plan_;
  size_t max_groups_;
  std::unordered_map<Key, size_t, Hash> index_;
  std::vector<Group> groups_;
  Group other_;
  Key key_;  // of the row that is being added
};

}  // namespace weir
