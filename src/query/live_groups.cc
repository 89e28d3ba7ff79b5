// SPDX-License-Identifier: GPL-3.0-or-later
// The lists of applications and of groups.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "query/group_row.h"
#include "query/list_query.h"
#include "query/live_questions.h"
#include "record/applications.h"

namespace weir {
namespace {

constexpr std::string_view kUnknown = "unknown";
constexpr std::string_view kOther = "other";
constexpr std::string_view kBeyond = "Beyond the memory budget";

std::string vlan_text(const VlanTags& vlan) {
  return fmt::format("{}", fmt::join(vlan.ids.begin(), vlan.ids.begin() + vlan.count, "."));
}

// What a key stands for: its text and its name.
void name_group(GroupRow& row, GroupKind kind, GroupKey key, const Places* places) {
  if (key == 0) {
    row.key = kind == GroupKind::kVlan ? "untagged" : kUnknown;
    return;
  }
  switch (kind) {
    case GroupKind::kCountry:
      row.key = country_letters(static_cast<CountryCode>(key));
      if (places != nullptr) row.name = places->country_name(static_cast<CountryCode>(key));
      break;
    case GroupKind::kAs:
      row.key = fmt::format("{}", key);
      if (places != nullptr) row.name = places->as_name(static_cast<uint32_t>(key));
      break;
    case GroupKind::kNetwork:
      row.key =
          places == nullptr ? std::string() : places->network_prefix(static_cast<uint16_t>(key));
      if (places != nullptr) row.name = places->network_name(static_cast<uint16_t>(key));
      break;
    case GroupKind::kMac:
      row.key = mac_of(key).to_string();
      if (places != nullptr) row.name = places->vendor(mac_of(key));
      break;
    case GroupKind::kVlan:
      row.key = vlan_text(vlan_of(key));
      break;
    case GroupKind::kCategory:
      break;
  }
  if (row.name == row.key) row.name.clear();
}

GroupRow other_row(const GroupSums& other, const Traffic& beyond, bool is_by_end) {
  GroupRow row;
  row.is_by_end = is_by_end;
  row.key = kOther;
  row.name = kBeyond;
  row.all = other;
  row.beyond = beyond;
  return row;
}

// In the order of their keys.
std::vector<GroupRow> rows_of(const GroupScan& scan, GroupKind kind, const Places* places) {
  std::vector<GroupKey> keys;
  for (const auto& [key, sum] : scan.groups) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  std::vector<GroupRow> rows;
  for (const GroupKey key : keys) {
    GroupRow& row = rows.emplace_back(scan.groups.at(key));
    row.is_by_end = is_by_end(kind);
    name_group(row, kind, key, places);
  }
  if (scan.other.flows != 0 || scan.beyond.packets != 0)
    rows.push_back(other_row(scan.other, scan.beyond, is_by_end(kind)));
  return rows;
}

std::vector<GroupRow> application_rows(const ApplicationScan& scan) {
  std::vector<GroupRow> rows;
  for (uint16_t i = 0; i < scan.applications.size(); ++i) {
    if (scan.applications[i].all.flows == 0) continue;
    GroupRow& row = rows.emplace_back(scan.applications[i]);
    row.is_by_end = false;
    row.name = application_name(i);
    row.category = application_category(i);
  }
  if (scan.beyond.packets != 0) {
    GroupRow& row = rows.emplace_back(other_row({}, scan.beyond, false));
    row.category = "Unknown";
  }
  return rows;
}

std::vector<GroupRow> category_rows(const ApplicationScan& scan) {
  std::map<std::string_view, GroupSum> categories;
  for (uint16_t i = 0; i < scan.applications.size(); ++i) {
    if (scan.applications[i].all.flows != 0)
      categories[application_category(i)].merge(scan.applications[i]);
  }
  std::vector<GroupRow> rows;
  for (const auto& [category, sum] : categories) {
    GroupRow& row = rows.emplace_back(sum);
    row.is_by_end = false;
    row.key = category;
    row.all.first_seen = row.all.last_seen = {};  // known of open flows alone
  }
  if (scan.beyond.packets != 0) rows.push_back(other_row({}, scan.beyond, false));
  return rows;
}

template <typename Field, typename Get>
Value list_of_rows(const ListPlan& plan, Entity entity, double time,
                   const std::vector<GroupRow>& rows, Get&& get) {
  TopRows<const GroupRow*> top(plan);
  const auto field_of = [&](const GroupRow& row, uint8_t field) {
    return get(row, static_cast<Field>(field));
  };
  for (const GroupRow& row : rows) {
    if (plan.filter.matches([&](uint8_t field) { return field_of(row, field); }))
      top.offer(field_of(row, plan.sort_field), &row);
  }
  Value::Array page;
  for (const GroupRow* row : top.take_page()) {
    page.push_back(
        row_answer(plan.columns, entity, [&](uint8_t column) { return field_of(*row, column); }));
  }
  return list_answer(plan, entity, time, top.offered(), std::move(page));
}

// Why nothing is known, for people; "" when something is or no file would tell.
std::string_view why_unknown(GroupKind kind, const Places* places) {
  if (places == nullptr) return {};
  if (kind == GroupKind::kCountry) return places->why_no_countries();
  return kind == GroupKind::kAs ? places->why_no_as() : std::string_view();
}

}  // namespace

Answer LiveQuestions::groups(GroupKind kind, const ListRequest& request) const {
  const auto interfaces = chosen(request.interface);
  if (!interfaces) return interfaces.error();
  const auto plan = plan_list(request, Entity::kGroup, "bits_per_second");
  if (!plan) return plan.error();
  const auto known = places();
  const std::vector<GroupRow> rows =
      kind == GroupKind::kCategory
          ? category_rows(scan_applications(*interfaces, host_hash_))
          : rows_of(scan_groups(*interfaces, kind, known.get(), host_hash_), kind, known.get());
  Value answer = list_of_rows<GroupField>(*plan, Entity::kGroup, setting_.now(), rows, group_field);
  if (const auto why = why_unknown(kind, known.get()); !why.empty()) answer.set("note", why);
  return answer;
}

Answer LiveQuestions::applications(const ListRequest& request) const {
  const auto interfaces = chosen(request.interface);
  if (!interfaces) return interfaces.error();
  const auto plan = plan_list(request, Entity::kApplication, "bytes");
  if (!plan) return plan.error();
  const auto rows = application_rows(scan_applications(*interfaces, host_hash_));
  return list_of_rows<ApplicationField>(*plan, Entity::kApplication, setting_.now(), rows,
                                        application_field);
}

}  // namespace weir
