// SPDX-License-Identifier: GPL-3.0-or-later
#include "traffic/frame_builder.h"

#include <algorithm>
#include <cassert>
#include <string_view>

#include "net/ip_protocol.h"

namespace weir {
namespace {

constexpr std::string_view kPattern = "weir-traffic test payload. ";
constexpr size_t kEthernet = 14;
constexpr size_t kVlanTag = 4;
constexpr size_t kIpv4 = 20;
constexpr size_t kIpv6 = 40;

void put_u16(std::span<uint8_t> out, size_t offset, uint64_t value) {
  out[offset] = static_cast<uint8_t>(value >> 8);
  out[offset + 1] = static_cast<uint8_t>(value);
}

void put_u32(std::span<uint8_t> out, size_t offset, uint32_t value) {
  put_u16(out, offset, value >> 16);
  put_u16(out, offset + 2, value & 0xffff);
}

template <typename Bytes>
void put_bytes(std::span<uint8_t> out, size_t offset, const Bytes& bytes) {
  std::copy(bytes.begin(), bytes.end(), out.begin() + static_cast<std::ptrdiff_t>(offset));
}

uint32_t fold(uint32_t sum) {
  sum = (sum & 0xffff) + (sum >> 16);
  return (sum & 0xffff) + (sum >> 16);
}

// The sum of RFC 1071 over big-endian 16-bit words; an odd last byte counts as the high one.
uint32_t sum_of(std::span<const uint8_t> bytes) {
  uint32_t sum = 0;
  size_t i = 0;
  for (; i + 1 < bytes.size(); i += 2) sum += static_cast<uint32_t>(bytes[i]) << 8 | bytes[i + 1];
  if (i < bytes.size()) sum += static_cast<uint32_t>(bytes[i]) << 8;
  return sum;
}

uint16_t checksum(uint32_t sum) {
  return static_cast<uint16_t>(~fold(sum));
}

bool is_v6(const FlowTuple& tuple) {
  return !tuple.client.is_v4();
}
size_t link_bytes(const FlowTuple& tuple) {
  return tuple.vlan != 0 ? kEthernet + kVlanTag : kEthernet;
}
size_t ip_bytes(const FlowTuple& tuple) {
  return is_v6(tuple) ? kIpv6 : kIpv4;
}
size_t transport_bytes(const FlowTuple& tuple) {
  return tuple.protocol == kProtocolTcp ? 20 : 8;
}

std::span<const uint8_t> address_bytes(const IpAddress& address) {
  return std::span(address.bytes()).subspan(address.is_v4() ? 12 : 0);
}

void write_link(const FlowTuple& tuple, bool to_server, std::span<uint8_t> frame) {
  put_bytes(frame, 0, (to_server ? tuple.server_mac : tuple.client_mac).bytes);
  put_bytes(frame, 6, (to_server ? tuple.client_mac : tuple.server_mac).bytes);
  if (tuple.vlan != 0) {
    put_u16(frame, 12, 0x8100);
    put_u16(frame, 14, tuple.vlan);
  }
  put_u16(frame, link_bytes(tuple) - 2, is_v6(tuple) ? 0x86dd : 0x0800);
}

// ICMP has no pseudo header; ICMPv6, like TCP and UDP, has (RFC 8200, section 8.1).
uint32_t pseudo_header_sum(const FlowTuple& tuple, size_t length) {
  if (tuple.protocol == kProtocolIcmp) return 0;
  return sum_of(address_bytes(tuple.client)) + sum_of(address_bytes(tuple.server)) +
         tuple.protocol + static_cast<uint32_t>(length);
}

}  // namespace

FrameBuilder::FrameBuilder(size_t size_bytes)
    : size_bytes_(size_bytes), pattern_(size_bytes), pattern_sums_(size_bytes + 1) {
  uint32_t sum = 0;
  for (size_t i = 0; i < size_bytes; ++i) {
    pattern_[i] = static_cast<uint8_t>(kPattern[i % kPattern.size()]);
    sum = fold(sum + (i % 2 == 0 ? static_cast<uint32_t>(pattern_[i]) << 8 : pattern_[i]));
    pattern_sums_[i + 1] = sum;
  }
}

size_t FrameBuilder::payload_bytes(const FlowTuple& tuple) const {
  return size_bytes_ - link_bytes(tuple) - ip_bytes(tuple) - transport_bytes(tuple);
}

void FrameBuilder::build(const FlowTuple& tuple, const FrameContents& contents,
                         std::span<uint8_t> frame) const {
  assert(frame.size() == size_bytes_);
  write_link(tuple, contents.to_server, frame);
  const size_t payload = contents.has_payload ? payload_bytes(tuple) : 0;
  const size_t length = ip_bytes(tuple) + transport_bytes(tuple) + payload;
  const std::span<uint8_t> packet = frame.subspan(link_bytes(tuple), length);
  const size_t header = write_ip(tuple, contents, packet, length);
  write_transport(tuple, contents, packet.subspan(header));
  const auto padding = frame.subspan(link_bytes(tuple) + length);
  std::fill(padding.begin(), padding.end(), uint8_t{0});
}

size_t FrameBuilder::write_ip(const FlowTuple& tuple, const FrameContents& contents,
                              std::span<uint8_t> packet, size_t length) const {
  const auto source = address_bytes(contents.to_server ? tuple.client : tuple.server);
  const auto destination = address_bytes(contents.to_server ? tuple.server : tuple.client);
  if (is_v6(tuple)) {
    put_u32(packet, 0, 0x6000'0000);
    put_u16(packet, 4, length - kIpv6);
    packet[6] = tuple.protocol;
    packet[7] = 64;  // hop limit
    put_bytes(packet, 8, source);
    put_bytes(packet, 24, destination);
    return kIpv6;
  }
  put_u16(packet, 0, 0x4500);
  put_u16(packet, 2, length);
  put_u16(packet, 4, contents.number);
  put_u16(packet, 6, 0x4000);  // do not fragment
  packet[8] = 64;              // time to live
  packet[9] = tuple.protocol;
  put_u16(packet, 10, 0);
  put_bytes(packet, 12, source);
  put_bytes(packet, 16, destination);
  put_u16(packet, 10, checksum(sum_of(packet.first(kIpv4))));
  return kIpv4;
}

void FrameBuilder::write_transport(const FlowTuple& tuple, const FrameContents& contents,
                                   std::span<uint8_t> segment) const {
  const size_t header = transport_bytes(tuple);
  const size_t payload = segment.size() - header;
  size_t checksum_offset = 2;
  if (tuple.protocol == kProtocolTcp || tuple.protocol == kProtocolUdp) {
    put_u16(segment, 0, contents.to_server ? tuple.client_port : tuple.server_port);
    put_u16(segment, 2, contents.to_server ? tuple.server_port : tuple.client_port);
  }
  if (tuple.protocol == kProtocolTcp) {
    put_u32(segment, 4, contents.tcp_sequence);
    put_u32(segment, 8, contents.tcp_acknowledgement);
    put_u16(segment, 12, 0x5000U | contents.tcp_flags);
    put_u16(segment, 14, 0xffff);  // window
    put_u16(segment, 18, 0);       // urgent pointer
    checksum_offset = 16;
  } else if (tuple.protocol == kProtocolUdp) {
    put_u16(segment, 4, segment.size());
    checksum_offset = 6;
  } else {
    const bool is_icmp = tuple.protocol == kProtocolIcmp;
    segment[0] =
        contents.to_server ? (is_icmp ? 8 : 128) : (is_icmp ? 0 : 129);  // echo request, echo reply
    segment[1] = 0;
    put_u16(segment, 4, tuple.client_port);
    put_u16(segment, 6, contents.number);
  }
  put_u16(segment, checksum_offset, 0);
  std::copy_n(pattern_.begin(), payload, segment.begin() + static_cast<std::ptrdiff_t>(header));
  const uint32_t sum = pseudo_header_sum(tuple, segment.size()) + sum_of(segment.first(header)) +
                       pattern_sums_[payload];
  const uint16_t value = checksum(sum);
  // In UDP 0 would mean that there is none.
  put_u16(segment, checksum_offset, tuple.protocol == kProtocolUdp && value == 0 ? 0xffff : value);
}

}  // namespace weir
