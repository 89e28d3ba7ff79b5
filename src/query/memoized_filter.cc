// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/memoized_filter.h"

#include <utility>

namespace weir {

MemoizedTest::MemoizedTest(const FilterTest& test, GroupOf group_of) : test_(&test) {
  for (const uint8_t field : test.fields) {
    const uint8_t number = group_of(field);
    if (number == kAlone) {
      alone_.push_back(field);
      continue;
    }
    auto group = std::find_if(groups_.begin(), groups_.end(),
                              [&](const Group& each) { return each.number == number; });
    if (group == groups_.end()) group = groups_.insert(group, Group{number, {}});
    group->fields.push_back(field);
  }
}

void MemoizedTest::remember(Group& group, const Entry& entry) {
  group.is_given_up = group.misses > kMostEntries && group.misses > group.hits;
  if (++group.misses > group.entries.size() && group.entries.size() < kMostEntries) grow(group);
  put(group, entry);
}

void MemoizedTest::put(Group& group, const Entry& entry) {
  Entry* const place = &group.entries[place_of(group, entry.key)];
  place[1] = std::exchange(place[0], entry);
}

void MemoizedTest::grow(Group& group) {
  const std::vector<Entry> before =
      std::exchange(group.entries, std::vector<Entry>(kGrowth * group.entries.size()));
  group.hits = 0;
  group.misses = 0;
  for (const Entry& entry : before) {
    if (entry.verdict != Verdict::kNone) put(group, entry);
  }
}

MemoizedFilter::MemoizedFilter(const Filter& filter, MemoizedTest::GroupOf group_of)
    : filter_(&filter) {
  for (const Filter::Node& node : filter.nodes()) {
    const bool is_kept = node.kind == Filter::Node::Kind::kTest && tests_.size() < kMostTests;
    number_of_.push_back(is_kept ? tests_.size() : SIZE_MAX);
    if (is_kept) tests_.emplace_back(node.test, group_of);
  }
}

}  // namespace weir
