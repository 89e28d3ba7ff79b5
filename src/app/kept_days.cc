// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/kept_days.h"

#include <chrono>
#include <utility>

#include "base/log.h"
#include "base/printable.h"
#include "query/scan.h"

namespace weir {

std::unique_ptr<SqliteHostDays> keep_days(const std::string& data_folder,
                                          std::vector<const Interface*> interfaces,
                                          HostDayOptions options) {
  if (data_folder.empty()) return nullptr;
  options.file = data_folder + "/days.sqlite";
  options.hosts = [interfaces = std::move(interfaces)](const HostDayOptions::Visitor& visit) {
    for (const Interface* interface : interfaces)
      visit_hosts(*interface, [&](const HostRecord& host) { visit(host, interface->id()); });
  };
  auto opened = SqliteHostDays::open(std::move(options));
  if (opened.ok()) return *std::move(opened);
  log_error(printable("days: " + opened.error().message + ": no hosts of days are kept this time"));
  return nullptr;
}

void write_today(SqliteHostDays* days) {
  constexpr unsigned kAll = 36'500;  // how long days are kept is for the scripts to say
  constexpr std::chrono::seconds kPatience{
      4};  // who ends weir waits; a million new hosts take longer
  if (days == nullptr || !days->dump(0, kAll).ok()) return;
  if (!days->wait_until_written(kPatience))
    log_warning("days: not all of the last minutes' hosts could be written before the end");
}

}  // namespace weir
