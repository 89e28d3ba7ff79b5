// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/name_lookup.h"

#include <algorithm>
#include <utility>

#include "query/host_sweep.h"

namespace weir {
namespace {

// So many places for hosts are looked at in a second: a million in less than a minute.
constexpr size_t kPlacesASecond = 20'000;

bool is_group_or_nobody(const IpAddress& address) {
  constexpr uint8_t kFirstV4Group = 224;  // and broadcast
  constexpr uint8_t kV6Group = 0xff;
  if (address.is_v4()) return address.bytes()[12] >= kFirstV4Group || address.v4_bits() == 0;
  return address.bytes()[0] == kV6Group || address == IpAddress();
}

}  // namespace

bool is_resolved(const IpAddress& address, const MonitorOptions& options) {
  if (options.resolved == ResolvedHosts::kNone || is_group_or_nobody(address)) return false;
  const std::vector<Prefix>& local = options.tables.local_networks;
  return options.resolved == ResolvedHosts::kAll ||
         std::any_of(local.begin(), local.end(),
                     [&](const Prefix& network) { return network.contains(address); });
}

Result<std::unique_ptr<ReverseNames>> look_up_names(const MonitorOptions& options,
                                                    const std::vector<const Interface*>& interfaces,
                                                    Cache& cache) {
  if (options.resolved == ResolvedHosts::kNone) return std::unique_ptr<ReverseNames>();
  ReverseNamesOptions names;
  names.dns.server = options.dns_server;
  names.cache = &cache;
  names.feed = [&options,
                sweep = HostSweep(interfaces)](const ReverseNamesOptions::Want& want) mutable {
    sweep.next(kPlacesASecond, [&](const HostKey& host) {
      if (is_resolved(host.address, options)) want(host.address);
    });
  };
  return ReverseNames::start(std::move(names));
}

}  // namespace weir
