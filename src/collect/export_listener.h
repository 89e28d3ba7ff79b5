// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "collect/collector.h"
#include "net/ip_address.h"
#include "zmq/zmq_link.h"

namespace weir {

struct ListenOptions {
  // NetFlow, IPFIX and sFlow, or syslog: what a socket hears is told apart by its first bytes only
  // within the first.
  enum class Kind : uint8_t { kExports, kSyslog } kind = Kind::kExports;
  IpAddress address;                       // :: stands for all addresses, of IPv4, too
  uint16_t port = 0;                       // 0: one that is free
  size_t buffer_bytes = size_t{32} << 20;  // of the kernel, for datagrams; it may give less
  size_t max_connections = 256;
  size_t max_connections_per_address = 16;
  // Where there are as many as may be, one that was silent for so long gives way to a new one.
  std::chrono::milliseconds idle_after = std::chrono::minutes(1);
};

// What came in and what did not.
struct ListenStatistics {
  uint64_t datagrams = 0;
  uint64_t kernel_drops = 0;             // datagrams for which the socket had no room (SO_RXQ_OVFL)
  uint64_t cut = 0;                      // datagrams too long, syslog messages without their end
  uint64_t accepted = 0;                 // connections
  uint64_t refused = 0;                  // connections, for there were too many
  uint64_t idle = 0;                     // connections that gave way to new ones
  uint64_t foreign = 0;                  // connections that sent something else than IPFIX
  uint64_t too_long = 0;                 // messages of syslog over TCP that were
  size_t open = 0;                       // connections
  size_t buffer_bytes = 0;               // what the kernel gave
  std::optional<ZmqLinkStatistics> zmq;  // of a socket of ZeroMQ; `datagrams` are its messages
  uint64_t misshapen = 0;                // messages of ZeroMQ that have not two parts
};

// One message and who sent it; the bytes live during the call.
using TakeMessage = std::function<void(const ReceivedExport&)>;

// What hears exporters: sockets of one address and port, UDP, and TCP for IPFIX and syslog; or one
// of ZeroMQ (zmq_listener.h). Connections are bounded, all of them and those of one address, and
// each holds less than one message. Owner: one thread.
class ExportListener {
 public:
  // UDP and TCP. Errors: the address or port cannot be had.
  static Result<std::unique_ptr<ExportListener>> open(const ListenOptions& options);
  virtual ~ExportListener() = default;

  // Waits at most `timeout` for something, then takes what is there: up to some dozens of
  // datagrams, and of each connection up to 64 KiB. False when nothing came.
  virtual bool poll(std::chrono::milliseconds timeout, const TakeMessage& take) = 0;

  [[nodiscard]] virtual ListenStatistics statistics() const = 0;
  [[nodiscard]] virtual uint16_t port() const = 0;
};

}  // namespace weir
