// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace weir {

// What can be learnt of a flow from its payload. Each is a field of flows in schema/fields.json of
// the name that metadata_field_name() gives.
enum class MetadataField : uint8_t {
  kServerName,  // TLS SNI, QUIC SNI, HTTP host, or the name DNS gave for the server's address
  kTlsVersion,  // "TLS 1.3": the one the two agreed on, else the highest offered
  kAlpn,        // agreed on, else offered, comma-separated
  kTlsCipher,   // IANA name of the one chosen
  kCertificateNames,
  kCertificateIssuer,
  kCertificateSubject,
  kCertificateNotBefore,  // seconds since 1970
  kCertificateNotAfter,
  kJa3,
  kJa3s,
  kJa4,
  kJa4s,
  kEncryptedClientHello,  // "true"
  kQuicVersion,           // "v1", "v2", "draft-29", "Q050"
  kHttpMethod,
  kHttpHost,
  kHttpUrl,  // host and path as the client asked, without the fragment
  kHttpStatus,
  kHttpContentType,  // of the response
  kUserAgent,
  kHttpServer,
  kDnsQuery,    // lower case, without the last dot
  kDnsType,     // "A", "AAAA", "HTTPS" ...
  kDnsRcode,    // "NOERROR", "NXDOMAIN" ...
  kDnsAnswers,  // addresses and names
  kSshClient,   // the banner
  kSshServer,
  kHassh,
  kHasshServer,
  kUserName,  // FTP, POP3, IMAP, Kerberos, RDP cookie: whom the client said to be
  kSmtpFrom,
  kSmtpTo,
  kSipMethod,
  kSipFrom,
  kSipTo,
  kSipCallId,
  kRtpPayloadType,
  kRtpSsrc,
  kSmbVersion,
  kSmbShare,
  kSmbDomain,
  kKerberosRealm,
  kKerberosService,
  kMqttClientId,
  kMqttTopic,
  kModbusFunction,
  kDnp3Function,
  kIec104Type,
  kDhcpHostName,
  kDhcpFingerprint,  // option 55 as numbers, comma-separated
  kDhcpClass,
  kNtpVersion,
  kNtpStratum,
  kSnmpVersion,
  kSnmpCommunity,
  kBittorrentHash,
  kDatabaseUser,
  kDatabaseName,
  kSoftware,       // what a side said of itself in protocols without a field of their own
  kKerberosError,  // "KDC_ERR_PREAUTH_REQUIRED", or its number
  kMqttVersion,
  kRdpSecurity,  // what the server chose: "RDP", "TLS", "CredSSP" ...
  kRisks,        // one value for all: see record/risks.h
  kCount
};
// "server_name", "tls_version" ...: the field of schema/fields.json.
[[nodiscard]] std::string_view metadata_field_name(MetadataField field);
// Whether the field's values are numbers where they are shown.
[[nodiscard]] bool is_number(MetadataField field);

struct MetadataEntry {
  MetadataField field;
  std::string_view value;  // of what FlowMetadata::entries() gives: until its next change

  bool operator==(const MetadataEntry&) const = default;
};

// What was found in one flow's payload, in the order it was found. A field may occur several times
// (DNS queries, URLs, certificate names), never twice with the same value. Bounded: what does not
// fit is counted in `left_out`. Values come from strangers: they may hold any byte, and are escaped
// where they are shown. Cost: all values lie in one piece of memory, which grows; what is asked
// about a field that is not there costs a compare.
class FlowMetadata {
 public:
  static constexpr size_t kMaxEntries = 24;      // kRisks finds room beside them
  static constexpr size_t kMaxValueBytes = 512;  // longer values are cut here
  static constexpr size_t kMaxBytes = 2048;      // of all values

  FlowMetadata() = default;
  FlowMetadata(const FlowMetadata& other) { *this = other; }
  FlowMetadata(FlowMetadata&& other) noexcept { swap(other); }
  FlowMetadata& operator=(const FlowMetadata& other);
  FlowMetadata& operator=(FlowMetadata&& other) noexcept;
  ~FlowMetadata() = default;

  // Empty values are not added. True when the entry is new.
  bool add(MetadataField field, std::string_view value);
  // For what later packets make more precise (the version agreed on): the field then has this value
  // alone, where it was if it was the only one.
  void set(MetadataField field, std::string_view value);
  // As new, but keeps its memory for the next flow.
  void clear();

  [[nodiscard]] bool has(MetadataField field) const { return (state_.fields & bit_of(field)) != 0; }
  // The first value of the field, "" when there is none. Lives until the next change.
  [[nodiscard]] std::string_view first(MetadataField field) const;
  [[nodiscard]] const std::vector<MetadataEntry>& entries() const { return entries_; }
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] uint32_t left_out() const { return state_.left_out; }
  // Grows whenever an entry comes, goes or changes.
  [[nodiscard]] uint32_t revision() const { return state_.revision; }
  // Which entries are not what they were when the changes were last forgotten: a bit for each, the
  // lowest for the first.
  [[nodiscard]] uint32_t changed() const { return state_.changed; }
  void forget_changes() { state_.changed = 0; }
  // Of memory that it holds.
  [[nodiscard]] size_t allocated() const {
    return state_.capacity + entries_.capacity() * sizeof(MetadataEntry);
  }

 private:
  struct State {
    size_t capacity = 0;  // of text_
    size_t used = 0;
    size_t bytes = 0;     // of the values there are
    uint64_t fields = 0;  // a bit for each that occurs
    uint32_t changed = 0;
    uint32_t left_out = 0;
    uint32_t revision = 0;
  };

  [[nodiscard]] static constexpr uint64_t bit_of(MetadataField field) {
    return uint64_t{1} << static_cast<unsigned>(field);
  }
  void swap(FlowMetadata& other) noexcept;
  void append(MetadataField field, std::string_view value);
  // The value behind the others, in memory that may have moved; what was there lives as long as
  // `before`, for the value may lie in it.
  [[nodiscard]] std::string_view keep(std::string_view value, std::unique_ptr<char[]>& before);
  void move_values(size_t more, std::unique_ptr<char[]>& before);

  std::vector<MetadataEntry> entries_;
  std::unique_ptr<char[]> text_;  // all values, and those that were replaced
  State state_;
};
static_assert(static_cast<size_t>(MetadataField::kCount) <= 64);
static_assert(FlowMetadata::kMaxEntries < 32);

}  // namespace weir
