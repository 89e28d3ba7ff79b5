// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "query/group_scan.h"
#include "query/shard_answers.h"
#include "record/field_value.h"
#include "record/fields.gen.h"

namespace weir {

// A group as lists show it. A plain value.
struct GroupRow {
  bool is_by_end = true;  // whether a packet is sent by one group and received by another
  std::string key;
  std::string name;      // "": the key says it all
  std::string category;  // of an application
  GroupSums all;
  Traffic rate_sent;
  Traffic rate_received;
  uint64_t active_flows = 0;
  HostCount hosts;
  Traffic beyond;  // of flows without a record, whose directions are not known

  GroupRow() = default;
  explicit GroupRow(const GroupSum& sum)
      : all(sum.all),
        rate_sent(sum.rate_sent),
        rate_received(sum.rate_received),
        active_flows(sum.active_flows),
        hosts(sum.hosts.count()) {}
};

// The fields of schema/fields.json; monostate where the row has none.
[[nodiscard]] FieldValue group_field(const GroupRow& row, GroupField field);
[[nodiscard]] FieldValue application_field(const GroupRow& row, ApplicationField field);

}  // namespace weir
