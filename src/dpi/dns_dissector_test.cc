// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/dns_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"
#include "dpi/test_dns_messages.h"

namespace weir {
namespace {

using Seen = std::vector<SeenTransaction>;

Conversation udp(uint16_t port) {
  return std::move(Conversation(DnsDissector::create, false).ports(40000, port));
}

std::string framed(const std::string& message) {
  return big_endian_16(static_cast<unsigned>(message.size())) + message;
}

TEST(DnsDissector, PairsQueriesWithTheirAnswers) {
  auto talk = udp(53);
  talk.client(DnsBuilder(1).question("Example.org", 1).bytes())
      .client(DnsBuilder(2).question("example.org", 28).bytes())
      .client(DnsBuilder(1).question("example.org", 1).bytes())  // again
      .server(DnsBuilder(2, 0x8183).question("example.org", 28).bytes())
      .server(DnsBuilder(1, 0x8180)
                  .question("example.org", 1)
                  .answer("example.org", 5, dns_labels("cdn.net"))
                  .answer("cdn.net", 1, "\1\2\3\4")
                  .bytes());
  talk.hear();
  EXPECT_EQ(talk.findings.protocol, "DNS");
  EXPECT_EQ(talk.progress, Progress::kMore);
  EXPECT_EQ(talk.all(MetadataField::kDnsQuery), "example.org");
  EXPECT_EQ(talk.all(MetadataField::kDnsType), "A AAAA");
  EXPECT_EQ(talk.all(MetadataField::kDnsRcode), "NXDOMAIN NOERROR");
  EXPECT_EQ(talk.all(MetadataField::kDnsAnswers), "cdn.net 1.2.3.4");
  EXPECT_EQ(talk.transactions.seen, (Seen{{"DNS", "AAAA example.org", 2, 4, 4, true},
                                          {"DNS", "A example.org", 1, 5, 5, false}}));
}

TEST(DnsDissector, TellsOfQueriesWithoutAnAnswer) {
  auto talk = udp(53);
  for (uint16_t i = 0; i <= DnsDissector::kMaxWaiting; ++i)
    talk.client(DnsBuilder(i).question("example.org", 1).bytes());
  talk.hear();
  // The oldest gave way to the youngest.
  EXPECT_EQ(talk.transactions.seen, (Seen{{"DNS", "A example.org", 1, 1, 1, false, false}}));
  talk.ends = true;
  talk.hear();
  EXPECT_EQ(talk.transactions.seen.size(), DnsDissector::kMaxWaiting + 1);
  EXPECT_EQ(talk.transactions.seen.back(),
            (SeenTransaction{"DNS", "A example.org", 13, 13, 13, false, false}));
}

TEST(DnsDissector, TakesSilenceOfGroupsForAnAnswer) {
  for (const uint16_t port : {uint16_t{137}, uint16_t{5353}, uint16_t{5355}}) {
    auto talk = udp(port);
    talk.client(DnsBuilder(1).question("example.org", 1).bytes());
    talk.ends = true;
    talk.hear();
    EXPECT_EQ(talk.transactions.seen, Seen{});
  }
}

TEST(DnsDissector, LearnsTheNameThatWasAskedFor) {
  auto talk = udp(53);
  talk.server(DnsBuilder(1, 0x8180)
                  .question("example.org", 1)
                  .answer("example.org", 5, dns_labels("cdn.net"))
                  .answer("cdn.net", 1, "\1\2\3\4")
                  .additional("ns.net", 1, "\5\6\7\x8")
                  .bytes())
      .server(DnsBuilder(1, 0x8180)
                  .question("9.0.0.10.in-addr.arpa", 12)
                  .answer("9.0.0.10.in-addr.arpa", 12, dns_labels("nas.local"))
                  .bytes());
  talk.hear();
  std::string names;
  for (const auto& [address, name] : talk.findings.learnt_names) {
    names += address.to_string() + "=" + name + " ";
  }
  EXPECT_EQ(names, "1.2.3.4=example.org 5.6.7.8=ns.net 10.0.0.9=nas.local ");
}

TEST(DnsDissector, BoundsTheNamesItLearns) {
  auto talk = udp(53);
  for (int i = 0; i < 40; ++i)
    talk.server(DnsBuilder(1, 0x8180).answer("x.org", 1, "\1\2\3\4").bytes());
  talk.hear();
  EXPECT_EQ(talk.findings.learnt_names.size(), Findings::kMaxLearntNames);
}

TEST(DnsDissector, TellsTheFourProtocolsByTheirPorts) {
  const auto protocol_at = [](uint16_t port) {
    auto talk = udp(port);
    talk.client(DnsBuilder(1).question("x.local", 1).bytes());
    talk.hear();
    return talk.findings.protocol;
  };
  EXPECT_EQ(protocol_at(53), "DNS");
  EXPECT_EQ(protocol_at(5353), "MDNS");
  EXPECT_EQ(protocol_at(5355), "LLMNR");
  EXPECT_EQ(protocol_at(137), "NetBIOS");
  EXPECT_EQ(protocol_at(9999), "DNS");
}

TEST(DnsDissector, MakesNoTransactionsOfMulticast) {
  auto talk = udp(5353);
  talk.client(DnsBuilder(0, 0).question("x.local", 255).bytes())
      .server(DnsBuilder(0, 0x8400).answer("x.local", 1, "\x0a\0\0\1").bytes());
  talk.hear();
  EXPECT_TRUE(talk.transactions.seen.empty());
  EXPECT_EQ(talk.first(MetadataField::kDnsRcode), "");
  EXPECT_EQ(talk.first(MetadataField::kDnsQuery), "x.local");
}

TEST(DnsDissector, ReadsNetbiosNames) {
  auto talk = udp(137);
  talk.client(DnsBuilder(1, 0x0110).question("FHFAEBEECACACACACACACACACACACAAA", 32).bytes());
  talk.hear();
  EXPECT_EQ(talk.first(MetadataField::kDnsQuery), "wpad");
  EXPECT_EQ(talk.first(MetadataField::kDnsType), "NB");
}

TEST(DnsDissector, FollowsTcpWhereverItIsSplit) {
  auto talk = Conversation(DnsDissector::create);
  talk.ports(40000, 53)
      .client(framed(DnsBuilder(1).question("a.org", 1).bytes()) +
              framed(DnsBuilder(2).question("b.org", 16).bytes()))
      .server(
          framed(
              DnsBuilder(1, 0x8180).question("a.org", 1).answer("a.org", 1, "\1\2\3\4").bytes()) +
          framed(std::string()) + framed(DnsBuilder(2, 0x8182).question("b.org", 16).bytes()));
  for (size_t part = 1; part < 90; ++part) {
    talk.hear(part);
    EXPECT_EQ(talk.findings.protocol, "DNS") << part;
    EXPECT_EQ(talk.all(MetadataField::kDnsQuery), "a.org b.org") << part;
    EXPECT_EQ(talk.transactions.seen,
              (Seen{{"DNS", "A a.org", 1, 2, 2, false}, {"DNS", "TXT b.org", 1, 2, 2, true}}))
        << part;
  }
}

TEST(DnsDissector, ReadsTheStartOfALongMessageOverTcp) {
  DnsBuilder builder(1, 0x8180);
  builder.question("zone.org", 252);
  for (int i = 0; i < 500; ++i) builder.answer("a.zone.org", 1, "\1\2\3\4");
  auto talk = Conversation(DnsDissector::create);
  talk.ports(40000, 53)
      .server(framed(builder.bytes()))
      .client(framed(DnsBuilder(2).question("next.org", 1).bytes()));
  talk.hear(1000);
  EXPECT_EQ(talk.all(MetadataField::kDnsQuery), "zone.org next.org");
}

TEST(DnsDissector, LeavesASideOfATcpStreamThatHasAHole) {
  auto talk = Conversation(DnsDissector::create);
  talk.ports(40000, 53)
      .client(framed(DnsBuilder(1).question("a.org", 1).bytes()))
      .client_after_gap("xxxx")
      .server_after_gap("xxxx");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
}

TEST(DnsDissector, GivesUpWhatIsNotDns) {
  auto talk = udp(53);
  talk.client("GET / HTTP/1.1\r\n\r\n");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kNotMine);
  EXPECT_EQ(talk.findings.protocol, "");
}

TEST(DnsDissector, GoesOnAfterAMessageThatIsBroken) {
  auto talk = udp(53);
  talk.client(DnsBuilder(1).question("a.org", 1).bytes())
      .server(std::string(40, '\xff'))
      .server(DnsBuilder(1, 0x8180).question("a.org", 1).bytes());
  talk.hear();
  EXPECT_EQ(talk.transactions.seen.size(), 1U);
}

TEST(DnsDissector, IsAskedForByTheMessageItself) {
  const auto may_begin = [](const std::string& bytes, uint16_t port, bool is_tcp) {
    auto talk = Conversation(DnsDissector::create, is_tcp);
    talk.ports(40000, port).client(bytes);
    return DnsDissector::may_begin(talk.payload(0));
  };
  const std::string query = DnsBuilder(1).question("a.org", 1).bytes();
  EXPECT_TRUE(may_begin(query, 53, false));
  EXPECT_TRUE(may_begin(query, 9999, false));
  EXPECT_FALSE(may_begin(query + "x", 9999, false));
  EXPECT_FALSE(may_begin(DnsBuilder(1).question("a.org", 9999).bytes(), 9999, false));
  EXPECT_FALSE(may_begin(DnsBuilder(1).question("a\xff", 1).bytes(), 9999, false));
  EXPECT_FALSE(may_begin("short", 53, false));
  EXPECT_FALSE(may_begin(std::string(100, '\0'), 9999, false));
  EXPECT_TRUE(may_begin(framed(query), 53, true));
  EXPECT_TRUE(may_begin(framed(query), 9999, true));
  EXPECT_TRUE(may_begin(framed(query).substr(0, 2), 53, true));
  EXPECT_FALSE(may_begin("GET / HTTP/1.1", 53, true));
}

TEST(DnsDissector, EndsWhenItsMetadataIsFullAndNobodyCounts) {
  auto talk = udp(53);
  for (char c = 'a'; c <= 'z'; ++c)
    talk.client(DnsBuilder(1).question(std::string(1, c) + ".org", 1).bytes());
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kMore);
  talk.is_counted = false;
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
}

}  // namespace
}  // namespace weir
