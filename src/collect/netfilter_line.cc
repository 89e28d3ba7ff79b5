// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/netfilter_line.h"

#include "base/number_text.h"
#include "collect/record_flow.h"
#include "decode/decoded_packet.h"
#include "net/ip_protocol.h"

namespace weir {
namespace {

// Names where the kernel has one, else a number.
uint8_t protocol_in(std::string_view text) {
  if (const auto protocol = protocol_number(text)) return *protocol;
  return number_in<uint8_t>(text).value_or(0);
}

uint8_t flag_named(std::string_view word) {
  struct Flag {
    std::string_view name;
    uint8_t flag;
  };
  constexpr Flag kFlags[] = {{"FIN", kTcpFin}, {"SYN", kTcpSyn}, {"RST", kTcpRst},
                             {"PSH", kTcpPsh}, {"ACK", kTcpAck}, {"URG", kTcpUrg}};
  for (const Flag& one : kFlags) {
    if (one.name == word) return one.flag;
  }
  return 0;
}

// "[ 1234.5678] DROP " without the kernel's time and the blanks.
std::string_view prefix_of(std::string_view text) {
  if (!text.empty() && text.front() == '[') {
    const size_t end = text.find(']');
    if (end != std::string_view::npos) text.remove_prefix(end + 1);
  }
  const size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  const size_t end = text.find_last_not_of(' ');
  return text.substr(begin, end - begin + 1);
}

void take_pair(std::string_view name, std::string_view value, NetfilterLine& line) {
  if (name == "OUT") {
    line.output = value;
  } else if (name == "SRC") {
    line.source = IpAddress::parse(value).value_or(IpAddress());
  } else if (name == "DST") {
    line.destination = IpAddress::parse(value).value_or(IpAddress());
  } else if (name == "LEN" && line.bytes == 0) {
    // UDP has a length of its own behind it.
    line.bytes = number_in<uint32_t>(value).value_or(0);
  } else if (name == "PROTO") {
    line.protocol = protocol_in(value);
  } else if (name == "SPT") {
    line.source_port = number_in<uint16_t>(value).value_or(0);
  } else if (name == "DPT") {
    line.destination_port = number_in<uint16_t>(value).value_or(0);
  }
}

}  // namespace

std::optional<NetfilterLine> read_netfilter_line(std::string_view text) {
  // The rule's words may touch it.
  const size_t begin = text.find("IN=");
  if (begin == std::string_view::npos || text.find(" OUT=", begin) == std::string_view::npos)
    return std::nullopt;
  NetfilterLine line;
  line.prefix = prefix_of(text.substr(0, begin));
  std::string_view rest = text.substr(begin);
  line.input = rest.substr(3, rest.find(' ') - 3);
  while (!rest.empty()) {
    const size_t blank = rest.find(' ');
    const std::string_view word = rest.substr(0, blank);
    rest.remove_prefix(blank == std::string_view::npos ? rest.size() : blank + 1);
    // Of an ICMP error the packet that it is about follows in brackets.
    if (!word.empty() && word.front() == '[') break;
    const size_t equals = word.find('=');
    if (equals == std::string_view::npos) {
      line.tcp_flags = static_cast<uint8_t>(line.tcp_flags | flag_named(word));
    } else {
      take_pair(word.substr(0, equals), word.substr(equals + 1), line);
    }
  }
  const bool has_ends = line.source != IpAddress() && line.destination != IpAddress();
  constexpr uint32_t kMostBytes = 40 + 65'535;  // IPv6: its header and the most that follows it
  if (!has_ends || line.bytes == 0 || line.bytes > kMostBytes) return std::nullopt;
  if (!has_ports(line.protocol)) line.source_port = line.destination_port = 0;
  if (line.protocol != kProtocolTcp) line.tcp_flags = 0;
  return line;
}

}  // namespace weir
