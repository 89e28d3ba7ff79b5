// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/flow_metadata.h"

#include <algorithm>
#include <array>

namespace weir {
namespace {

constexpr std::array<std::string_view, static_cast<size_t>(MetadataField::kCount)> kNames{
    "server_name",
    "tls_version",
    "alpn",
    "tls_cipher",
    "certificate_names",
    "certificate_issuer",
    "certificate_subject",
    "certificate_not_before",
    "certificate_not_after",
    "ja3",
    "ja3s",
    "ja4",
    "ja4s",
    "encrypted_client_hello",
    "quic_version",
    "http_method",
    "http_host",
    "http_url",
    "http_status",
    "http_content_type",
    "user_agent",
    "http_server",
    "dns_query",
    "dns_type",
    "dns_rcode",
    "dns_answers",
    "ssh_client",
    "ssh_server",
    "hassh",
    "hassh_server",
    "user_name",
    "smtp_from",
    "smtp_to",
    "sip_method",
    "sip_from",
    "sip_to",
    "sip_call_id",
    "rtp_payload_type",
    "rtp_ssrc",
    "smb_version",
    "smb_share",
    "smb_domain",
    "kerberos_realm",
    "kerberos_service",
    "mqtt_client_id",
    "mqtt_topic",
    "modbus_function",
    "dnp3_function",
    "iec104_type",
    "dhcp_host_name",
    "dhcp_fingerprint",
    "dhcp_class",
    "ntp_version",
    "ntp_stratum",
    "snmp_version",
    "snmp_community",
    "bittorrent_hash",
    "database_user",
    "database_name",
    "software",
    "kerberos_error",
    "mqtt_version",
    "rdp_security",
    "risks",
};

}  // namespace

std::string_view metadata_field_name(MetadataField field) {
  return kNames[static_cast<size_t>(field)];
}

bool is_number(MetadataField field) {
  switch (field) {
    case MetadataField::kCertificateNotBefore:
    case MetadataField::kCertificateNotAfter:
    case MetadataField::kHttpStatus:
    case MetadataField::kRtpPayloadType:
    case MetadataField::kNtpVersion:
    case MetadataField::kNtpStratum:
      return true;
    default:
      return false;
  }
}

bool FlowMetadata::add(MetadataField field, std::string_view value) {
  value = value.substr(0, kMaxValueBytes);
  if (value.empty()) return false;
  const bool is_known = std::any_of(entries_.begin(), entries_.end(), [&](const auto& entry) {
    return entry.field == field && entry.value == value;
  });
  if (is_known) return false;
  const size_t others = entries_.size() - (first(MetadataField::kRisks).empty() ? 0 : 1);
  const bool has_room = others < kMaxEntries && bytes_ + value.size() <= kMaxBytes;
  if (!has_room && field != MetadataField::kRisks) {
    ++left_out_;
    return false;
  }
  bytes_ += value.size();
  ++revision_;
  entries_.push_back({field, std::string(value)});
  return true;
}

void FlowMetadata::set(MetadataField field, std::string_view value) {
  value = value.substr(0, kMaxValueBytes);
  const auto is_it = [&](const MetadataEntry& entry) { return entry.field == field; };
  const auto only = std::find_if(entries_.begin(), entries_.end(), is_it);
  if (only == entries_.end()) return static_cast<void>(add(field, value));
  const bool is_alone = std::none_of(only + 1, entries_.end(), is_it);
  if (is_alone && only->value == value) return;
  ++revision_;
  const size_t bytes = bytes_ - only->value.size() + value.size();
  if (is_alone && !value.empty() && (bytes <= kMaxBytes || field == MetadataField::kRisks)) {
    bytes_ = bytes;
    only->value = value;
    return;
  }
  std::erase_if(entries_, [&](const MetadataEntry& entry) {
    if (entry.field != field) return false;
    bytes_ -= entry.value.size();
    return true;
  });
  add(field, value);
}

std::string_view FlowMetadata::first(MetadataField field) const {
  const auto entry = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const auto& each) { return each.field == field; });
  return entry == entries_.end() ? std::string_view() : std::string_view(entry->value);
}

}  // namespace weir
