// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/dnp3_dissector.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace weir {
namespace {

constexpr uint16_t kPort = 20000;
constexpr uint16_t kStart = 0x0564;
constexpr uint8_t kLeastLength = 5;  // control and two addresses are counted, checksums are not
constexpr size_t kLinkHeader = 10;

struct Function {
  uint8_t code;
  std::string_view name;
};
// IEEE 1815-2012, table 4-2.
constexpr std::array<Function, 37> kFunctions{{
    {0, "Confirm"},
    {1, "Read"},
    {2, "Write"},
    {3, "Select"},
    {4, "Operate"},
    {5, "Direct Operate"},
    {6, "Direct Operate No Response"},
    {7, "Immediate Freeze"},
    {8, "Immediate Freeze No Response"},
    {9, "Freeze And Clear"},
    {10, "Freeze And Clear No Response"},
    {11, "Freeze At Time"},
    {12, "Freeze At Time No Response"},
    {13, "Cold Restart"},
    {14, "Warm Restart"},
    {15, "Initialize Data"},
    {16, "Initialize Application"},
    {17, "Start Application"},
    {18, "Stop Application"},
    {19, "Save Configuration"},
    {20, "Enable Unsolicited"},
    {21, "Disable Unsolicited"},
    {22, "Assign Class"},
    {23, "Delay Measurement"},
    {24, "Record Current Time"},
    {25, "Open File"},
    {26, "Close File"},
    {27, "Delete File"},
    {28, "Get File Info"},
    {29, "Authenticate File"},
    {30, "Abort File"},
    {31, "Activate Configuration"},
    {32, "Authentication Request"},
    {33, "Authentication Request No Ack"},
    {129, "Response"},
    {130, "Unsolicited Response"},
    {131, "Authentication Response"},
}};

std::string name_of(uint8_t code) {
  const auto* found = std::ranges::find(kFunctions, code, &Function::code);
  return found == kFunctions.end() ? std::to_string(code) : std::string(found->name);
}

// A checksum of two bytes stands behind the header and behind each 16 bytes of data.
size_t frame_size(uint8_t length) {
  constexpr size_t kBlock = 16;
  constexpr size_t kChecksum = 2;
  const size_t data = length - size_t{kLeastLength};
  return kLinkHeader + data + kChecksum * ((data + kBlock - 1) / kBlock);
}

// Section 9.2.4.7: the polynomial 0x3d65, bit-reversed, inverted at the end.
uint16_t checksum_of(const ByteReader& bytes, size_t count) {
  constexpr uint16_t kPolynomial = 0xa6bc;
  uint16_t sum = 0;
  for (size_t i = 0; i < count; ++i) {
    sum = static_cast<uint16_t>(sum ^ bytes.u8(i));
    for (int bit = 0; bit < 8; ++bit)
      sum = static_cast<uint16_t>((sum & 1) != 0 ? (sum >> 1) ^ kPolynomial : sum >> 1);
  }
  return static_cast<uint16_t>(~sum);
}

bool is_link_header(const ByteReader& bytes) {
  constexpr size_t kSummed = kLinkHeader - 2;
  const auto sum = static_cast<uint16_t>(bytes.u8(kSummed) | bytes.u8(kSummed + 1) << 8);
  return bytes.u16(0) == kStart && bytes.u8(2) >= kLeastLength &&
         sum == checksum_of(bytes, kSummed);
}

}  // namespace

bool Dnp3Dissector::may_begin(const Payload& payload) {
  const bool is_port = payload.server_port == kPort || payload.client_port == kPort;
  const ByteReader& bytes = payload.bytes;
  if (bytes.u16(0) != kStart || bytes.u8(2) < kLeastLength || !bytes.can_read(kLinkHeader))
    return false;
  return is_port || is_link_header(bytes);
}

std::unique_ptr<Dissector> Dnp3Dissector::create() {
  return std::make_unique<Dnp3Dissector>();
}

std::optional<size_t> Dnp3Dissector::size_of_unit(bool /*to_server*/,
                                                  const ByteReader& head) const {
  if (!head.can_read(3)) return std::nullopt;
  return head.u16(0) == kStart && head.u8(2) >= kLeastLength ? frame_size(head.u8(2)) : kBroken;
}

Progress Dnp3Dissector::take_unit(const Payload& payload, ByteReader unit, Findings& findings) {
  constexpr uint8_t kFirstOfMessage = 0x40;
  if (!is_link_header(unit)) {
    if (findings.protocol.empty()) return Progress::kNotMine;
    return payload.is_tcp ? Progress::kDone : Progress::kMore;
  }
  findings.protocol = "DNP3";
  if (unit.can_read(kKept) && (unit.u8(kLinkHeader) & kFirstOfMessage) != 0)
    findings.metadata.add(MetadataField::kDnp3Function, name_of(unit.u8(kKept - 1)));
  return Progress::kMore;
}

}  // namespace weir
