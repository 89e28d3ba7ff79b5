// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/dns_message.h"

#include <algorithm>
#include <array>

#include "dpi/ascii_text.h"
#include "dpi/dns_name.h"
#include "dpi/dns_record.h"

namespace weir {
namespace {

constexpr size_t kHeaderBytes = 12;
constexpr uint16_t kTypeOpt = 41;

struct TypeName {
  uint16_t type;
  std::string_view name;
};
constexpr TypeName kTypeNames[] = {
    {1, "A"},      {2, "NS"},          {5, "CNAME"},       {6, "SOA"},     {10, "NULL"},
    {11, "WKS"},   {12, "PTR"},        {13, "HINFO"},      {15, "MX"},     {16, "TXT"},
    {17, "RP"},    {18, "AFSDB"},      {24, "SIG"},        {25, "KEY"},    {28, "AAAA"},
    {29, "LOC"},   {33, "SRV"},        {35, "NAPTR"},      {36, "KX"},     {37, "CERT"},
    {38, "A6"},    {39, "DNAME"},      {41, "OPT"},        {42, "APL"},    {43, "DS"},
    {44, "SSHFP"}, {46, "RRSIG"},      {47, "NSEC"},       {48, "DNSKEY"}, {49, "DHCID"},
    {50, "NSEC3"}, {51, "NSEC3PARAM"}, {52, "TLSA"},       {53, "SMIMEA"}, {55, "HIP"},
    {59, "CDS"},   {60, "CDNSKEY"},    {61, "OPENPGPKEY"}, {62, "CSYNC"},  {63, "ZONEMD"},
    {64, "SVCB"},  {65, "HTTPS"},      {99, "SPF"},        {108, "EUI48"}, {109, "EUI64"},
    {249, "TKEY"}, {250, "TSIG"},      {251, "IXFR"},      {252, "AXFR"},  {255, "ANY"},
    {256, "URI"},  {257, "CAA"},
};

constexpr std::array<std::string_view, 12> kRcodeNames{
    "NOERROR",  "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP",  "REFUSED",
    "YXDOMAIN", "YXRRSET", "NXRRSET",  "NOTAUTH",  "NOTZONE", "DSOTYPENI"};

class Parser {
 public:
  Parser(const ByteReader& bytes, bool is_netbios, DnsMessage& message, DnsDetail detail)
      : bytes_(bytes), is_netbios_(is_netbios), message_(message), detail_(detail) {}

  DnsParse parse() {
    if (!begins_like_dns(bytes_)) return DnsParse::kNotDns;
    const uint16_t flags = bytes_.u16(2);
    // Plausible counts, see begins_like_dns(): no more than a message has room for.
    const size_t others = size_t{bytes_.u16(8)} + bytes_.u16(10);
    const size_t records = bytes_.u16(6) + (detail_ == DnsDetail::kAll ? others : 0);
    message_.records.reserve(std::min<size_t>(records, DnsMessage::kMaxRecords));
    message_.id = bytes_.u16(0);
    message_.is_response = (flags & 0x8000) != 0;
    message_.opcode = flags >> 11 & 0xf;
    message_.rcode = flags & 0xf;
    if (!take_questions(bytes_.u16(4)) || !take_records(bytes_.u16(6))) {
      message_.answers = message_.records.size();
      return message_.size > 0 ? DnsParse::kCut : DnsParse::kNotDns;
    }
    message_.answers = message_.records.size();
    message_.size = offset_;
    is_in_answers_ = false;
    return take_records(others) ? DnsParse::kWhole : DnsParse::kCut;
  }

 private:
  std::optional<std::string> take_name() {
    auto name = read_dns_name(bytes_, offset_);
    if (name && is_netbios_) {
      uint8_t suffix = 0;
      if (auto decoded = decode_netbios_name(*name, suffix)) return decoded;
    }
    return name;
  }

  bool take_questions(size_t count) {
    for (size_t i = 0; i < count; ++i) {
      auto name = take_name();
      if (!name || bytes_.remaining() < offset_ + 4) return false;
      if (message_.questions.size() < DnsMessage::kMaxQuestions)
        message_.questions.push_back({std::move(*name), bytes_.u16(offset_)});
      offset_ += 4;
      message_.size = offset_;
    }
    return true;
  }

  bool take_records(size_t count) {
    for (size_t i = 0; i < count; ++i) {
      if (!take_record()) return false;
    }
    return true;
  }

  // The name of a record; empty when nobody wants it.
  std::optional<std::string> take_owner() {
    if (detail_ == DnsDetail::kAll) return take_name();
    return skip_dns_name(bytes_, offset_) ? std::optional<std::string>("") : std::nullopt;
  }

  [[nodiscard]] bool is_wanted() const {
    return (detail_ == DnsDetail::kAll || is_in_answers_) &&
           message_.records.size() < DnsMessage::kMaxRecords;
  }

  bool take_record() {
    auto name = take_owner();
    if (!name || bytes_.remaining() < offset_ + 10) return false;
    const uint16_t type = bytes_.u16(offset_);
    const uint32_t ttl = bytes_.u32(offset_ + 4);
    const size_t size = bytes_.u16(offset_ + 8);
    offset_ += 10;
    if (bytes_.remaining() < offset_ + size) return false;
    message_.size = offset_ + size;
    if (type == kTypeOpt && !is_netbios_) {
      message_.has_edns = true;
      message_.rcode = static_cast<uint16_t>(message_.rcode | (ttl >> 24) << 4);
    } else if (is_wanted()) {
      DnsRecord record{std::move(*name), type, {}, {}, ttl};
      read_record_data(bytes_, offset_, size, is_netbios_, record);
      message_.records.push_back(std::move(record));
    }
    offset_ += size;
    return true;
  }

  const ByteReader& bytes_;
  const bool is_netbios_;
  DnsMessage& message_;
  const DnsDetail detail_;
  bool is_in_answers_ = true;
  size_t offset_ = kHeaderBytes;
};

std::optional<IpAddress> address_of_v4_name(std::string_view labels) {
  std::string text;
  for (int i = 0; i < 4; ++i) {
    const size_t dot = labels.rfind('.');
    text += labels.substr(dot + 1);  // npos + 1 is 0
    if (i < 3) text += '.';
    labels = dot == std::string_view::npos ? std::string_view() : labels.substr(0, dot);
  }
  return labels.empty() ? IpAddress::parse(text) : std::nullopt;
}

std::optional<IpAddress> address_of_v6_name(std::string_view labels) {
  if (labels.size() != 63) return std::nullopt;
  std::string text;
  for (size_t i = 0; i < 32; ++i) {
    if (i > 0 && i % 4 == 0) text += ':';
    text += labels[62 - 2 * i];
  }
  return IpAddress::parse(text);
}

}  // namespace

DnsParse parse_dns(const ByteReader& bytes, bool is_netbios, DnsMessage& message,
                   DnsDetail detail) {
  message = {};
  return Parser(bytes, is_netbios, message, detail).parse();
}

bool begins_like_dns(const ByteReader& bytes) {
  if (!bytes.can_read(kHeaderBytes)) return false;
  const uint16_t flags = bytes.u16(2);
  const unsigned opcode = flags >> 11 & 0xf;
  const uint16_t questions = bytes.u16(4);
  const uint16_t answers = bytes.u16(6);
  // Opcodes up to 6 are DNS's, up to 9 NetBIOS's. A query carries no answers but in mDNS.
  return opcode <= 9 && questions <= 64 && answers <= 512 && bytes.u16(8) <= 512 &&
         bytes.u16(10) <= 512 && (questions != 0 || answers != 0 || (flags & 0x8000) != 0);
}

std::string dns_type_name(uint16_t type, bool is_netbios) {
  if (is_netbios && (type == 32 || type == 33)) return type == 32 ? "NB" : "NBSTAT";
  for (const TypeName& known : kTypeNames) {
    if (known.type == type) return std::string(known.name);
  }
  return "TYPE" + std::to_string(type);
}

std::string dns_rcode_name(uint16_t rcode) {
  if (rcode < kRcodeNames.size()) return std::string(kRcodeNames[rcode]);
  switch (rcode) {
    case 16:
      return "BADVERS";
    case 17:
      return "BADKEY";
    case 18:
      return "BADTIME";
    case 22:
      return "BADTRUNC";
    case 23:
      return "BADCOOKIE";
    default:
      return "RCODE" + std::to_string(rcode);
  }
}

std::optional<IpAddress> address_of_reverse_name(std::string_view name) {
  constexpr std::string_view kV4 = ".in-addr.arpa";
  constexpr std::string_view kV6 = ".ip6.arpa";
  if (name.ends_with(kV4)) return address_of_v4_name(name.substr(0, name.size() - kV4.size()));
  if (name.ends_with(kV6)) return address_of_v6_name(name.substr(0, name.size() - kV6.size()));
  return std::nullopt;
}

}  // namespace weir
