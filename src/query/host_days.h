// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "query/questions.h"

namespace weir {

// Which hosts there were on each day, kept for long. Days are those of local time and named
// "2026-11-28". Thread-safe.
class HostDays {
 public:
  virtual ~HostDays() = default;

  // Begins to write down the hosts of the day `days_ago` days before today (0: today as far as it
  // has come) and to remove days that are older than `keep_days`; returns at once. Hosts that are
  // there already get their new figures. Error: too much is waiting, or no such day.
  [[nodiscard]] virtual Result<std::string> dump(unsigned days_ago, unsigned keep_days) = 0;

  // {"rows": [{"day", "hosts", "complete": it was over when it was last written} ...], "total"},
  // the newest first.
  [[nodiscard]] virtual Answer days() = 0;

  // The hosts of a day as a list of hosts has them, with the fields that are kept: key, interface,
  // address, vlan, mac, first_seen, last_seen, packets and bytes, by direction and protocol class.
  // Counters are those since first_seen as far as weir knew them when it last saw the host on that
  // day.
  [[nodiscard]] virtual Answer hosts(std::string_view day, const ListRequest& request) = 0;
};

}  // namespace weir
