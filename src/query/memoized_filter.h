// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "query/filter.h"

namespace weir {

// A test of a filter that is asked of many rows, and remembers what it said of what they share.
// Some fields follow from a key that few rows differ in (the names of a country, an AS and a
// network from a place): such fields are a group, and are looked at once for each key. Owner: one
// thread, for one answer. Memory: as many entries of 16 bytes for a group as there are keys, at
// most kMostEntries.
class MemoizedTest {
 public:
  static constexpr size_t kMostEntries = 16'384;
  static constexpr uint8_t kAlone = 0xff;  // of no group
  // Which group a field is of, or kAlone.
  using GroupOf = uint8_t (*)(uint8_t field);

  // `test` outlives it.
  MemoizedTest(const FilterTest& test, GroupOf group_of);

  // As Filter::matches() says it of the test; `holds(test, field)` tells whether it does for a
  // field of the row, `key(group)` what all fields of the group follow from.
  template <typename Holds, typename Key>
  [[nodiscard]] bool holds(Holds&& holds, Key&& key) {
    for (Group& group : groups_) {
      if (remembered(group, key(group.number), holds)) return true;
    }
    return any_holds(alone_, holds);
  }

 private:
  static constexpr size_t kFewestEntries = 256;  // powers of two, as is kMostEntries
  static constexpr size_t kGrowth = 4;
  enum class Verdict : uint8_t { kNone, kNo, kYes };
  struct Entry {
    uint64_t key = 0;
    Verdict verdict = Verdict::kNone;
  };
  struct Group {
    uint8_t number = 0;
    std::vector<uint8_t> fields;
    Entry last{};  // the one before often has the same
    std::vector<Entry> entries{kFewestEntries};
    size_t hits = 0;  // these since there are so many entries
    size_t misses = 0;
    bool is_given_up = false;  // rows have too little in common
  };

  // Where a key may be: here and in the next entry.
  [[nodiscard]] static size_t place_of(const Group& group, uint64_t key) {
    // No stranger gains by a collision: it costs a look.
    constexpr uint64_t kOdd = 0x9e3779b97f4a7c15;
    return static_cast<size_t>((key * kOdd) >> 40) & (group.entries.size() - 2);
  }
  [[nodiscard]] static Verdict verdict_on(const Group& group, uint64_t key) {
    const Entry* entry = &group.entries[place_of(group, key)];
    if (entry->key != key) ++entry;
    return entry->key == key ? entry->verdict : Verdict::kNone;
  }
  // What is new; it goes in the place of the older one of two.
  static void remember(Group& group, const Entry& entry);
  static void put(Group& group, const Entry& entry);
  static void grow(Group& group);

  template <typename Holds>
  [[nodiscard]] bool any_holds(const std::vector<uint8_t>& fields, Holds& holds) const {
    return std::any_of(fields.begin(), fields.end(),
                       [&](uint8_t field) { return holds(*test_, field); });
  }

  template <typename Holds>
  [[nodiscard]] bool remembered(Group& group, std::optional<uint64_t> key, Holds& holds) {
    if (!key || group.is_given_up) return any_holds(group.fields, holds);
    if (group.last.verdict != Verdict::kNone && group.last.key == *key) {
      ++group.hits;
      return group.last.verdict == Verdict::kYes;
    }
    group.last = {*key, verdict_on(group, *key)};
    if (group.last.verdict != Verdict::kNone) {
      ++group.hits;
    } else {
      group.last.verdict = any_holds(group.fields, holds) ? Verdict::kYes : Verdict::kNo;
      remember(group, group.last);
    }
    return group.last.verdict == Verdict::kYes;
  }

  const FilterTest* test_;
  std::vector<Group> groups_;
  std::vector<uint8_t> alone_;
};

// A filter with its tests remembered, the first few of them: what is remembered is bounded, and
// filters with more are rare. Owner and lifetime as of MemoizedTest.
class MemoizedFilter {
 public:
  static constexpr size_t kMostTests = 4;

  MemoizedFilter(const Filter& filter, MemoizedTest::GroupOf group_of);

  template <typename Holds, typename Key>
  [[nodiscard]] bool matches(Holds&& holds, Key&& key) {
    return filter_->matches_tests([&](size_t node) {
      if (const size_t which = number_of_[node]; which < tests_.size())
        return tests_[which].holds(holds, key);
      const FilterTest& test = filter_->nodes()[node].test;
      return std::any_of(test.fields.begin(), test.fields.end(),
                         [&](uint8_t field) { return holds(test, field); });
    });
  }

 private:
  const Filter* filter_;
  std::vector<size_t> number_of_;  // in tests_, by the test's node; past its end: not remembered
  std::vector<MemoizedTest> tests_;
};

}  // namespace weir
