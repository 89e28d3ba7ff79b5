// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/dhcp_dissector.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "dpi/ascii_text.h"
#include "dpi/dns_name.h"

namespace weir {
namespace {

constexpr size_t kV4HeaderBytes = 236;
constexpr size_t kV4OptionsStart = 240;
constexpr uint32_t kMagicCookie = 0x63825363;
constexpr uint8_t kRequest = 1;

enum V4Option : uint8_t {
  kPad = 0,
  kHostName = 12,
  kRequestedAddress = 50,
  kParameterList = 55,
  kVendorClass = 60,
  kClientFqdn = 81,
  kEnd = 255
};
enum V6Option : uint16_t { kV6OptionRequest = 6, kV6VendorClass = 16, kV6ClientFqdn = 39 };

bool is_v4(const ByteReader& bytes) {
  const uint8_t operation = bytes.u8(0);
  return (operation == 1 || operation == 2) && bytes.can_read(kV4OptionsStart) &&
         bytes.u8(2) <= 16 && bytes.u32(kV4HeaderBytes) == kMagicCookie;
}

bool is_v6(const Payload& payload) {
  const auto is_port = [](uint16_t port) { return port == 546 || port == 547; };
  const uint8_t type = payload.bytes.u8(0);
  return is_port(payload.client_port) && is_port(payload.server_port) && type >= 1 && type <= 13 &&
         payload.bytes.can_read(4);
}

ByteReader part_of(const ByteReader& bytes, size_t offset, size_t size) {
  ByteReader part = bytes;
  part.skip(offset);
  part.truncate(size);
  return part;
}

std::string name_of(const ByteReader& bytes) {
  std::string_view text = text_of(bytes);
  return std::string(text.substr(0, text.find('\0')));
}

// Flags and two codes, then labels (flag E, 4) or, from old clients, text.
std::string v4_fqdn(const ByteReader& option) {
  ByteReader name = option;
  name.skip(3);
  if ((option.u8(0) & 4) == 0) return name_of(name);
  size_t offset = 0;
  return read_dns_name(name, offset).value_or("");
}

std::string list_of_bytes(const ByteReader& bytes) {
  std::string list;
  for (const uint8_t each : bytes.rest()) {
    if (!list.empty()) list += ',';
    list += std::to_string(each);
  }
  return list;
}

// What a client says of itself counts for the address that it has or asks for: that of the flow is
// often none.
struct V4Message {
  std::string host_name;
  std::string vendor_class;
  std::string fingerprint;
  IpAddress address;
};

V4Message read_v4(const ByteReader& bytes) {
  V4Message message;
  message.address = IpAddress::from_v4(part_of(bytes, 12, 4).data());
  ByteReader options = bytes;
  options.skip(kV4OptionsStart);
  while (!options.empty() && options.u8(0) != kEnd) {
    if (options.u8(0) == kPad) {
      options.skip(1);
      continue;
    }
    const uint8_t code = options.u8(0);
    const ByteReader value = part_of(options, 2, options.u8(1));
    options.skip(size_t{2} + options.u8(1));
    if (code == kHostName) message.host_name = name_of(value);
    if (code == kClientFqdn && message.host_name.empty()) message.host_name = v4_fqdn(value);
    if (code == kRequestedAddress && value.can_read(4))
      message.address = IpAddress::from_v4(value.data());
    if (code == kVendorClass) message.vendor_class = name_of(value);
    if (code == kParameterList) message.fingerprint = list_of_bytes(value);
  }
  return message;
}

void take_v4(const ByteReader& bytes, Findings& findings) {
  const V4Message message = read_v4(bytes);
  findings.metadata.add(MetadataField::kDhcpClass, message.vendor_class);
  if (bytes.u8(0) != kRequest) return;
  findings.metadata.add(MetadataField::kDhcpFingerprint, message.fingerprint);
  findings.metadata.add(MetadataField::kDhcpHostName, message.host_name);
  if (message.address.v4_bits() == 0) return;
  if (!message.host_name.empty()) findings.learn(message.address, to_lower(message.host_name));
  findings.learn(message.address, MetadataField::kDhcpClass, message.vendor_class);
  findings.learn(message.address, MetadataField::kDhcpFingerprint, message.fingerprint);
}

void take_v6(const ByteReader& bytes, Findings& findings) {
  const bool is_relayed = bytes.u8(0) == 12 || bytes.u8(0) == 13;
  if (is_relayed) return;
  ByteReader options = bytes;
  options.skip(4);
  while (options.can_read(4)) {
    const uint16_t code = options.u16(0);
    const ByteReader value = part_of(options, 4, options.u16(2));
    options.skip(size_t{4} + options.u16(2));
    if (code == kV6ClientFqdn) {
      ByteReader name = value;
      name.skip(1);
      size_t offset = 0;
      // Clients leave the root out of a name that is not whole.
      const std::string_view text = text_of(name);
      const std::string whole = std::string(text.substr(0, 255)) + '\0';
      const ByteReader labels(reinterpret_cast<const uint8_t*>(whole.data()), whole.size());
      findings.metadata.add(MetadataField::kDhcpHostName,
                            read_dns_name(labels, offset).value_or(""));
    } else if (code == kV6VendorClass) {
      const ByteReader text = part_of(value, 6, value.u16(4));
      findings.metadata.add(MetadataField::kDhcpClass, name_of(text));
    } else if (code == kV6OptionRequest) {
      std::string list;
      for (size_t at = 0; at + 2 <= value.remaining(); at += 2) {
        if (!list.empty()) list += ',';
        list += std::to_string(value.u16(at));
      }
      findings.metadata.add(MetadataField::kDhcpFingerprint, list);
    }
  }
}

}  // namespace

bool DhcpDissector::may_begin(const Payload& payload) {
  return !payload.is_tcp && (is_v4(payload.bytes) || is_v6(payload));
}

std::unique_ptr<Dissector> DhcpDissector::create() {
  return std::make_unique<DhcpDissector>();
}

Progress DhcpDissector::feed(const Payload& payload, Findings& findings) {
  if (is_v4(payload.bytes)) {
    findings.protocol = "DHCP";
    take_v4(payload.bytes, findings);
  } else if (is_v6(payload)) {
    findings.protocol = "DHCPV6";
    take_v6(payload.bytes, findings);
  } else if (findings.protocol.empty()) {
    return Progress::kNotMine;
  }
  // The clients without an address share a flow.
  const bool is_of_many = payload.client_port == 68 && payload.server_port == 67;
  messages_ = static_cast<uint8_t>(std::min<unsigned>(messages_ + 1, kMaxMessages));
  return messages_ == kMaxMessages && !is_of_many ? Progress::kDone : Progress::kMore;
}

}  // namespace weir
