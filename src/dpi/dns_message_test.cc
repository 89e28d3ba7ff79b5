// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/dns_message.h"

#include <gtest/gtest.h>

#include "dpi/test_dns_messages.h"

namespace weir {
namespace {

struct Parsed {
  DnsParse result;
  DnsMessage message;
};

Parsed parse(const std::string& text, bool is_netbios = false) {
  const std::vector<uint8_t> bytes(text.begin(), text.end());
  Parsed parsed{};
  parsed.result = parse_dns(ByteReader(bytes), is_netbios, parsed.message);
  return parsed;
}

std::string text_of_record(uint16_t type, std::string_view data) {
  const Parsed parsed = parse(DnsBuilder(1, 0x8180).answer("x", type, data).bytes());
  EXPECT_EQ(parsed.result, DnsParse::kWhole);
  return parsed.message.records.at(0).text;
}

TEST(DnsMessage, ReadsAQuery) {
  const Parsed parsed = parse(DnsBuilder(0x1234).question("WWW.example.org", 28).bytes());
  EXPECT_EQ(parsed.result, DnsParse::kWhole);
  EXPECT_EQ(parsed.message.id, 0x1234);
  EXPECT_FALSE(parsed.message.is_response);
  ASSERT_EQ(parsed.message.questions.size(), 1U);
  EXPECT_EQ(parsed.message.questions[0].name, "www.example.org");
  EXPECT_EQ(parsed.message.questions[0].type, 28);
  EXPECT_EQ(parsed.message.size, 33U);
}

TEST(DnsMessage, ReadsTheAnswersAlone) {
  const std::string bytes = DnsBuilder(1, 0x8180)
                                .question("a.example", 1)
                                .answer("a.example", 5, dns_labels("b.example"))
                                .answer("b.example", 1, "\1\2\3\4")
                                .bytes();
  for (size_t size = 0; size <= bytes.size(); ++size) {
    const std::vector<uint8_t> part(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(size));
    DnsMessage all;
    DnsMessage answers;
    const DnsParse result = parse_dns(ByteReader(part), false, all);
    EXPECT_EQ(parse_dns(ByteReader(part), false, answers, DnsDetail::kAnswers), result) << size;
    EXPECT_EQ(answers.size, all.size) << size;
    ASSERT_EQ(answers.records.size(), all.answers) << size;
    for (size_t i = 0; i < all.answers; ++i) {
      EXPECT_EQ(answers.records[i].text, all.records[i].text);
      EXPECT_EQ(answers.records[i].name, "");
    }
  }
}

TEST(DnsMessage, ReadsTheRecordsThatTellNamesAndAddresses) {
  const std::string v6("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1", 16);
  EXPECT_EQ(text_of_record(1, "\1\2\3\4"), "1.2.3.4");
  EXPECT_EQ(text_of_record(28, v6), "2001:db8::1");
  EXPECT_EQ(text_of_record(5, dns_labels("Alias.net")), "alias.net");
  EXPECT_EQ(text_of_record(12, dns_labels("host.net")), "host.net");
  EXPECT_EQ(text_of_record(2, dns_labels("ns.net")), "ns.net");
  EXPECT_EQ(text_of_record(15, big_endian_16(10) + dns_labels("mx.net")), "mx.net");
  EXPECT_EQ(text_of_record(33, std::string("\0\1\0\2\x13\xc4", 6) + dns_labels("sip.net")),
            "sip.net:5060");
  EXPECT_EQ(text_of_record(16, "\3v=1\5other"), "v=1");
  EXPECT_EQ(text_of_record(47, "whatever"), "");
}

TEST(DnsMessage, ReadsServiceBindings) {
  const std::string data = big_endian_16(1) + std::string(1, '\0') + big_endian_16(1) +
                           big_endian_16(6) + "\2h2\2h3" + big_endian_16(4) + big_endian_16(8) +
                           "\1\2\3\4\5\6\7\x8";
  const Parsed parsed = parse(DnsBuilder(1, 0x8180).answer("x", 65, data).bytes());
  EXPECT_EQ(parsed.message.records.at(0).text, "alpn=h2,h3");
  ASSERT_EQ(parsed.message.records[0].addresses.size(), 2U);
  EXPECT_EQ(parsed.message.records[0].addresses[1].to_string(), "5.6.7.8");
  EXPECT_EQ(text_of_record(65, "\0"), "");
  EXPECT_EQ(text_of_record(64, big_endian_16(1) + std::string(1, '\0') + "\0\1\xff\xff\2h2"), "");
}

TEST(DnsMessage, LeavesOutDataThatIsNotWhatItsTypeSays) {
  EXPECT_EQ(text_of_record(1, "\1\2\3"), "");
  EXPECT_EQ(text_of_record(28, "\1\2\3\4"), "");
  EXPECT_EQ(text_of_record(5, ""), "");
  EXPECT_EQ(text_of_record(33, "\0\1"), "");
  EXPECT_EQ(text_of_record(16, ""), "");
}

TEST(DnsMessage, TakesTheUpperBitsOfTheCodeFromEdns) {
  const Parsed parsed =
      parse(DnsBuilder(1, 0x8180).question("x", 1).additional("", 41, "", 0x01000000).bytes());
  EXPECT_TRUE(parsed.message.has_edns);
  EXPECT_EQ(parsed.message.rcode, 16);
  EXPECT_TRUE(parsed.message.records.empty());
}

TEST(DnsMessage, KeepsWhatCameBeforeTheCut) {
  const std::string whole = DnsBuilder(7, 0x8180)
                                .question("a.b", 1)
                                .answer("a.b", 1, "\1\2\3\4")
                                .answer("a.b", 1, "\5\6\7\x8")
                                .bytes();
  const size_t question_end = 12 + 5 + 4;
  const size_t record_bytes = 5 + 10 + 4;
  for (size_t size = 0; size < whole.size(); ++size) {
    const Parsed parsed = parse(whole.substr(0, size));
    EXPECT_EQ(parsed.result, size < question_end ? DnsParse::kNotDns : DnsParse::kCut) << size;
    const size_t records = size < question_end ? 0 : (size - question_end) / record_bytes;
    EXPECT_EQ(parsed.message.records.size(), records) << size;
    EXPECT_EQ(parsed.message.answers, records) << size;
  }
  EXPECT_EQ(parse(whole).result, DnsParse::kWhole);
  EXPECT_EQ(parse(whole).message.answers, 2U);
}

TEST(DnsMessage, KeepsBoundedNumbersOfThings) {
  DnsBuilder builder(1, 0x8180);
  for (int i = 0; i < 40; ++i) builder.question("q", 1);
  for (int i = 0; i < 40; ++i) builder.answer("q", 1, "\1\2\3\4");
  const Parsed parsed = parse(builder.bytes());
  EXPECT_EQ(parsed.result, DnsParse::kWhole);
  EXPECT_EQ(parsed.message.questions.size(), DnsMessage::kMaxQuestions);
  EXPECT_EQ(parsed.message.records.size(), DnsMessage::kMaxRecords);
}

TEST(DnsMessage, RefusesWhatCannotBeOne) {
  EXPECT_EQ(parse("").result, DnsParse::kNotDns);
  EXPECT_EQ(parse(std::string(64, '\xff')).result, DnsParse::kNotDns);
  EXPECT_EQ(parse(std::string(12, '\0')).result, DnsParse::kNotDns);  // a query for nothing
  EXPECT_EQ(parse(std::string("\0\1\1\0\0\1\0\0\0\0\0\0\xc0\x0c\0\1\0\1", 18)).result,
            DnsParse::kNotDns);
}

TEST(DnsMessage, ReadsNetbiosRegistrations) {
  const std::string name = "FHFAEBEECACACACACACACACACACACAAA";
  const Parsed parsed = parse(DnsBuilder(1, 0x2910)
                                  .question(name, 32)
                                  .additional(name, 32, std::string("\0\0\x0a\0\0\1", 6))
                                  .bytes(),
                              true);
  EXPECT_EQ(parsed.message.opcode, 5);
  EXPECT_EQ(parsed.message.questions.at(0).name, "wpad");
  EXPECT_EQ(parsed.message.records.at(0).name, "wpad");
  EXPECT_EQ(parsed.message.records[0].addresses.at(0).to_string(), "10.0.0.1");
  const Parsed group = parse(DnsBuilder(1, 0x2910)
                                 .additional(name, 32, std::string("\x80\0\x0a\0\0\1", 6))
                                 .question("x", 1)
                                 .bytes(),
                             true);
  EXPECT_TRUE(group.message.records.empty() || group.message.records[0].addresses.empty());
}

TEST(DnsMessage, NamesTypesAndCodes) {
  EXPECT_EQ(dns_type_name(1, false), "A");
  EXPECT_EQ(dns_type_name(65, false), "HTTPS");
  EXPECT_EQ(dns_type_name(255, false), "ANY");
  EXPECT_EQ(dns_type_name(32, true), "NB");
  EXPECT_EQ(dns_type_name(33, true), "NBSTAT");
  EXPECT_EQ(dns_type_name(33, false), "SRV");
  EXPECT_EQ(dns_type_name(4711, false), "TYPE4711");
  EXPECT_EQ(dns_rcode_name(0), "NOERROR");
  EXPECT_EQ(dns_rcode_name(3), "NXDOMAIN");
  EXPECT_EQ(dns_rcode_name(16), "BADVERS");
  EXPECT_EQ(dns_rcode_name(4000), "RCODE4000");
}

TEST(DnsMessage, ReadsTheAddressOfAReverseName) {
  EXPECT_EQ(address_of_reverse_name("4.3.2.1.in-addr.arpa")->to_string(), "1.2.3.4");
  EXPECT_EQ(
      address_of_reverse_name("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2"
                              ".ip6.arpa")
          ->to_string(),
      "2001:db8::1");
  for (const std::string_view name :
       {"3.2.1.in-addr.arpa", "5.4.3.2.1.in-addr.arpa", "x.3.2.1.in-addr.arpa", "in-addr.arpa",
        "1.0.ip6.arpa", "example.org"}) {
    EXPECT_EQ(address_of_reverse_name(name), std::nullopt) << name;
  }
}

}  // namespace
}  // namespace weir
