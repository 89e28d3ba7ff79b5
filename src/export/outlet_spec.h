// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace weir {

// What --export names: how flows are written, and where they go.
struct OutletSpec {
  enum class Encoding : uint8_t { kJson, kEcs, kSyslog, kIpfix, kNtopJson };
  enum class Transport : uint8_t { kFile, kUdp, kTcp, kTls, kZmqConnect, kZmqListen };

  std::string text;  // as it was given
  Encoding encoding = Encoding::kJson;
  Transport transport = Transport::kFile;
  std::string host;  // kUdp, kTcp, kTls
  uint16_t port = 0;
  std::string path;           // kFile: of the file; kZmq...: the URL, with its key
  std::string ca_file;        // kTls: who may vouch for the peer; empty: whom the system trusts
  uint64_t rotate_bytes = 0;  // kFile: begin anew above it; 0: never
  uint32_t keep = 5;          // kFile: files besides the one that is written
  size_t spool_bytes = 0;     // 0: it was not said
};

// "json:FILE", "json:tcp://HOST:PORT", "ipfix:HOST:PORT", "ipfix:tcp://HOST:PORT",
// "syslog:HOST:PORT", "syslog:tcp://HOST:PORT", "syslog:tls://HOST:PORT", "zmq:URL",
// "zmq-listen:URL", each with ?NAME=VALUE&... after it: format (ecs for json; ipfix or json for
// zmq), rotate and keep (files), ca (TLS), key (zmq), spool. Error: what is wrong with it.
[[nodiscard]] Result<OutletSpec> parse_outlet(std::string_view text);

}  // namespace weir
