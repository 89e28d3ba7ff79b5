// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/iec104_dissector.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace weir {
namespace {

constexpr uint16_t kPort = 2404;
constexpr uint8_t kStart = 0x68;
constexpr uint8_t kLeastLength = 4;  // the control field alone
constexpr uint8_t kMostLength = 253;
constexpr size_t kHeader = 6;  // with the control field

struct Type {
  uint8_t id;
  std::string_view name;
};
// IEC 60870-5-101, tables 8 to 13, as far as 60870-5-104 uses them, and its own of section 8.
constexpr std::array<Type, 54> kTypes{{
    {1, "M_SP_NA_1"},   {3, "M_DP_NA_1"},   {5, "M_ST_NA_1"},   {7, "M_BO_NA_1"},
    {9, "M_ME_NA_1"},   {11, "M_ME_NB_1"},  {13, "M_ME_NC_1"},  {15, "M_IT_NA_1"},
    {20, "M_PS_NA_1"},  {21, "M_ME_ND_1"},  {30, "M_SP_TB_1"},  {31, "M_DP_TB_1"},
    {32, "M_ST_TB_1"},  {33, "M_BO_TB_1"},  {34, "M_ME_TD_1"},  {35, "M_ME_TE_1"},
    {36, "M_ME_TF_1"},  {37, "M_IT_TB_1"},  {38, "M_EP_TD_1"},  {39, "M_EP_TE_1"},
    {40, "M_EP_TF_1"},  {45, "C_SC_NA_1"},  {46, "C_DC_NA_1"},  {47, "C_RC_NA_1"},
    {48, "C_SE_NA_1"},  {49, "C_SE_NB_1"},  {50, "C_SE_NC_1"},  {51, "C_BO_NA_1"},
    {58, "C_SC_TA_1"},  {59, "C_DC_TA_1"},  {60, "C_RC_TA_1"},  {61, "C_SE_TA_1"},
    {62, "C_SE_TB_1"},  {63, "C_SE_TC_1"},  {64, "C_BO_TA_1"},  {70, "M_EI_NA_1"},
    {100, "C_IC_NA_1"}, {101, "C_CI_NA_1"}, {102, "C_RD_NA_1"}, {103, "C_CS_NA_1"},
    {105, "C_RP_NA_1"}, {107, "C_TS_TA_1"}, {110, "P_ME_NA_1"}, {111, "P_ME_NB_1"},
    {112, "P_ME_NC_1"}, {113, "P_AC_NA_1"}, {120, "F_FR_NA_1"}, {121, "F_SR_NA_1"},
    {122, "F_SC_NA_1"}, {123, "F_LS_NA_1"}, {124, "F_AF_NA_1"}, {125, "F_SG_NA_1"},
    {126, "F_DR_TA_1"}, {127, "F_SC_NB_1"},
}};

std::string name_of(uint8_t id) {
  const auto* found = std::ranges::find(kTypes, id, &Type::id);
  return found == kTypes.end() ? std::to_string(id) : std::string(found->name);
}

bool is_header(const ByteReader& bytes) {
  return bytes.u8(0) == kStart && bytes.u8(1) >= kLeastLength && bytes.u8(1) <= kMostLength;
}

// Section 5.1 of 60870-5-104: bit 0 of the control field is 0 in those that carry information.
bool is_information(const ByteReader& unit) {
  return (unit.u8(2) & 1) == 0;
}

// The others, supervisory and unnumbered, are nothing but the control field.
bool is_sound(const ByteReader& unit) {
  return is_header(unit) && (is_information(unit) || unit.u8(1) == kLeastLength);
}

}  // namespace

bool Iec104Dissector::may_begin(const Payload& payload) {
  const bool is_port = payload.server_port == kPort || payload.client_port == kPort;
  return payload.is_tcp && is_port && payload.bytes.can_read(kHeader) && is_sound(payload.bytes);
}

std::unique_ptr<Dissector> Iec104Dissector::create() {
  return std::make_unique<Iec104Dissector>();
}

std::optional<size_t> Iec104Dissector::size_of_unit(bool /*to_server*/,
                                                    const ByteReader& head) const {
  if (!head.can_read(kHeader)) return std::nullopt;
  return is_sound(head) ? head.u8(1) + size_t{2} : kBroken;
}

Progress Iec104Dissector::take_unit(const Payload& /*payload*/, ByteReader unit,
                                    Findings& findings) {
  findings.protocol = "IEC60870";
  if (is_information(unit) && unit.can_read(kKept))
    findings.metadata.add(MetadataField::kIec104Type, name_of(unit.u8(kHeader)));
  return Progress::kMore;
}

}  // namespace weir
