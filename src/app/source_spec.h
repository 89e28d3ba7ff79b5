// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/options.h"
#include "base/result.h"
#include "capture/interfaces.h"
#include "capture/packet_source.h"
#include "net/ip_address.h"
#include "zmq/zmq_endpoint.h"

namespace weir {

// What -i SOURCE names.
struct SourceSpec {
  enum class Kind { kLive, kXdp, kFile, kExports, kZmq, kSyslog } kind = Kind::kLive;
  std::string name;                // the interface, or the file's path
  std::string id;                  // for URLs and rows
  std::vector<uint32_t> queues{};  // kXdp: empty: all
  IpAddress address{};             // kExports, kSyslog: where to listen; ::: everywhere
  uint16_t port = 0;
  ZmqEndpoint endpoint{};  // kZmq
  bool listens = false;    // kZmq: else it connects

  // Flow records instead of packets.
  [[nodiscard]] bool collects() const {
    return kind == Kind::kExports || kind == Kind::kZmq || kind == Kind::kSyslog;
  }
};

// An interface name, `any`, `afxdp:IFACE[@QUEUES]`, `pcap:FILE` or a path, `netflow:[ADDR:]PORT` or
// `sflow:[ADDR:]PORT`, `syslog:[ADDR:]PORT`, `zmq:URL` or `zmq-listen:URL`. Error: a kind of source
// this build does not have.
[[nodiscard]] Result<SourceSpec> parse_source(const std::string& text);

// Those that weir watches when it is told none: the ones that are up, loopback only where there is
// no other.
[[nodiscard]] std::vector<std::string> interfaces_that_are_up(
    const std::vector<NetworkInterface>& interfaces);

// The sources to watch: those that were named, else the interfaces that are up (loopback only where
// there is no other). Of those that the file of first start's answers names, the ones that are not
// there are left out with a warning. Two of one name get ids of their own.
[[nodiscard]] Result<std::vector<SourceSpec>> sources_to_watch(const MonitorOptions& options);

// One packet source for each shard, and by what the kernel shares packets out to them: "" for a
// single one and for files, which are opened anew for each shard.
struct OpenSources {
  std::vector<std::unique_ptr<PacketSource>> sources;
  std::string balance;
};

// REQUIRES: !collects(). `group`: tells the kernel which sources belong together; one per
// interface. Logs a warning when flows inside tunnels cannot be told apart for want of a
// capability.
[[nodiscard]] Result<OpenSources> open_sources(const SourceSpec& spec,
                                               const MonitorOptions& options, uint16_t group);

}  // namespace weir
