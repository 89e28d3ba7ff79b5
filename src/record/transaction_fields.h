// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "record/field_value.h"
#include "record/fields.gen.h"
#include "record/transaction_record.h"

namespace weir {

// A row of the list of transactions: the sums, and of the distributions what the list shows. A
// plain value.
struct TransactionRow {
  enum Quantile : size_t { kP50, kP95, kP99, kQuantiles };

  explicit TransactionRow(const TransactionRecord& record);

  TransactionSums sums;
  uint64_t recent_count = 0;
  // Nanoseconds; of no meaning where nothing was answered.
  std::array<double, kQuantiles> all{};
  std::array<double, kQuantiles> recent{};
};

// The fields of schema/fields.json. What is not known is monostate.
[[nodiscard]] FieldValue transaction_field(const TransactionRow& row, TransactionField field,
                                           std::string_view interface);

// How many servers a TransactionSums::server_bits stands for, by linear counting (Whang et al.
// 1990).
[[nodiscard]] uint64_t count_servers(uint64_t server_bits);

}  // namespace weir
