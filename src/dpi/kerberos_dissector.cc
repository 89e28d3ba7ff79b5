// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/kerberos_dissector.h"

#include "dpi/kerberos_message.h"

namespace weir {
namespace {

constexpr size_t kRecordMark = 4;  // over TCP (section 7.2.2): the length, its highest bit 0
constexpr uint32_t kMostBytes = 1U << 20;

}  // namespace

bool KerberosDissector::may_begin(const Payload& payload) {
  ByteReader bytes = payload.bytes;
  if (payload.is_tcp) {
    const bool is_size = bytes.u32(0) >= 8 && bytes.u32(0) < kMostBytes;
    bytes.skip(kRecordMark);
    if (!is_size) return false;
  }
  return may_be_kerberos(bytes);
}

std::unique_ptr<Dissector> KerberosDissector::create() {
  return std::make_unique<KerberosDissector>();
}

std::optional<size_t> KerberosDissector::size_of_unit(bool /*to_server*/,
                                                      const ByteReader& head) const {
  if (!head.can_read(kRecordMark)) return std::nullopt;
  const uint32_t size = head.u32(0);
  return size < kMostBytes ? size + kRecordMark : kBroken;
}

Progress KerberosDissector::take_unit(const Payload& payload, ByteReader unit, Findings& findings) {
  if (payload.is_tcp) unit.skip(kRecordMark);
  const bool is_ours = may_be_kerberos(unit);
  if (!is_ours && findings.protocol.empty()) return Progress::kNotMine;
  KerberosMessage message;
  if (!read_kerberos(unit, message)) return Progress::kMore;
  findings.protocol = "Kerberos";
  findings.metadata.add(MetadataField::kKerberosRealm, message.realm);
  findings.metadata.add(MetadataField::kKerberosService, message.service);
  findings.metadata.add(MetadataField::kUserName, message.client);
  if (message.kind == KerberosMessage::Kind::kError)
    findings.metadata.add(MetadataField::kKerberosError, kerberos_error_name(message.error));
  return Progress::kMore;
}

}  // namespace weir
