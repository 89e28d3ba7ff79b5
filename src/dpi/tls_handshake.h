// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "base/byte_reader.h"
#include "base/timestamp.h"
#include "dpi/dissector.h"
#include "dpi/ja4.h"

namespace weir {

// IANA, TLS HandshakeType.
enum TlsHandshakeType : uint8_t {
  kTlsClientHello = 1,
  kTlsServerHello = 2,
  kDtlsHelloVerifyRequest = 3,
  kTlsCertificate = 11,
};

// Takes the messages of one TLS handshake, whatever carried them, and writes what they say into the
// findings: names, versions, fingerprints, the certificate, and one transaction from ClientHello to
// ServerHello.
// Owner: whoever follows the connection.
class TlsHandshake {
 public:
  static constexpr size_t kMaxCertificateNames = 8;  // in the findings, and that asked for

  explicit TlsHandshake(TlsTransport transport) : transport_(transport) {}

  // Each takes the body of a message, as far as it was seen, and says whether it was such a
  // message. A second ClientHello (after a retry) adds nothing but its time.
  bool take_client_hello(ByteReader body, Timestamp when, Findings& findings);
  bool take_server_hello(ByteReader body, Timestamp when, Findings& findings);
  bool take_certificate(ByteReader body, Findings& findings);
  // The hellos of SSL 2.0, which have names for nothing but their version.
  void take_ssl2_client_hello(uint16_t version, Timestamp when, Findings& findings);
  void take_ssl2_server_hello(Timestamp when, Findings& findings);
  // The server refused the ClientHello.
  void take_refusal(Timestamp when, Findings& findings);

  [[nodiscard]] bool has_client_hello() const { return has_client_hello_; }
  [[nodiscard]] bool has_server_hello() const { return has_server_hello_; }
  // Whether the server's certificate comes in the clear, which the version decides.
  [[nodiscard]] bool expects_certificate() const { return expects_certificate_; }
  void expect_no_certificate() { expects_certificate_ = false; }

 private:
  void end_transaction(Timestamp when, bool is_error, Findings& findings);

  TlsTransport transport_;
  bool has_client_hello_ = false;
  bool has_server_hello_ = false;
  bool expects_certificate_ = false;
  bool is_transaction_open_ = false;
  Timestamp asked_;
  std::string server_name_;
};

}  // namespace weir
