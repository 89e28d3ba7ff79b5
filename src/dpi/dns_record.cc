// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/dns_record.h"

#include <algorithm>

#include "dpi/ascii_text.h"
#include "dpi/dns_name.h"

namespace weir {
namespace {

constexpr size_t kMaxAddresses = 4;
constexpr size_t kMaxTextBytes = 255;

enum ServiceParameter : uint16_t { kAlpn = 1, kIpv4Hint = 4, kIpv6Hint = 6 };

void add_address(DnsRecord& record, const ByteReader& bytes, bool is_v6) {
  if (!bytes.can_read(is_v6 ? 16 : 4) || record.addresses.size() == kMaxAddresses) return;
  record.addresses.push_back(is_v6 ? IpAddress::from_v6(bytes.data())
                                   : IpAddress::from_v4(bytes.data()));
}

void add_addresses(DnsRecord& record, ByteReader bytes, bool is_v6) {
  const size_t size = is_v6 ? 16 : 4;
  while (bytes.can_read(size)) {
    add_address(record, bytes, is_v6);
    bytes.skip(size);
  }
}

std::string read_name(const ByteReader& message, size_t offset) {
  return read_dns_name(message, offset).value_or("");
}

// A list of strings, each behind its length.
std::string protocol_list(ByteReader bytes) {
  std::string list;
  while (!bytes.empty() && list.size() < kMaxTextBytes) {
    ByteReader name = bytes;
    name.skip(1);
    name.truncate(bytes.u8(0));
    bytes.skip(size_t{1} + bytes.u8(0));
    if (name.empty()) continue;
    if (!list.empty()) list += ',';
    list += text_of(name);
  }
  return list;
}

// RFC 9460, 2.2: priority, target, parameters in rising order.
void read_service(const ByteReader& message, size_t offset, ByteReader data, DnsRecord& record) {
  size_t behind = offset + 2;
  const auto target = read_dns_name(message, behind);
  if (!target || behind < offset) return;
  data.skip(behind - offset);
  while (data.can_read(4)) {
    const uint16_t key = data.u16(0);
    ByteReader value = data;
    value.skip(4);
    value.truncate(data.u16(2));
    data.skip(size_t{4} + data.u16(2));
    if (key == kAlpn) record.text = "alpn=" + protocol_list(value);
    if (key == kIpv4Hint || key == kIpv6Hint) add_addresses(record, value, key == kIpv6Hint);
  }
}

void read_netbios_addresses(ByteReader data, DnsRecord& record) {
  // Flags, address; the first bit says that it is a group's, which is nobody's name.
  while (data.can_read(6)) {
    ByteReader address = data;
    address.skip(2);
    if ((data.u16(0) & 0x8000) == 0) add_address(record, address, false);
    data.skip(6);
  }
  if (!record.addresses.empty()) record.text = record.addresses.front().to_string();
}

}  // namespace

void read_record_data(const ByteReader& message, size_t offset, size_t size, bool is_netbios,
                      DnsRecord& record) {
  ByteReader data = message;
  data.skip(offset);
  data.truncate(size);
  if (is_netbios) {
    if (record.type == 32) read_netbios_addresses(data, record);
    return;
  }
  switch (record.type) {
    case 1:   // A
    case 28:  // AAAA
      if (size != (record.type == 1 ? 4 : 16)) return;
      add_address(record, data, record.type == 28);
      record.text = record.addresses.front().to_string();
      return;
    case 2:   // NS
    case 5:   // CNAME
    case 12:  // PTR
    case 39:  // DNAME
      record.text = read_name(message, offset);
      return;
    case 15:  // MX: preference, name
      record.text = read_name(message, offset + 2);
      return;
    case 33:  // SRV: priority, weight, port, name
      if (size > 6)
        record.text = read_name(message, offset + 6) + ":" + std::to_string(data.u16(4));
      return;
    case 16: {  // TXT
      ByteReader first = data;
      first.skip(1);
      first.truncate(data.u8(0));
      record.text = text_of(first);
      return;
    }
    case 64:  // SVCB
    case 65:  // HTTPS
      return read_service(message, offset, data, record);
    default:
      return;
  }
}

}  // namespace weir
