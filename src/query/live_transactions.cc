// SPDX-License-Identifier: GPL-3.0-or-later
// The list of transactions.
#include "query/list_query.h"
#include "query/live_questions.h"
#include "query/transaction_scan.h"
#include "record/transaction_fields.h"

namespace weir {
namespace {

struct Row {
  TransactionRow row;
  const Interface* interface;

  [[nodiscard]] FieldValue field(uint8_t index) const {
    return transaction_field(row, static_cast<TransactionField>(index), interface->id());
  }
};

}  // namespace

Answer LiveQuestions::transactions(const ListRequest& request) const {
  const auto interfaces = chosen(request.interface);
  if (!interfaces) return interfaces.error();
  const auto plan = plan_list(request, Entity::kTransaction, "p95_ms", setting_.max_rows);
  if (!plan) return plan.error();
  TopRows<Row> top(*plan);
  for (const Interface* interface : *interfaces) {
    visit_transactions(*interface, [&](const TransactionRecord& record) {
      const Row row{TransactionRow(record), interface};
      if (plan->filter.matches([&](uint8_t field) { return row.field(field); }))
        top.offer(row.field(plan->sort_field), row);
    });
  }
  Value::Array rows;
  for (const Row& row : top.take_page()) {
    rows.push_back(row_answer(plan->columns, Entity::kTransaction,
                              [&](uint8_t column) { return row.field(column); }));
  }
  return list_answer(*plan, Entity::kTransaction, setting_.now(), top.offered(), std::move(rows));
}

}  // namespace weir
