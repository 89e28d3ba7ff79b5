// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/verdict.h"

#include <gtest/gtest.h>

#include "dpi/ndpi_classifier.h"
#include "dpi/protocol_rules.h"
#include "net/ip_protocol.h"

namespace weir {
namespace {

class Combine : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto made = NdpiModule::create();
    ASSERT_TRUE(made.ok());
    module = std::move(*made);
  }
  static void TearDownTestSuite() { module.reset(); }

  Combine() {
    auto made = ProtocolRules::parse("", R"(
[[application]]
name = "Plant"
category = "IoT-Scada"
hosts = ["plant.example", "ours.google.com"]
networks = ["192.0.2.0/24"]
tcp = [9000]
ja4 = ["fingerprint"]
)",
                                     "own.toml");
    EXPECT_TRUE(made.ok());
    rules = *made;
    evidence.ip_protocol = kProtocolTcp;
    evidence.client_port = 40000;
    evidence.client = *IpAddress::parse("10.0.0.1");
    evidence.server = *IpAddress::parse("198.51.100.1");
    evidence.metadata = &metadata;
  }

  [[nodiscard]] Authorities all() const { return {module.get(), rules.get()}; }
  [[nodiscard]] std::string text(const Authorities& authorities) const {
    const Verdict verdict = combine(evidence, authorities);
    return std::string(application_name(verdict.application)) + " " +
           std::string(application_category(verdict.application)) + " " +
           std::string(confidence_name(verdict.confidence));
  }

  static std::unique_ptr<NdpiModule> module;
  std::shared_ptr<const ProtocolRules> rules;
  FlowMetadata metadata;
  Evidence evidence;
};
std::unique_ptr<NdpiModule> Combine::module;

TEST_F(Combine, NamesTheProtocolThatWasRead) {
  evidence.protocol = "TLS";
  EXPECT_EQ(text(all()), "TLS Web payload");
  evidence.protocol = "IPsec";
  EXPECT_EQ(text(all()), "IPSec VPN payload");
  evidence.protocol = "Never heard of";
  EXPECT_EQ(text({}), "Never heard of Unknown payload");
}

TEST_F(Combine, NamesWhatRidesOnItByTheNamesInIt) {
  evidence.protocol = "TLS";
  metadata.add(MetadataField::kServerName, "www.google.com");
  EXPECT_EQ(text(all()), "TLS.Google Web name");
  EXPECT_EQ(text({}), "TLS Web payload") << "nobody to ask";
  metadata.set(MetadataField::kServerName, "ours.google.com");
  EXPECT_EQ(text(all()), "TLS.Plant IoT-Scada name") << "rules come first";
}

TEST_F(Combine, TakesTheNameFromTheProtocolsOwnField) {
  metadata.add(MetadataField::kHttpHost, "www.facebook.com:8080");
  metadata.add(MetadataField::kServerName, "www.google.com");
  evidence.protocol = "HTTP";
  EXPECT_EQ(text(all()), "HTTP.Facebook SocialNetwork name");
  evidence.protocol = "SSH";
  EXPECT_EQ(text(all()), "SSH RemoteAccess payload") << "no field of SSH names a server";
}

TEST_F(Combine, CountsQuestionsToTheNetworkNotToWhomTheyAreAbout) {
  evidence.protocol = "DNS";
  metadata.add(MetadataField::kDnsQuery, "www.facebook.com");
  EXPECT_EQ(text(all()), "DNS.Facebook Network name");
}

TEST_F(Combine, NamesTlsOnThePortsOfMail) {
  evidence.protocol = "TLS";
  evidence.server_port = 993;
  EXPECT_EQ(text(all()), "IMAPS Email payload");
  evidence.server_port = 995;
  EXPECT_EQ(text(all()), "POPS Email payload");
  evidence.server_port = 465;
  EXPECT_EQ(text(all()), "SMTPS Email payload");
}

TEST_F(Combine, NamesDnsOverTlsByItsPort) {
  evidence.protocol = "TLS";
  evidence.server_port = 853;
  EXPECT_EQ(text(all()), "TLS.DoH_DoT Network port");
}

TEST_F(Combine, AsksTheCertificateWhenTheClientNamedNobodyKnown) {
  evidence.protocol = "TLS";
  metadata.add(MetadataField::kServerName, "nobody.example");
  metadata.add(MetadataField::kCertificateNames, "also.nobody.example");
  metadata.add(MetadataField::kCertificateNames, "*.plant.example");
  EXPECT_EQ(text(all()), "TLS.Plant IoT-Scada name");
  metadata.set(MetadataField::kServerName, "www.google.com");
  EXPECT_EQ(text(all()), "TLS.Google Web name");
}

TEST_F(Combine, AsksTheCertificatesSubjectWhereItHasNoNames) {
  evidence.protocol = "TLS";
  metadata.add(MetadataField::kCertificateSubject, "CN=*.plant.example,O=Plant\\, Inc.");
  EXPECT_EQ(text(all()), "TLS.Plant IoT-Scada name");
  metadata.set(MetadataField::kCertificateSubject, "CN=*.webex.com");
  EXPECT_EQ(text(all()), "TLS.Webex VoIP name");
  metadata.set(MetadataField::kCertificateSubject, "O=plant.example");
  EXPECT_EQ(text(all()), "TLS Web payload");
}

TEST_F(Combine, TakesWhatThePayloadSaysBeforeWhatNamesSay) {
  evidence.protocol = "TLS";
  evidence.application = "DoH_DoT";
  metadata.add(MetadataField::kServerName, "dns.google.com");
  EXPECT_EQ(text(all()), "TLS.DoH_DoT Network payload");
  evidence.protocol = "HTTP";
  evidence.application = "WebSocket";
  EXPECT_EQ(text(all()), "WebSocket Web payload");
}

TEST_F(Combine, UsesFingerprintsAndTheNetworksOfRules) {
  evidence.protocol = "TLS";
  metadata.add(MetadataField::kJa4, "fingerprint");
  EXPECT_EQ(text(all()), "TLS.Plant IoT-Scada name");
  metadata.set(MetadataField::kJa4, "another");
  EXPECT_EQ(text(all()), "TLS Web payload");
  evidence.server = *IpAddress::parse("192.0.2.9");
  EXPECT_EQ(text(all()), "TLS.Plant IoT-Scada address");
}

TEST_F(Combine, TakesNdpisWordWhereOursIsMissing) {
  NdpiVerdict ndpi;
  ndpi.master = "TLS";
  ndpi.application = "Apple";
  ndpi.category = "Web";
  ndpi.confidence = Confidence::kPayload;
  evidence.ndpi = &ndpi;
  EXPECT_EQ(text(all()), "TLS.Apple Web payload");
  ndpi.is_application_by_address = true;
  EXPECT_EQ(text(all()), "TLS Web payload") << "an address says whose it is, not what it does";
  ndpi = {};
  ndpi.master = "Fiesta";
  ndpi.category = "Game";
  ndpi.confidence = Confidence::kPayload;
  EXPECT_EQ(text(all()), "Fiesta Game payload");
  ndpi.application = "Apple";
  evidence.protocol = "HTTP";
  EXPECT_EQ(text(all()), "HTTP Web payload") << "nDPI spoke of another protocol";
}

TEST_F(Combine, GuessesByPortThenByAddress) {
  evidence.server_port = 22;
  EXPECT_EQ(text(all()), "SSH RemoteAccess port");
  evidence.server_port = 9000;
  EXPECT_EQ(text(all()), "Plant IoT-Scada port");
  evidence.server_port = 40001;
  EXPECT_EQ(text(all()), "Unknown Unknown unknown");
  evidence.server = *IpAddress::parse("8.8.8.8");
  EXPECT_EQ(text(all()), "Google Web address");
  EXPECT_EQ(text({nullptr, rules.get()}), "Unknown Unknown unknown");
  evidence.server = *IpAddress::parse("192.0.2.9");
  EXPECT_EQ(text(all()), "Plant IoT-Scada address");
  NdpiVerdict ndpi;
  ndpi.master = "Fiesta";
  ndpi.category = "Game";
  ndpi.confidence = Confidence::kPort;
  evidence.ndpi = &ndpi;
  evidence.server = *IpAddress::parse("198.51.100.1");
  EXPECT_EQ(text(all()), "Fiesta Game port") << "nDPI's guess comes last";
  evidence.ip_protocol = kProtocolIcmp;
  evidence.client_port = evidence.server_port = 0;
  EXPECT_EQ(text(all()), "ICMP Network port");
}

TEST_F(Combine, GuessesByTheServersPortBeforeTheClients) {
  evidence.client_port = 9000;
  evidence.server_port = 22;
  EXPECT_EQ(text(all()), "SSH RemoteAccess port") << "a rule of the client's port comes later";
  evidence.server_port = 40001;
  EXPECT_EQ(text(all()), "Plant IoT-Scada port");
  evidence.client_port = 22;
  evidence.server_port = 9000;
  EXPECT_EQ(text(all()), "Plant IoT-Scada port");
}

TEST(CluesIn, ChangeWithWhatNamesAnApplication) {
  FlowMetadata metadata;
  uint32_t before = clues_in(metadata);
  for (const MetadataField field :
       {MetadataField::kServerName, MetadataField::kHttpHost, MetadataField::kDnsQuery,
        MetadataField::kJa4, MetadataField::kHassh, MetadataField::kCertificateSubject,
        MetadataField::kCertificateNames}) {
    metadata.add(field, "one");
    EXPECT_NE(clues_in(metadata), before) << metadata_field_name(field);
    before = clues_in(metadata);
  }
  metadata.add(MetadataField::kHttpUrl, "one");
  metadata.add(MetadataField::kDnsQuery, "another");
  EXPECT_EQ(clues_in(metadata), before);
  metadata.add(MetadataField::kCertificateNames, "another");
  EXPECT_NE(clues_in(metadata), before);
}

}  // namespace
}  // namespace weir
