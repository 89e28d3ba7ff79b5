// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/modbus_dissector.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace weir {
namespace {

constexpr uint16_t kPort = 502;
constexpr uint8_t kUmas = 0x5a;
constexpr uint8_t kException = 0x80;

struct Function {
  uint8_t code;
  std::string_view name;
};
// MODBUS Application Protocol Specification 1.1b3, section 5.1.
constexpr std::array<Function, 19> kFunctions{{
    {1, "Read Coils"},
    {2, "Read Discrete Inputs"},
    {3, "Read Holding Registers"},
    {4, "Read Input Registers"},
    {5, "Write Single Coil"},
    {6, "Write Single Register"},
    {7, "Read Exception Status"},
    {8, "Diagnostics"},
    {11, "Get Comm Event Counter"},
    {12, "Get Comm Event Log"},
    {15, "Write Multiple Coils"},
    {16, "Write Multiple Registers"},
    {17, "Report Server ID"},
    {20, "Read File Record"},
    {21, "Write File Record"},
    {22, "Mask Write Register"},
    {23, "Read/Write Multiple Registers"},
    {24, "Read FIFO Queue"},
    {43, "Encapsulated Interface Transport"},
}};

// Those of nobody's list are told by their number.
std::string name_of(uint8_t code) {
  const auto* found = std::ranges::find(kFunctions, code, &Function::code);
  return found == kFunctions.end() ? std::to_string(code) : std::string(found->name);
}

bool is_header(const ByteReader& bytes) {
  constexpr uint16_t kLeast = 2;  // unit and function
  constexpr uint16_t kMost = 254;
  return bytes.u16(2) == 0 && bytes.u16(4) >= kLeast && bytes.u16(4) <= kMost;
}

}  // namespace

bool ModbusDissector::may_begin(const Payload& payload) {
  return payload.is_tcp && (payload.server_port == kPort || payload.client_port == kPort) &&
         payload.bytes.can_read(kHeader) && is_header(payload.bytes);
}

std::unique_ptr<Dissector> ModbusDissector::create() {
  return std::make_unique<ModbusDissector>();
}

std::optional<size_t> ModbusDissector::size_of_unit(bool /*to_server*/,
                                                    const ByteReader& head) const {
  constexpr size_t kBeforeUnit = 6;
  if (!head.can_read(kHeader)) return std::nullopt;
  return is_header(head) ? head.u16(4) + kBeforeUnit : kBroken;
}

Progress ModbusDissector::take_unit(const Payload& /*payload*/, ByteReader unit,
                                    Findings& findings) {
  const auto code = static_cast<uint8_t>(unit.u8(kHeader - 1) & ~kException);
  if (findings.protocol.empty()) findings.protocol = "Modbus";
  if (code == kUmas) findings.protocol = "UMAS";
  findings.metadata.add(MetadataField::kModbusFunction, name_of(code));
  return Progress::kMore;
}

}  // namespace weir
