// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/transaction_scan.h"

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace weir {
namespace {

struct Name {
  std::string protocol;
  std::string key;
  bool is_other;
  IpAddress server;  // where each server has sums of its own; else zeroes
  uint16_t server_port;

  auto operator<=>(const Name&) const = default;
};

Name name_of(const TransactionRecord& record) {
  const bool is_one = record.is_one_server;
  return {record.protocol, record.key, record.is_other, is_one ? record.server : IpAddress(),
          is_one ? record.server_port : uint16_t{0}};
}

struct PartPlace {
  uint32_t shard;  // of the interface's
  uint32_t record;
};

std::optional<TransactionRecord> copy(const Interface& interface, PartPlace place) {
  const Shard& shard = *interface.shards()[place.shard];
  auto record = shard.transactions()->snapshot(place.record, shard.clock_second());
  if (record) record->shard = interface.first_shard() + place.shard;
  return record;
}

template <typename Visit>
void visit_places(const Interface& interface, Visit&& visit) {
  for (uint32_t shard = 0; shard < interface.shards().size(); ++shard) {
    const TransactionTable* table = interface.shards()[shard]->transactions();
    if (table == nullptr) continue;
    for (uint32_t record = 0; record < table->limit(); ++record) visit(PartPlace{shard, record});
  }
}

}  // namespace

void visit_transactions(const Interface& interface,
                        const std::function<void(const TransactionRecord&)>& visit) {
  if (interface.shards().size() == 1) {
    visit_places(interface, [&](PartPlace place) {
      if (const auto record = copy(interface, place)) visit(*record);
    });
    return;
  }
  std::map<Name, std::vector<PartPlace>> names;
  visit_places(interface, [&](PartPlace place) {
    if (const auto record = copy(interface, place)) names[name_of(*record)].push_back(place);
  });
  for (const auto& [name, places] : names) {
    std::optional<TransactionRecord> sum;
    for (const PartPlace place : places) {
      auto record = copy(interface, place);
      if (!record || name_of(*record) != name) continue;  // gone by now
      if (sum) {
        *sum += *record;
      } else {
        sum = std::move(record);
      }
    }
    if (sum) visit(*sum);
  }
}

}  // namespace weir
