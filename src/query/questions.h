// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/value.h"
#include "record/group.h"

namespace weir {

// Why a question was not answered. `parameter` names what was wrong: "filter", "sort", "limit",
// "interface" ...
struct QueryError {
  enum class Kind { kBadParameter, kNotFound } kind = Kind::kBadParameter;
  std::string parameter;
  std::string message;
  int column = 0;  // 1-based position in a filter; 0 where there is none
};

// A question for a list. Empty members mean the default that the answer's documentation names.
struct ListRequest {
  std::string interface;  // id of one interface; empty: all
  std::string filter;
  std::string where;  // another filter: of the rows that match both
  std::string sort;   // a field of schema/fields.json
  bool descending = true;
  size_t offset = 0;
  size_t limit = 100;                // at most kMaxLimit
  std::vector<std::string> columns;  // fields to return; empty: all that are known
  // Of hosts and flows: fields by whose values the rows are put together (query/group_by.h); empty:
  // rows as they are.
  std::vector<std::string> group_by;
  // Whether the answer has "columns", too: the names of all fields that its rows may have.
  bool has_column_names = false;

  static constexpr size_t kMaxLimit = 100'000;
};

using Answer = Result<Value, QueryError>;

// Which host: ADDRESS or ADDRESS@VLAN[.VLAN ...]. An address alone finds it in any VLAN, and
// without an interface it is looked for at all; the busiest of several is meant.
struct WantedHost {
  std::string_view key;
  std::string_view interface {};  // id; empty: all
};

// What a series has a line for: each protocol class ("TCP" ...), each direction as seen from the
// local networks ("in", "out", "within" them, "through": of packets that carry IP), or each of the
// applications with the most bytes, and "Other" for all else.
enum class SeriesBy : uint8_t { kClass, kDirection, kApplication };

struct SeriesRequest {
  std::string_view interface {};  // id; empty: all together
  size_t seconds = 300;           // of applications at most 300
  SeriesBy by = SeriesBy::kClass;
  size_t top = 8;  // of applications, besides "Other"

  static constexpr size_t kMostTop = 64;
};

// Everything that pages, scripts and the stream may ask about live data. Lists answer
//   {"time": seconds since 1970, "total": rows that match, "offset": n, "rows": [{field: value ...}
//   ...]}
// with the field names of schema/fields.json; a field that is not known is absent.
// Thread-safe. Cost: lists scan the engine's tables once and never make the writer
// wait; by bytes or rate without a filter a million hosts take some ten milliseconds, else each
// record is copied (bench/query_bench.cc).
class Questions {
 public:
  virtual ~Questions() = default;

  [[nodiscard]] virtual Answer interfaces(const ListRequest& request) const = 0;
  [[nodiscard]] virtual Answer interface(std::string_view id) const = 0;
  [[nodiscard]] virtual Answer hosts(const ListRequest& request) const = 0;
  [[nodiscard]] virtual Answer host(const WantedHost& wanted) const = 0;
  // The same of one that is not live any more, as it was last seen, with "inactive": true; the
  // live one when it is. Without a VLAN only one in none is found.
  [[nodiscard]] virtual Answer archived_host(const WantedHost& wanted) const = 0;
  // Everything that is known of a host, live or archived, so that another weir can go on with it
  // (docs/archive.md).
  [[nodiscard]] virtual Answer host_record(const WantedHost& wanted) const = 0;
  [[nodiscard]] virtual Answer flows(const ListRequest& request) const = 0;
  [[nodiscard]] virtual Answer flow(std::string_view id) const = 0;
  [[nodiscard]] virtual Answer applications(const ListRequest& request) const = 0;
  // Flows by country, AS, network, MAC address, VLAN or category (docs/groups.md). "note" says why
  // all are unknown, where that is so.
  [[nodiscard]] virtual Answer groups(GroupKind kind, const ListRequest& request) const = 0;
  // What was asked of servers and how long they took, by what was asked.
  [[nodiscard]] virtual Answer transactions(const ListRequest& request) const = 0;
  // Who sends flow records, as weir hears them. `id`: of a row.
  [[nodiscard]] virtual Answer exporters(const ListRequest& request) const = 0;
  [[nodiscard]] virtual Answer exporter(std::string_view id) const = 0;
  // The last whole seconds: {"time":, "start": second, "step": 1, "series": [{"name": "TCP",
  // "bytes": [n, null ...], "packets": [...]} ...], "peaks": {"window_ms":, "bytes": [...]}}
  // null: weir was not looking in that second. Peaks: the most bytes of packets (not of flow
  // records) within a window of the second, where there were any and it is not more than ten
  // minutes ago.
  [[nodiscard]] virtual Answer series(const SeriesRequest& request) const = 0;
  // How weir itself is doing: drops, errors by reason, table sizes, memory, uptime, version.
  [[nodiscard]] virtual Answer health() const = 0;
};

}  // namespace weir
