// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/tls_handshake.h"

#include <string_view>

#include "dpi/ja3.h"
#include "dpi/tls_certificate.h"
#include "dpi/tls_cipher_names.h"
#include "dpi/tls_client_hello.h"
#include "dpi/tls_server_hello.h"
#include "dpi/tls_version.h"

namespace weir {
namespace {

// "h2,http/1.1", cut where a stranger's list is longer than a value may be.
std::string alpn_list(ByteReader list) {
  std::string text;
  for (std::string_view name;
       text.size() < FlowMetadata::kMaxValueBytes && next_alpn(list, name);) {
    if (!text.empty()) text += ',';
    text += name;
  }
  return text;
}

// RFC 7858 and RFC 9250 have names of their own; that of DNS over HTTPS is HTTP's.
void note_application(ByteReader list, Findings& findings) {
  std::string_view name;
  if (!next_alpn(list, name)) return;
  if (name == "dot" || name == "doq" || name.starts_with("doq-")) findings.application = "DoH_DoT";
}

void set_version(uint16_t version, Findings& findings) {
  const std::string_view name = tls_version_name(version);
  if (!name.empty()) findings.metadata.set(MetadataField::kTlsVersion, name);
}

void add_client_hello(const TlsClientHello& hello, Findings& findings) {
  FlowMetadata& metadata = findings.metadata;
  metadata.add(MetadataField::kServerName, hello.server_name);
  set_version(highest_version(hello), findings);
  metadata.add(MetadataField::kAlpn, alpn_list(hello.alpn));
  note_application(hello.alpn, findings);
  if (hello.has_encrypted_client_hello) metadata.add(MetadataField::kEncryptedClientHello, "true");
}

}  // namespace

bool TlsHandshake::take_client_hello(ByteReader body, Timestamp when, Findings& findings) {
  TlsClientHello hello;
  const bool is_whole = parse_client_hello(body, transport_ == TlsTransport::kDtls, hello);
  if (!is_whole && hello.cipher_suites.empty()) return false;
  if (tls_version_name(hello.version).empty()) return false;
  asked_ = when;
  if (has_client_hello_) return true;
  has_client_hello_ = is_transaction_open_ = true;
  server_name_ = hello.server_name.substr(0, FlowMetadata::kMaxValueBytes);
  add_client_hello(hello, findings);
  if (is_whole) {
    findings.metadata.add(MetadataField::kJa3, ja3(hello));
    findings.metadata.add(MetadataField::kJa4, ja4(hello, transport_));
  }
  return true;
}

bool TlsHandshake::take_server_hello(ByteReader body, Timestamp when, Findings& findings) {
  TlsServerHello hello;
  const bool is_whole = parse_server_hello(body, hello);
  const std::string_view version = tls_version_name(hello.agreed_version);
  if (version.empty() || (!is_whole && hello.cipher_suite == 0)) return false;
  if (hello.is_hello_retry_request || has_server_hello_) return true;
  has_server_hello_ = true;
  expects_certificate_ = !is_tls13_or_later(hello.agreed_version);
  FlowMetadata& metadata = findings.metadata;
  metadata.set(MetadataField::kTlsVersion, version);
  if (!hello.alpn.empty()) metadata.set(MetadataField::kAlpn, hello.alpn);
  metadata.add(MetadataField::kTlsCipher, tls_cipher_name(hello.cipher_suite));
  if (is_whole) {
    metadata.add(MetadataField::kJa3s, ja3s(hello));
    metadata.add(MetadataField::kJa4s, ja4s(hello, transport_));
  }
  end_transaction(when, false, findings);
  return true;
}

bool TlsHandshake::take_certificate(ByteReader body, Findings& findings) {
  expects_certificate_ = false;
  ByteReader der;
  CertificateFacts facts;
  if (!first_certificate(body, der)) return false;
  FlowMetadata& metadata = findings.metadata;
  const bool is_whole = parse_certificate(der, facts, kMaxCertificateNames,
                                          metadata.first(MetadataField::kServerName));
  metadata.add(MetadataField::kCertificateSubject, facts.subject);
  metadata.add(MetadataField::kCertificateIssuer, facts.issuer);
  if (facts.not_before != 0)
    metadata.add(MetadataField::kCertificateNotBefore, std::to_string(facts.not_before));
  if (facts.not_after != 0)
    metadata.add(MetadataField::kCertificateNotAfter, std::to_string(facts.not_after));
  for (const std::string& name : facts.names) metadata.add(MetadataField::kCertificateNames, name);
  return is_whole;
}

void TlsHandshake::take_ssl2_client_hello(uint16_t version, Timestamp when, Findings& findings) {
  has_client_hello_ = is_transaction_open_ = true;
  asked_ = when;
  set_version(version, findings);
}

void TlsHandshake::take_ssl2_server_hello(Timestamp when, Findings& findings) {
  has_server_hello_ = true;
  set_version(kSsl2, findings);
  end_transaction(when, false, findings);
}

void TlsHandshake::take_refusal(Timestamp when, Findings& findings) {
  end_transaction(when, true, findings);
}

void TlsHandshake::end_transaction(Timestamp when, bool is_error, Findings& findings) {
  if (!is_transaction_open_) return;
  is_transaction_open_ = false;
  if (findings.transactions == nullptr) return;
  Transaction transaction;
  transaction.protocol = "TLS";
  transaction.key = server_name_;
  transaction.asked = asked_;
  transaction.answered = transaction.completed = when;
  transaction.is_error = is_error;
  findings.transactions->accept(transaction);
}

}  // namespace weir
