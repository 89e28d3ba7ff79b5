// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/flow_metadata.h"

#include <algorithm>
#include <array>
#include <bit>
#include <string>
#include <utility>

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

FlowMetadata& FlowMetadata::operator=(const FlowMetadata& other) {
  if (this == &other) return *this;
  clear();
  for (const MetadataEntry& entry : other.entries_) append(entry.field, entry.value);
  state_.changed = other.state_.changed;
  state_.left_out = other.state_.left_out;
  state_.revision = other.state_.revision;
  return *this;
}

FlowMetadata& FlowMetadata::operator=(FlowMetadata&& other) noexcept {
  swap(other);
  other.clear();
  return *this;
}

void FlowMetadata::swap(FlowMetadata& other) noexcept {
  entries_.swap(other.entries_);
  text_.swap(other.text_);
  std::swap(state_, other.state_);
}

void FlowMetadata::clear() {
  entries_.clear();
  const size_t capacity = state_.capacity;
  state_ = State();
  state_.capacity = capacity;
}

// Packed anew: what was replaced leaves its room.
void FlowMetadata::move_values(size_t more, std::unique_ptr<char[]>& before) {
  constexpr size_t kLeast = 256;
  const size_t wanted = state_.bytes + more;
  const size_t rounded = std::clamp(std::bit_ceil(wanted), kLeast, kMaxBytes);
  state_.capacity = std::max({state_.capacity, wanted, rounded});
  before = std::exchange(text_, std::make_unique_for_overwrite<char[]>(state_.capacity));
  state_.used = 0;
  for (MetadataEntry& entry : entries_) {
    char* place = text_.get() + state_.used;
    entry.value = {place, entry.value.copy(place, entry.value.size())};
    state_.used += entry.value.size();
  }
}

std::string_view FlowMetadata::keep(std::string_view value, std::unique_ptr<char[]>& before) {
  if (state_.used + value.size() > state_.capacity) move_values(value.size(), before);
  char* place = text_.get() + state_.used;
  value = {place, value.copy(place, value.size())};
  state_.used += value.size();
  state_.bytes += value.size();
  return value;
}

void FlowMetadata::append(MetadataField field, std::string_view value) {
  constexpr size_t kTypical = 12;
  if (entries_.capacity() == 0) entries_.reserve(kTypical);
  std::unique_ptr<char[]> before;
  state_.changed |= 1U << entries_.size();
  entries_.push_back({field, keep(value, before)});
  state_.fields |= bit_of(field);
  ++state_.revision;
}

bool FlowMetadata::add(MetadataField field, std::string_view value) {
  value = value.substr(0, kMaxValueBytes);
  if (value.empty()) return false;
  const MetadataEntry fresh{field, value};
  if (has(field) && std::find(entries_.begin(), entries_.end(), fresh) != entries_.end())
    return false;
  const size_t others = entries_.size() - (has(MetadataField::kRisks) ? 1 : 0);
  const bool has_room = others < kMaxEntries && state_.bytes + value.size() <= kMaxBytes;
  if (!has_room && field != MetadataField::kRisks) {
    ++state_.left_out;
    return false;
  }
  append(field, value);
  return true;
}

void FlowMetadata::set(MetadataField field, std::string_view value) {
  value = value.substr(0, kMaxValueBytes);
  if (!has(field)) return static_cast<void>(add(field, value));
  const auto is_it = [&](const MetadataEntry& entry) { return entry.field == field; };
  const auto only = std::find_if(entries_.begin(), entries_.end(), is_it);
  const bool is_alone = std::none_of(only + 1, entries_.end(), is_it);
  if (is_alone && only->value == value) return;
  ++state_.revision;
  const size_t others = state_.bytes - only->value.size();
  const bool has_room = others + value.size() <= kMaxBytes || field == MetadataField::kRisks;
  std::unique_ptr<char[]> before;
  if (is_alone && !value.empty() && has_room) {
    state_.bytes = others;
    only->value = {};
    only->value = keep(value, before);
    state_.changed |= 1U << (only - entries_.begin());
    return;
  }
  const std::string kept(value);
  std::erase_if(entries_, [&](const MetadataEntry& entry) {
    if (entry.field != field) return false;
    state_.bytes -= entry.value.size();
    return true;
  });
  state_.fields &= ~bit_of(field);
  state_.changed = ~0U;
  add(field, kept);
}

std::string_view FlowMetadata::first(MetadataField field) const {
  if (!has(field)) return {};
  return std::find_if(entries_.begin(), entries_.end(),
                      [&](const auto& each) { return each.field == field; })
      ->value;
}

}  // namespace weir
