// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/options.h"
#include "base/result.h"
#include "capture/packet_source.h"

namespace weir {

// What -i SOURCE names.
struct SourceSpec {
  enum class Kind { kLive, kFile } kind = Kind::kLive;
  std::string name;  // the interface, or the file's path
  std::string id;    // for URLs and rows
};

// An interface name, `any`, `pcap:FILE` or a path. Error: a kind of source this build does not
// have.
[[nodiscard]] Result<SourceSpec> parse_source(const std::string& text);

// The sources to watch: those that were named, else the interfaces that are up (loopback only where
// there is no other). Two of one name get ids of their own.
[[nodiscard]] Result<std::vector<SourceSpec>> sources_to_watch(const MonitorOptions& options);

// One packet source for each shard. A file is opened anew for each of them; a live interface is
// shared out by the kernel. `group`: tells the kernel which sources belong together; one per
// interface.
[[nodiscard]] Result<std::vector<std::unique_ptr<PacketSource>>> open_sources(
    const SourceSpec& spec, const MonitorOptions& options, uint16_t group);

}  // namespace weir
