// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/passed_on.h"

#include "record/instance_paths.h"

namespace weir {
namespace {

// Whether it is one of the set, or finds room there.
template <typename Key>
bool belongs(std::set<Key>& set, const Key& key, size_t most) {
  if (set.count(key) != 0) return true;
  if (set.size() >= most) return false;
  set.insert(key);
  return true;
}

}  // namespace

uint32_t PassedOn::way_of(std::string_view text) {
  if (text == last_text_) return last_way_;
  const uint32_t number = ways_.size() < kMostWays ? path_number(text) : find_path(text);
  if (number == kNoPath || !belongs(ways_, number, kMostWays)) return kNoPath;
  last_text_ = text;
  last_way_ = number;
  return number;
}

void PassedOn::take(const DataRecord& record, FlowOrigin& origin) {
  if (record.has(Element::kPath)) {
    origin.path = way_of({reinterpret_cast<const char*>(record.path.data()), record.path.size()});
    if (origin.path == kNoPath) ++refused_;
  }
  if (record.has(Element::kFirstExporter) && record.first_exporter != IpAddress()) {
    if (belongs(exporters_, record.first_exporter, kMostExporters)) {
      origin.exporter = record.first_exporter;
    } else {
      ++refused_;
    }
  }
}

}  // namespace weir
