// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/list_query.h"

#include <algorithm>

#include <gtest/gtest.h>

// Requests name only what they ask for.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

namespace weir {
namespace {

ListPlan page(size_t offset, size_t limit, bool descending = true) {
  ListPlan plan;
  plan.offset = offset;
  plan.limit = limit;
  plan.descending = descending;
  return plan;
}

std::vector<int> top_of(const std::vector<uint64_t>& keys, const ListPlan& plan) {
  TopRows<int> top(plan);
  for (size_t i = 0; i < keys.size(); ++i) top.offer(keys[i], static_cast<int>(i));
  EXPECT_EQ(top.offered(), keys.size());
  return top.take_page();
}

TEST(TopRows, KeepsThePageOfTheLargest) {
  const std::vector<uint64_t> keys{5, 9, 1, 7, 3, 8};
  EXPECT_EQ(top_of(keys, page(0, 3)), (std::vector<int>{1, 5, 3}));
  EXPECT_EQ(top_of(keys, page(2, 2)), (std::vector<int>{3, 0}));
  EXPECT_EQ(top_of(keys, page(0, 3, false)), (std::vector<int>{2, 4, 0}));
  EXPECT_EQ(top_of(keys, page(0, 100)), (std::vector<int>{1, 5, 3, 0, 4, 2}));
}

TEST(TopRows, MayBeEmpty) {
  EXPECT_TRUE(top_of({1, 2, 3}, page(0, 0)).empty());
  EXPECT_TRUE(top_of({1, 2, 3}, page(3, 10)).empty());
  EXPECT_TRUE(top_of({}, page(0, 10)).empty());
}

TEST(TopRows, LeavesEqualsInTheOrderTheyCame) {
  EXPECT_EQ(top_of({4, 4, 5, 4, 4}, page(0, 3)), (std::vector<int>{2, 0, 1}));
  EXPECT_EQ(top_of({4, 4, 5, 4, 4}, page(2, 2, false)), (std::vector<int>{3, 4}));
}

TEST(TopRows, PutsWhatIsNotKnownLastWhenDescending) {
  const ListPlan plan = page(0, 3);
  TopRows<int> top(plan);
  top.offer({}, 0);
  top.offer(uint64_t{0}, 1);
  top.offer(uint64_t{1}, 2);
  EXPECT_EQ(top.take_page(), (std::vector<int>{2, 1, 0}));
}

void expect_refused(const ListRequest& request, std::string_view parameter,
                    std::string_view message) {
  const auto plan = plan_list(request, Entity::kFlow, "bytes");
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().parameter, parameter);
  EXPECT_EQ(plan.error().message, message);
  EXPECT_EQ(plan.error().kind, QueryError::Kind::kBadParameter);
}

TEST(PlanList, ChecksEachParameter) {
  expect_refused({.sort = "colour"}, "sort", "there is no field \"colour\"");
  expect_refused({.sort = "id"}, "sort", "\"id\" has no order");
  expect_refused({.limit = 100'001}, "limit", "at most 100000 rows at a time");
  expect_refused({.offset = 100'001}, "offset", "at most 100000; use a filter");
  expect_refused({.columns = {"bytes", "colour"}}, "columns", "there is no field \"colour\"");
  expect_refused({.filter = "bytes >"}, "filter", "expected a value, but the filter ends");
  expect_refused({.where = "bytes >"}, "where", "expected a value, but the filter ends");
}

TEST(PlanList, FillsInWhatWasNotAsked) {
  const auto plan = plan_list({}, Entity::kFlow, "bytes");
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->sort_field, static_cast<uint8_t>(FlowField::kBytes));
  EXPECT_TRUE(plan->descending);
  EXPECT_EQ(plan->limit, 100U);
  EXPECT_EQ(plan->columns.size(), kFlowFields.size());
}

TEST(PlanList, TellsWhatTheFlowsOfAHostWereOnlyWhenItIsAskedFor) {
  const auto has = [](const ListPlan& plan, HostField field) {
    return std::find(plan.columns.begin(), plan.columns.end(), static_cast<uint8_t>(field)) !=
           plan.columns.end();
  };
  const auto usual = plan_list({}, Entity::kHost, "bytes");
  ASSERT_TRUE(usual.ok());
  for (const HostField field : {HostField::kKey, HostField::kVlan, HostField::kApplication})
    EXPECT_TRUE(has(*usual, field)) << field_info(field).name;
  for (const HostField field : {HostField::kApplications, HostField::kCategories,
                                HostField::kNameSources, HostField::kTcpSent})
    EXPECT_FALSE(has(*usual, field)) << field_info(field).name;
  const auto asked = plan_list({.columns = {"applications"}}, Entity::kHost, "bytes");
  ASSERT_TRUE(asked.ok());
  EXPECT_TRUE(has(*asked, HostField::kApplications));
  const auto interfaces = plan_list({}, Entity::kInterface, "bytes");
  ASSERT_TRUE(interfaces.ok());
  EXPECT_EQ(interfaces->columns.size(), kInterfaceFields.size());
}

TEST(ListAnswer, NamesItsColumnsWhenItIsAskedTo) {
  const auto columns = [](const ListRequest& request) {
    const auto plan = plan_list(request, Entity::kFlow, "bytes");
    return to_json(list_values(*plan, Entity::kFlow, 1.0, {})["columns"]);
  };
  EXPECT_EQ(columns({.columns = {"bytes", "id"}, .has_column_names = true}), R"(["bytes","id"])");
  EXPECT_EQ(columns({.columns = {"bytes"}}), "null");
}

TEST(PlanList, KeepsTheColumnsInTheOrderAsked) {
  const auto plan = plan_list({.sort = "packets",
                               .descending = false,
                               .offset = 5,
                               .limit = 7,
                               .columns = {"vlan", "bytes"}},
                              Entity::kFlow, "bytes");
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->columns, (std::vector<uint8_t>{static_cast<uint8_t>(FlowField::kVlan),
                                                 static_cast<uint8_t>(FlowField::kBytes)}));
  EXPECT_EQ(plan->sort_field, static_cast<uint8_t>(FlowField::kPackets));
  EXPECT_EQ(plan->offset, 5U);
  EXPECT_EQ(plan->limit, 7U);
}

TEST(PlanList, AllowsFewerRowsWhereMemoryIsShort) {
  constexpr size_t kMost = 1'000;
  const auto plan = [](size_t offset, size_t limit) {
    return plan_list({.offset = offset, .limit = limit}, Entity::kHost, "bytes", kMost);
  };
  EXPECT_TRUE(plan(10 * kMost, kMost));
  const auto wide = plan(0, kMost + 1);
  ASSERT_FALSE(wide);
  EXPECT_EQ(wide.error().message, "at most 1000 rows at a time");
  const auto far = plan(10 * kMost + 1, 1);
  ASSERT_FALSE(far);
  EXPECT_EQ(far.error().message, "at most 10000; use a filter");
}

TEST(ListValues, FiltersSortsAndCutsAnswers) {
  Value::Array rows;
  for (const auto& [name, bytes] : {std::pair{"DNS", 20}, {"TLS", 500}, {"HTTP", 100}}) {
    Value row;
    row.set("name", name);
    row.set("bytes", static_cast<uint64_t>(bytes));
    rows.push_back(std::move(row));
  }
  const auto plan =
      plan_list({.filter = "bytes < 400", .limit = 1, .columns = {"bytes", "flows", "name"}},
                Entity::kApplication, "bytes");
  ASSERT_TRUE(plan);
  EXPECT_EQ(to_json(list_values(*plan, Entity::kApplication, 1.5, rows)),
            R"({"time":1.5,"total":2,"offset":0,"rows":[{"bytes":100,"name":"HTTP"}]})");
}

}  // namespace
}  // namespace weir
