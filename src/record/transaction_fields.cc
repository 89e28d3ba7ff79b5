// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/transaction_fields.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>

#include "record/record_fields.h"

namespace weir {
namespace {

constexpr double kMillisecond = 1e-6;  // of nanoseconds
constexpr double kSecond = 1e-9;
constexpr std::array<double, TransactionRow::kQuantiles> kQuantiles{0.5, 0.95, 0.99};

uint64_t answered(const TransactionSums& sums) {
  return sums.count - sums.unanswered;
}

FieldValue time_of(const TransactionRow& row, double nanoseconds) {
  return answered(row.sums) == 0 ? FieldValue() : FieldValue(nanoseconds * kMillisecond);
}
FieldValue recent_time_of(const TransactionRow& row, double nanoseconds) {
  return row.recent_count == 0 ? FieldValue() : FieldValue(nanoseconds * kMillisecond);
}

FieldValue mean(const TransactionRow& row) {
  const auto count = static_cast<double>(std::max<uint64_t>(1, answered(row.sums)));
  return time_of(row, static_cast<double>(row.sums.total_ns) / count);
}

FieldValue part(const TransactionRow& row, TimePart which) {
  if (row.sums.split_count == 0) return {};
  return static_cast<double>(row.sums.split[which]) / static_cast<double>(row.sums.split_count) *
         kMillisecond;
}

FieldValue slowest_part(const TransactionSums& sums) {
  if (sums.split_count == 0) return {};
  const auto most = std::max_element(sums.split.spent.begin(), sums.split.spent.end());
  return time_part_name(static_cast<TimePart>(most - sums.split.spent.begin()));
}

FieldValue key_of(const TransactionSums& sums) {
  return sums.is_other ? FieldValue(std::string_view("(other keys)")) : FieldValue(sums.key);
}

}  // namespace

TransactionRow::TransactionRow(const TransactionRecord& record)
    : sums(record), recent_count(record.recent.count()) {
  if (answered(sums) == 0) return;
  const auto least = static_cast<double>(sums.min_ns);
  const auto most = static_cast<double>(sums.max_ns);
  for (size_t i = 0; i < TransactionRow::kQuantiles; ++i) {
    all[i] = std::clamp(record.all.percentile(weir::kQuantiles[i]), least, most);
    recent[i] = std::clamp(record.recent.percentile(weir::kQuantiles[i]), least, most);
  }
}

uint64_t count_servers(uint64_t server_bits) {
  constexpr double kBits = 64;
  const int taken = std::popcount(server_bits);
  const double free = std::max(0.5, kBits - taken);
  return static_cast<uint64_t>(std::llround(-kBits * std::log(free / kBits)));
}

FieldValue transaction_field(const TransactionRow& row, TransactionField field,
                             std::string_view interface) {
  const TransactionSums& sums = row.sums;
  switch (field) {
    case TransactionField::kProtocol:
      return std::string_view(sums.protocol);
    case TransactionField::kKey:
      return key_of(sums);
    case TransactionField::kInterface:
      return interface;
    case TransactionField::kServerIp:
      return sums.server;
    case TransactionField::kServerPort:
      return uint64_t{sums.server_port};
    case TransactionField::kServers:
      return count_servers(sums.server_bits);
    case TransactionField::kFlow:
      return flow_id_text(sums.flow, sums.shard);
    case TransactionField::kIsOther:
      return sums.is_other ? FieldValue(true) : FieldValue();
    case TransactionField::kTransactions:
      return sums.count;
    case TransactionField::kErrors:
      return sums.errors;
    case TransactionField::kUnanswered:
      return sums.unanswered;
    case TransactionField::kTransactionsPerSecond:
      return sums.per_second;
    case TransactionField::kRecentCount:
      return row.recent_count;
    case TransactionField::kMeanMs:
      return mean(row);
    case TransactionField::kMinMs:
      return time_of(row, static_cast<double>(sums.min_ns));
    case TransactionField::kMaxMs:
      return time_of(row, static_cast<double>(sums.max_ns));
    case TransactionField::kP50Ms:
      return time_of(row, row.all[TransactionRow::kP50]);
    case TransactionField::kP95Ms:
      return time_of(row, row.all[TransactionRow::kP95]);
    case TransactionField::kP99Ms:
      return time_of(row, row.all[TransactionRow::kP99]);
    case TransactionField::kRecentP50Ms:
      return recent_time_of(row, row.recent[TransactionRow::kP50]);
    case TransactionField::kRecentP95Ms:
      return recent_time_of(row, row.recent[TransactionRow::kP95]);
    case TransactionField::kRecentP99Ms:
      return recent_time_of(row, row.recent[TransactionRow::kP99]);
    case TransactionField::kTotalS:
      return static_cast<double>(sums.total_ns) * kSecond;
    case TransactionField::kSlowestPart:
      return slowest_part(sums);
    case TransactionField::kClientNetworkMs:
      return part(row, TimePart::kClientNetwork);
    case TransactionField::kServerNetworkMs:
      return part(row, TimePart::kServerNetwork);
    case TransactionField::kServerThinkingMs:
      return part(row, TimePart::kServerThinking);
    case TransactionField::kLossRecoveryMs:
      return part(row, TimePart::kLossRecovery);
    case TransactionField::kZeroWindowMs:
      return part(row, TimePart::kZeroWindow);
    case TransactionField::kSenderIdleMs:
      return part(row, TimePart::kSenderIdle);
    case TransactionField::kLastSeen:
      return sums.last_seen;
    case TransactionField::kCount:
      break;
  }
  return {};
}

}  // namespace weir
