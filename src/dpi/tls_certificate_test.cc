// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/tls_certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "dpi/distinguished_name.h"
#include "dpi/test_tls.h"

namespace weir {
namespace {

using namespace test_tls;
using testing::ElementsAre;

// DER with a length of one or two bytes.
std::string der(uint8_t tag, std::string_view content) {
  std::string header(1, static_cast<char>(tag));
  if (content.size() >= 0x80) header += "\x82" + number(content.size(), 2);
  if (content.size() < 0x80) header += number(content.size(), 1);
  return header + std::string(content);
}

std::string attribute(std::string_view object_id, uint8_t tag, std::string_view value) {
  return der(0x31, der(0x30, der(0x06, object_id) + der(tag, value)));
}

const std::string kCommonName = "\x55\x04\x03";

// A certificate as far as anybody reads it.
std::string certificate_of(std::string_view subject, std::string_view times,
                           std::string_view extensions = "") {
  std::string body = der(0xa0, der(2, "\x02")) + der(2, "\x01") + der(0x30, "");
  body += der(0x30, attribute("\x55\x04\x0a", 0x0c, "Issuer")) + der(0x30, times);
  body += der(0x30, subject) + der(0x30, "key");
  if (!extensions.empty()) body += der(0xa3, der(0x30, extensions));
  return der(0x30, der(0x30, body) + der(0x30, "") + der(3, "signature"));
}

TEST(ParseCertificate, ReadsOneOfOpenssl) {
  CertificateFacts facts;
  ASSERT_TRUE(parse_certificate(reader(certificate()), facts));
  EXPECT_THAT(facts.names, ElementsAre("example.org", "*.example.org", "example.net"));
  EXPECT_EQ(facts.subject, "CN=example.org,O=Example\\, Inc.,C=NL");
  EXPECT_EQ(facts.issuer, facts.subject);
  EXPECT_EQ(facts.not_before, 1795467873);
  EXPECT_EQ(facts.not_after, 2110827873);
}

TEST(ParseCertificate, TakesNoMoreNamesThanItIsAskedFor) {
  CertificateFacts facts;
  ASSERT_TRUE(parse_certificate(reader(certificate()), facts, 2));
  EXPECT_THAT(facts.names, ElementsAre("example.org", "*.example.org"));
}

TEST(ParseCertificate, RefusesWhatEndsEarly) {
  const std::string whole(certificate());
  for (size_t size = 0; size < whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    CertificateFacts facts;
    EXPECT_FALSE(parse_certificate(reader(cut), facts)) << size;
  }
}

TEST(ParseCertificate, ReadsBothKindsOfTime) {
  const auto times = [](std::string_view first, std::string_view second) {
    CertificateFacts facts;
    EXPECT_TRUE(parse_certificate(
        reader(certificate_of("", std::string(first) + std::string(second))), facts));
    return std::pair(facts.not_before, facts.not_after);
  };
  using Pair = std::pair<int64_t, int64_t>;
  EXPECT_EQ(times(der(0x17, "700101000000Z"), der(0x17, "491231235959Z")), Pair(0, 2524607999));
  EXPECT_EQ(times(der(0x17, "500101000000Z"), der(0x18, "20500101000000Z")),
            Pair(-631152000, 2524608000));
  EXPECT_EQ(times(der(0x17, "0002290000Z"), der(0x18, "99991231235959Z")),
            Pair(951782400, 253402300799));
  // No 30th of February, no month 13, no digits, too short.
  EXPECT_EQ(times(der(0x17, "000230000000Z"), der(0x17, "001301000000Z")), Pair(0, 0));
  EXPECT_EQ(times(der(0x17, "0x0101000000Z"), der(0x18, "2000")), Pair(0, 0));
  EXPECT_EQ(times(der(0x04, "000101000000Z"), ""), Pair(0, 0));
}

TEST(ParseCertificate, KeepsNamesWithinTheirBytes) {
  std::string names;
  for (int i = 0; i < 40; ++i) names += der(0x82, std::string(200, static_cast<char>('0' + i)));
  const std::string extension =
      der(0x30, der(6, "\x55\x1d\x11") + der(1, "\xff") + der(4, der(0x30, names)));
  CertificateFacts facts;
  EXPECT_TRUE(parse_certificate(reader(certificate_of("", "", extension)), facts));
  EXPECT_EQ(facts.names.size(), CertificateFacts::kMaxNamesBytes / 200);
}

TEST(ParseCertificate, KeepsTheNameAskedForBeyondTheBound) {
  std::string names;
  for (const char* name : {"a.example", "b.example", "*.c.example", "d.c.example"})
    names += der(0x82, name);
  const std::string extension =
      der(0x30, der(6, "\x55\x1d\x11") + der(1, "\xff") + der(4, der(0x30, names)));
  const std::string certificate = certificate_of("", "", extension);
  const auto kept = [&](const char* host) {
    CertificateFacts facts;
    EXPECT_TRUE(parse_certificate(reader(certificate), facts, 1, host));
    return facts.names;
  };
  using Kept = std::vector<std::string>;
  const std::string first = kept("").front();
  EXPECT_EQ(kept(""), Kept{first});
  EXPECT_EQ(kept("D.C.example"), (Kept{first, "*.c.example"}));
  EXPECT_EQ(kept(first.c_str()), Kept{first});
  EXPECT_EQ(kept("nobody.example"), Kept{first});
}

TEST(StandsFor, LetsAStarStandForOneLabel) {
  EXPECT_TRUE(stands_for("WWW.example.org", "www.Example.org"));
  EXPECT_TRUE(stands_for("*.example.org", "www.example.org"));
  EXPECT_FALSE(stands_for("*.example.org", "example.org"));
  EXPECT_FALSE(stands_for("*.example.org", "a.b.example.org"));
  EXPECT_FALSE(stands_for("", "example.org"));
}

TEST(FirstCertificate, IsTheServersOwn) {
  ByteReader der;
  const std::string body = vector(3, vector(3, "leaf") + vector(3, "issuer"));
  ASSERT_TRUE(first_certificate(reader(body), der));
  EXPECT_EQ(der.remaining(), 4U);
  EXPECT_TRUE(first_certificate(reader(body.substr(0, 10)), der));  // the rest was cut off
  EXPECT_FALSE(first_certificate(reader(body.substr(0, 9)), der));
  EXPECT_FALSE(first_certificate(reader(vector(3, "")), der));
  EXPECT_FALSE(first_certificate(reader(""), der));
}

TEST(DistinguishedName, TurnsTheOrderRoundAndEscapes) {
  const std::string name = attribute("\x55\x04\x06", 0x13, "NL") +
                           attribute("\x55\x04\x0a", 0x0c, " a,b+\"c\"\\<d>;# ") +
                           attribute(kCommonName, 0x0c, "#one two");
  const DistinguishedName out = read_distinguished_name(reader(name));
  EXPECT_EQ(out.text, "CN=\\#one two,O=\\ a\\,b\\+\\\"c\\\"\\\\\\<d\\>\\;#\\ ,C=NL");
  EXPECT_EQ(out.common_name, "#one two");
}

TEST(DistinguishedName, JoinsSeveralAttributesOfOnePart) {
  const std::string set = der(0x30, der(6, "\x55\x04\x0b") + der(0x13, "x")) +
                          der(0x30, der(6, kCommonName) + der(0x13, "y"));
  EXPECT_EQ(read_distinguished_name(reader(der(0x31, set))).text, "OU=x+CN=y");
}

TEST(DistinguishedName, ShowsUnknownAttributesByTheirNumbers) {
  EXPECT_EQ(read_distinguished_name(reader(attribute("\x2a\x03\x84\x01", 0x0c, "v"))).text,
            "1.2.3.513=v");
  EXPECT_EQ(read_distinguished_name(reader(attribute("\x88\x37", 0x0c, "v"))).text, "2.999=v");
}

TEST(DistinguishedName, ReadsWideStrings) {
  const std::string bmp("\0A\0\xe9\x20\xac", 6);
  const std::string universal("\0\1\xf6\0", 4);
  EXPECT_EQ(read_distinguished_name(reader(attribute(kCommonName, 0x1e, bmp))).text,
            "CN=A\xc3\xa9\xe2\x82\xac");
  EXPECT_EQ(read_distinguished_name(reader(attribute(kCommonName, 0x1c, universal))).text,
            "CN=\xf0\x9f\x98\x80");
}

TEST(DistinguishedName, LeavesOutWhatIsMalformedOrTooLong) {
  const std::string good = attribute(kCommonName, 0x0c, "good");
  EXPECT_EQ(read_distinguished_name(reader(der(0x31, "bad") + good)).text, "CN=good");
  EXPECT_EQ(
      read_distinguished_name(reader(attribute(kCommonName, 0x0c, std::string(999, 'x')))).text,
      "CN=" + std::string(kMaxAttributeBytes, 'x'));
  std::string many;
  for (int i = 0; i < 100; ++i) many += attribute("\x55\x04\x0b", 0x0c, std::string(100, 'u'));
  EXPECT_LE(read_distinguished_name(reader(many)).text.size(), kMaxNameBytes + 110);
}

}  // namespace
}  // namespace weir
