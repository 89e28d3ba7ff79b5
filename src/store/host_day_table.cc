// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/host_day_table.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/value.h"
#include "record/field_value.h"
#include "record/record_fields.h"

namespace weir {
namespace {

constexpr std::array<std::string_view, 8> kCounters{
    "packets_sent", "packets_received", "bytes_sent", "bytes_received",
    "tcp_bytes",    "udp_bytes",        "icmp_bytes", "other_bytes"};
constexpr std::array<HostField, kCounters.size()> kCounterFields{
    HostField::kPacketsSent,   HostField::kPacketsReceived, HostField::kBytesSent,
    HostField::kBytesReceived, HostField::kTcpBytes,        HostField::kUdpBytes,
    HostField::kIcmpBytes,     HostField::kOtherBytes};
constexpr int kFirstCounter = 9;  // of the parameters

// One text for each counter, joined.
template <typename Make>
std::string for_counters(const char* between, Make&& make) {
  std::string text;
  for (size_t i = 0; i < kCounters.size(); ++i)
    text += (i == 0 ? "" : between) + make(kCounters[i], static_cast<int>(i) + kFirstCounter);
  return text;
}

std::string make_schema() {
  const auto column = [](std::string_view name, int) {
    return fmt::format("{} INTEGER NOT NULL, before_{} INTEGER NOT NULL DEFAULT 0", name, name);
  };
  const auto sum = [](std::string_view name, int) {
    return fmt::format("before_{} + {} AS {}", name, name, name);
  };
  return fmt::format(
      "PRAGMA journal_mode = WAL;"
      "PRAGMA synchronous = NORMAL;"
      // Hosts come in no order: a thousand of them are on as many pages. Few of the commits wait
      // for the disk like this, and a page is written once for several.
      "PRAGMA wal_autocheckpoint = 16000;"
      "PRAGMA journal_size_limit = 4194304;"
      "PRAGMA cache_size = -16000;"
      "PRAGMA user_version = 1;"
      "CREATE TABLE IF NOT EXISTS host_day(day TEXT NOT NULL, interface TEXT NOT NULL,"
      " key TEXT NOT NULL, address BLOB NOT NULL, vlan TEXT NOT NULL, mac TEXT,"
      " first_seen REAL NOT NULL, last_seen REAL NOT NULL, life REAL NOT NULL, {},"
      " PRIMARY KEY(day, interface, key)) WITHOUT ROWID;"
      "CREATE TABLE IF NOT EXISTS day(day TEXT PRIMARY KEY, hosts INTEGER NOT NULL,"
      " complete INTEGER NOT NULL) WITHOUT ROWID;"
      "CREATE VIEW IF NOT EXISTS host AS SELECT day, interface, key, address, vlan, mac,"
      " first_seen, last_seen, {} FROM host_day;",
      for_counters(", ", column), for_counters(", ", sum));
}

std::string insert_text() {
  const auto name = [](std::string_view counter, int) { return std::string(counter); };
  const auto place = [](std::string_view, int index) { return fmt::format("?{}", index); };
  return fmt::format(
      "INSERT OR IGNORE INTO host_day(day, interface, key, address, vlan, mac, first_seen,"
      " last_seen, life, {}) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?7, {}) RETURNING 1",
      for_counters(", ", name), for_counters(", ", place));
}

// A later life begins with counters at nothing; an earlier one has come back with all it had.
std::string update_text() {
  const auto change = [](std::string_view name, int index) {
    return fmt::format(
        "before_{0} = CASE WHEN ?7 > life THEN before_{0} + {0} WHEN ?7 < life THEN 0"
        " ELSE before_{0} END, {0} = ?{1}",
        name, index);
  };
  return fmt::format(
      "UPDATE host_day SET mac = coalesce(?6, mac), first_seen = min(first_seen, ?7),"
      " last_seen = max(last_seen, ?8), life = ?7, {}"
      " WHERE day = ?1 AND interface = ?2 AND key = ?3 AND ?4 IS NOT NULL AND ?5 IS NOT NULL",
      for_counters(", ", change));
}

SqlBlob bytes_of(const IpAddress& address) {
  return {std::string(address.bytes().begin(), address.bytes().end())};
}

}  // namespace

const std::string& host_day_schema() {
  static const std::string kSchema = make_schema();
  return kSchema;
}

const std::vector<SqlColumn>& host_day_columns() {
  static const std::vector<SqlColumn> kColumns{
      {"key", "key"},
      {"interface", "interface"},
      {"address", "address", "substr(key, 1, instr(key || '@', '@') - 1)"},
      {"vlan", "vlan"},
      {"mac", "mac"},
      {"first_seen", "first_seen"},
      {"last_seen", "last_seen"},
      {"packets", "(packets_sent + packets_received)"},
      {"bytes", "(bytes_sent + bytes_received)"},
      {"packets_sent", "packets_sent"},
      {"packets_received", "packets_received"},
      {"bytes_sent", "bytes_sent"},
      {"bytes_received", "bytes_received"},
      {"tcp_bytes", "tcp_bytes"},
      {"udp_bytes", "udp_bytes"},
      {"icmp_bytes", "icmp_bytes"},
      {"other_bytes", "other_bytes"},
  };
  return kColumns;
}

Result<HostDayWriter> HostDayWriter::make(sqlite3* database) {
  auto insert = SqliteQuery::make(database, insert_text());
  if (!insert.ok()) return insert.error();
  auto update = SqliteQuery::make(database, update_text());
  if (!update.ok()) return update.error();
  return HostDayWriter(*std::move(insert), *std::move(update));
}

void HostDayWriter::bind(SqliteQuery& query, std::string_view day, std::string_view interface,
                         const HostRecord& host) {
  query.bind(1, day);
  query.bind(2, interface);
  query.bind(3, std::string_view(host_key_text(host.key)));
  query.bind(4, bytes_of(host.key.address));
  query.bind(5, std::string_view(to_json(to_value(FieldValue(host.key.vlan)))));
  if (host.mac.is_known()) {
    query.bind(6, std::string_view(host.mac.to_string()));
  } else {
    query.bind_null(6);
  }
  query.bind(7, host.first_seen.as_seconds());
  query.bind(8, host.last_seen.as_seconds());
  for (size_t i = 0; i < kCounterFields.size(); ++i) {
    const FieldValue value = host_field(host, kCounterFields[i], {});
    query.bind(static_cast<int>(i) + kFirstCounter,
               static_cast<int64_t>(std::get<uint64_t>(value)));
  }
}

Result<bool> HostDayWriter::write(std::string_view day, std::string_view interface,
                                  const HostRecord& host) {
  bind(insert_, day, interface, host);
  auto is_new = insert_.step();
  insert_.reset();
  if (!is_new.ok() || *is_new) return is_new;
  bind(update_, day, interface, host);
  if (auto updated = update_.run(); !updated.ok()) return updated.error();
  return false;
}

}  // namespace weir
