// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "net/ip_address.h"

namespace weir {

// What the kernel's netfilter logs of one packet (nft's "log", iptables' LOG):
// "[123.456] DROP IN=eth0 OUT= MAC=... SRC=192.0.2.1 DST=192.0.2.2 LEN=60 ... PROTO=TCP SPT=1 DPT=2
// ... SYN URGP=0". Views lie in the text. A plain value.
struct NetfilterLine {
  std::string_view prefix;  // "DROP": what the rule puts before it
  std::string_view
      input;  // "eth0"; "" for packets of the machine's own, as the next for those to it
  std::string_view output;
  IpAddress source;
  IpAddress destination;
  uint8_t protocol = 0;
  uint16_t source_port = 0;
  uint16_t destination_port = 0;
  uint8_t tcp_flags = 0;
  uint32_t bytes = 0;  // of the IP datagram
};

// Whether a program of that name says what the kernel logged: another may have the words of a
// stranger in its own, which must not become traffic. "": the message names none.
[[nodiscard]] constexpr bool tells_of_netfilter(std::string_view program) {
  return program.empty() || program == "kernel" || program == "ulogd";
}

// Nothing when the text is of something else.
[[nodiscard]] std::optional<NetfilterLine> read_netfilter_line(std::string_view text);

}  // namespace weir
