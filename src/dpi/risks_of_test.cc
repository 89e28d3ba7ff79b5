// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "dpi/http_risks.h"
#include "dpi/risk_facts.h"

namespace weir {
namespace {

using Field = MetadataField;
using Names = std::vector<std::string>;
using Values = std::vector<std::pair<Field, std::string>>;

struct Flow {
  std::string application;
  uint16_t port = 0;
  Values values = {};
  size_t largest_datagram = 0;
};

Names risks(const Flow& flow) {
  FlowMetadata metadata;
  for (const auto& [field, value] : flow.values) metadata.add(field, value);
  RiskFacts facts;
  facts.application = flow.application;
  facts.is_read = true;
  facts.metadata = &metadata;
  facts.client_port = 40000;
  facts.server_port = flow.port;
  facts.largest_datagram = flow.largest_datagram;
  facts.when = {1'700'000'000, 0};
  HttpRisks http;
  http.read(metadata, flow.application != "SSDP");
  facts.http = http.found();
  facts.application_risks = risks_of_application(facts);
  return risks_of(facts).names();
}

Flow tls(Values more) {
  Values values{{Field::kTlsVersion, "TLS 1.2"},
                {Field::kJa3, "fingerprint"},
                {Field::kServerName, "www.example.org"},
                {Field::kTlsCipher, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"}};
  values.insert(values.end(), more.begin(), more.end());
  return {"TLS", 443, values};
}
Values valid(uint64_t before, uint64_t after) {
  return {{Field::kCertificateNotBefore, std::to_string(before)},
          {Field::kCertificateNotAfter, std::to_string(after)}};
}

TEST(RisksOf, FindsNothingInWhatIsSound) {
  EXPECT_EQ(risks(tls({{Field::kCertificateNames, "*.example.org"},
                       {Field::kCertificateIssuer, "CN=CA"},
                       {Field::kCertificateSubject, "CN=www.example.org"},
                       {Field::kCertificateNotBefore, "1690000000"},
                       {Field::kCertificateNotAfter, "1710000000"}})),
            Names{});
  EXPECT_EQ(risks({"HTTP", 80, {{Field::kHttpHost, "example.org"}, {Field::kUserAgent, "curl/8"}}}),
            Names{});
  EXPECT_EQ(risks({"DNS", 53, {{Field::kDnsRcode, "NOERROR"}}, 512}), Names{});
}

TEST(RisksOf, SaysNothingOfWhatOnlyThePortTells) {
  FlowMetadata metadata;
  RiskFacts facts;
  facts.application = "Telnet";
  facts.metadata = &metadata;
  EXPECT_TRUE(risks_of(facts).empty());
}

TEST(RisksOf, LooksAtTheTermOfACertificate) {
  EXPECT_EQ(risks(tls(valid(1'580'000'000, 1'699'999'999))), Names{"tls_certificate_expired"});
  EXPECT_EQ(risks(tls(valid(1'700'000'001, 1'710'000'000))),
            Names{"tls_certificate_not_yet_valid"});
  EXPECT_EQ(risks(tls(valid(1'690'000'000, 1'700'000'009))),
            Names{"tls_certificate_about_to_expire"});
  EXPECT_EQ(risks(tls(valid(1'690'000'000, 1'790'000'000))),
            Names{"tls_certificate_validity_too_long"});
}

TEST(RisksOf, LooksAtTheNamesOfACertificate) {
  EXPECT_EQ(risks(tls({{Field::kCertificateIssuer, "CN=me"},
                       {Field::kCertificateSubject, "CN=me"},
                       {Field::kCertificateNames, "WWW.example.org"}})),
            Names{"tls_self_signed_certificate"});
  EXPECT_EQ(risks(tls({{Field::kCertificateNames, "example.org"}})),
            Names{"tls_certificate_mismatch"});
  EXPECT_EQ(risks(tls({{Field::kCertificateNames, "*.org"}})), Names{"tls_certificate_mismatch"});
  EXPECT_EQ(risks(tls({{Field::kCertificateSubject, "CN=other.example"}})),
            Names{"tls_certificate_mismatch"});
}

TEST(RisksOf, LooksAtWhatTlsAgreedOn) {
  const Values old{{Field::kTlsVersion, "TLS 1.0"},
                   {Field::kJa3, "fingerprint"},
                   {Field::kTlsCipher, "TLS_RSA_WITH_RC4_128_SHA"}};
  EXPECT_EQ(risks({"TLS", 443, old}),
            (Names{"tls_obsolete_version", "tls_weak_cipher", "tls_missing_sni"}));
  // Only offered.
  EXPECT_EQ(risks({"DTLS", 443, {{Field::kTlsVersion, "DTLS 1.0"}}}), Names{});
}

TEST(RisksOf, KnowsThePortsOfProtocols) {
  EXPECT_EQ(risks({"SSH", 2222}), Names{"non_standard_port"});
  EXPECT_EQ(risks({"SSH", 22}), Names{});
  EXPECT_EQ(risks({"BitTorrent", 2222}), Names{});
  EXPECT_EQ(risks({"VNC", 5901}), Names{"remote_desktop_session"});
  EXPECT_EQ(risks({"OpenVPN", 443}), Names{"non_standard_port"});
  EXPECT_EQ(risks({"TLS.Google", 1234}), Names{"non_standard_port"});
}

TEST(RisksOf, SeesCredentialsInTheClear) {
  EXPECT_EQ(risks({"MQTT", 1883, {{Field::kUserName, "bob"}}}), Names{"clear_text_credentials"});
  EXPECT_EQ(risks({"FTP_CONTROL", 21, {{Field::kUserName, "Anonymous"}}}),
            Names{"unsafe_protocol"});
  EXPECT_EQ(risks({"IMAP", 143, {{Field::kUserName, "bob"}}}),
            (Names{"clear_text_credentials", "unsafe_protocol"}));
  EXPECT_EQ(risks({"Kerberos", 88, {{Field::kUserName, "bob"}}}), Names{});
}

TEST(RisksOf, LooksAtHttp) {
  const auto http = [](const Values& values) { return risks({"HTTP", 80, values}); };
  EXPECT_EQ(http({{Field::kHttpHost, "192.0.2.1:8080"}}), Names{"http_numeric_host"});
  EXPECT_EQ(http({{Field::kHttpHost, "[2001:db8::1]"}}), Names{"http_numeric_host"});
  EXPECT_EQ(risks({"SSDP", 1900, {{Field::kHttpHost, "239.255.255.250:1900"}}}), Names{});
  EXPECT_EQ(http({{Field::kUserAgent, "sqlmap/1.7"}}), Names{"http_suspicious_user_agent"});
  EXPECT_EQ(http({{Field::kUserAgent, "x"}}), Names{"http_suspicious_user_agent"});
  EXPECT_EQ(http({{Field::kHttpContentType, "application/x-dosexec; a=b"}}),
            Names{"http_binary_transfer"});
  EXPECT_EQ(http({{Field::kHttpUrl, "a.example/x/setup.EXE?v=1"}, {Field::kHttpStatus, "200"}}),
            Names{"http_binary_transfer"});
  EXPECT_EQ(http({{Field::kHttpUrl, "a.example/setup.exe"}, {Field::kHttpStatus, "404"}}), Names{});
  EXPECT_EQ(http({{Field::kHttpUrl, "example.com"}, {Field::kHttpStatus, "200"}}), Names{});
  EXPECT_EQ(http({{Field::kHttpUrl, "a.example/?q=${jndi:ldap://x}"}}), Names{"possible_exploit"});
}

TEST(RisksOf, LooksAtTheOthers) {
  EXPECT_EQ(risks({"DNS", 53, {{Field::kDnsRcode, "NXDOMAIN"}}, 900}),
            (Names{"dns_error", "dns_large_packet"}));
  EXPECT_EQ(risks({"NetBIOS.SMBv1", 445, {{Field::kSmbVersion, "SMB 1.0"}}}),
            (Names{"unsafe_protocol", "smb_insecure_version"}));
  EXPECT_EQ(risks({"SSH",
                   22,
                   {{Field::kSshClient, "SSH-2.0-OpenSSH_5.3"},
                    {Field::kSshServer, "SSH-2.0-OpenSSH_9.2p1 Debian"}}}),
            Names{"ssh_obsolete_client"});
  EXPECT_EQ(risks({"SSH", 22, {{Field::kSshServer, "SSH-1.5-x"}}}), Names{"ssh_obsolete_server"});
  EXPECT_EQ(risks({"SSH", 22, {{Field::kSshServer, "SSH-1.99-x"}}}), Names{});
  EXPECT_EQ(risks({"RDP", 3389, {{Field::kRdpSecurity, "RDP"}}}),
            (Names{"rdp_insecure_security", "remote_desktop_session"}));
}

TEST(HttpRisks, ReadEachEntryOnce) {
  FlowMetadata metadata;
  HttpRisks http;
  metadata.add(Field::kHttpUrl, "a.example/setup.exe");
  http.read(metadata, true);
  EXPECT_TRUE(http.found().empty()) << "nobody answered yet";
  metadata.add(Field::kHttpStatus, "200");
  http.read(metadata, true);
  EXPECT_EQ(http.found().names(), Names{"http_binary_transfer"});
  metadata.add(Field::kUserAgent, "Mozilla/5.0 (compatible; NIKTO/2.5)");
  set_risks(metadata, http.found());
  http.read(metadata, true);
  EXPECT_EQ(http.found().names(), (Names{"http_suspicious_user_agent", "http_binary_transfer"}));
}

}  // namespace
}  // namespace weir
