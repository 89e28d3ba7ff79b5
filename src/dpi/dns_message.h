// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_reader.h"
#include "net/ip_address.h"

// DNS messages, as DNS, mDNS, LLMNR and the NetBIOS name service send them.
// Source: RFC 1035, 4; RFC 6891 (EDNS); RFC 9460 (SVCB, HTTPS); RFC 1002, 4.2 (NetBIOS).
namespace weir {

struct DnsQuestion {
  std::string name;  // lower case, without the last dot; "." is the root. Any byte may be in it.
  uint16_t type = 0;
};

struct DnsRecord {
  std::string name;
  uint16_t type = 0;
  std::string text;  // what it says: an address, a name, "name:port" (SRV), the first string (TXT),
                     // "alpn=h2,h3" (SVCB, HTTPS); "" for types that are not read
  std::vector<IpAddress> addresses;  // A, AAAA, hints of SVCB and HTTPS, at most 4
  uint32_t ttl = 0;                  // seconds
};

struct DnsMessage {
  static constexpr size_t kMaxQuestions = 8;
  static constexpr size_t kMaxRecords = 16;

  uint16_t id = 0;
  uint8_t opcode = 0;
  uint16_t rcode = 0;  // with the upper bits that EDNS adds
  bool is_response = false;
  bool has_edns = false;
  std::vector<DnsQuestion> questions;
  std::vector<DnsRecord> records;  // of the answer section, then of the others
  size_t answers = 0;              // how many of records are of the answer section
  size_t size = 0;                 // bytes up to the end of the last thing that was whole
};

enum class DnsParse : uint8_t {
  kWhole,
  kCut,     // the message ends within a record: what came before is there
  kNotDns,  // nothing of it can be one: the header is not plausible, or the first name is not
};

enum class DnsDetail : uint8_t {
  kAll,
  kAnswers,  // of the records those of the answer section alone, and without their names
};

// At most kMaxQuestions questions and kMaxRecords records are kept. Compression pointers only lead
// backwards, so no name makes a loop. Cost: linear in the message.
[[nodiscard]] DnsParse parse_dns(const ByteReader& bytes, bool is_netbios, DnsMessage& message,
                                 DnsDetail detail = DnsDetail::kAll);

// Whether it begins as a message that is worth parsing: opcode, counts and flags. Cost: a few
// loads.
[[nodiscard]] bool begins_like_dns(const ByteReader& bytes);

// "A", "HTTPS", "TYPE4711"; "NB" and "NBSTAT" of the NetBIOS name service.
[[nodiscard]] std::string dns_type_name(uint16_t type, bool is_netbios);
// "NOERROR", "NXDOMAIN", "RCODE4711".
[[nodiscard]] std::string dns_rcode_name(uint16_t rcode);
// The address that "4.3.2.1.in-addr.arpa" or a name under ip6.arpa asks for.
[[nodiscard]] std::optional<IpAddress> address_of_reverse_name(std::string_view name);

}  // namespace weir
