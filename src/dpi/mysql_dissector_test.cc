// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/mysql_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"

namespace weir {
namespace {

using Seen = std::vector<SeenTransaction>;
using namespace std::string_literals;

std::string packet(uint8_t sequence, std::string_view body) {
  std::string bytes{static_cast<char>(body.size()), static_cast<char>(body.size() >> 8), '\0',
                    static_cast<char>(sequence)};
  return bytes.append(body);
}
std::string command(uint8_t code, std::string_view argument = "") {
  return packet(0, std::string(1, static_cast<char>(code)).append(argument));
}
std::string query(std::string_view text) {
  return command(3, text);
}
std::string ok(uint8_t sequence, char status = 2) {
  return packet(sequence, "\0\0\0"s + status + "\0\0\0"s);
}
std::string end_of_rows(uint8_t sequence, char status = 2) {
  return packet(sequence, "\xfe\0\0"s + status + "\0"s);
}
const std::string kError = "\xff\x28\x04#42000Oh";

// Capabilities of the server and of the client, low and high half.
std::string greeting(std::string_view version, uint16_t low = 0xffff, uint16_t high = 0xc1ff) {
  std::string body = "\x0a" + std::string(version) + "\0"s + "\1\0\0\0abcdefgh\0"s;
  body += {static_cast<char>(low),  static_cast<char>(low >> 8), '\x21', 2, 0,
           static_cast<char>(high), static_cast<char>(high >> 8)};
  return packet(0, body + "\x15" + std::string(10, '\0') + "ijklmnopqrst\0mysql_native\0"s);
}
std::string login(uint32_t capabilities = 0x0020'820d) {
  std::string body;
  for (unsigned shift = 0; shift < 32; shift += 8) body += static_cast<char>(capabilities >> shift);
  return packet(1, body + "\0\0\0\1\x21"s + std::string(23, '\0') + "app\0\3abcshop\0"s);
}

Conversation mysql() {
  auto talk = Conversation(MysqlDissector::create);
  talk.server(greeting("5.5.5-10.11.6-MariaDB", 0xfffe)).client(login()).server(ok(2));
  return talk;
}

Conversation long_talk() {
  auto talk = mysql();
  talk.client(query("select a from t where id = 17"))                                      // 4
      .server(packet(1, "\2") + packet(2, "def a") + packet(3, "def b") + end_of_rows(4))  // 5
      .server(packet(5,
                     "\1"
                     "1\1"
                     "2") +
              end_of_rows(6))                                                                 // 6
      .client(query("insert into t values (1), (2)"))                                         // 7
      .server(ok(1))                                                                          // 8
      .client(query("selekt"))                                                                // 9
      .server(packet(1, kError))                                                              // 10
      .client(command(22, "select b from t where id = ?"))                                    // 11
      .server(packet(1, "\0\7\0\0\0\1\0\1\0\0\0\0"s) + packet(2, "def ?") + end_of_rows(3) +  // 12
              packet(4, "def b") + end_of_rows(5))
      .client(command(24, "\7\0\0\0\0\0data"s) + command(23, "\7\0\0\0\0\1\0\0\0"s))  // 13
      .server(packet(1, "\1") + packet(2, "def b"))                                   // 14
      // The end of the columns left out, that of the rows in the form of OK.
      .server(packet(3, "\0\0\1x"s) + packet(4, "\xfe\0\0\2\0\0\0"s))                     // 15
      .client(command(25, "\7\0\0\0"s) + command(23, "\7\0\0\0\0\1\0\0\0"s))              // 16
      .server(packet(1, kError))                                                          // 17
      .client(query("call p(1)"))                                                         // 18
      .server(packet(1, "\1") + packet(2, "def") + end_of_rows(3) + end_of_rows(4, 0xa))  // 19
      .server(ok(5))                                                                      // 20
      .client(command(14))                                                                // 21
      .server(ok(1))                                                                      // 22
      .client(command(2, "other"))                                                        // 23
      .server(ok(1))                                                                      // 24
      .client(command(1));
  return talk;
}

TEST(MysqlDissector, FollowsAConnectionWhereverItIsSplit) {
  auto talk = long_talk();
  const Seen expected{{"MySQL", "SELECT a FROM t WHERE id = ?", 4, 5, 6, false},
                      {"MySQL", "INSERT INTO t VALUES (?)", 7, 8, 8, false},
                      {"MySQL", "selekt", 9, 10, 10, true},
                      {"MySQL", "PREPARE SELECT b FROM t WHERE id = ?", 11, 12, 12, false},
                      {"MySQL", "SELECT b FROM t WHERE id = ?", 13, 14, 15, false},
                      {"MySQL", "EXECUTE", 16, 17, 17, true},
                      {"MySQL", "CALL p(?)", 18, 19, 20, false},
                      {"MySQL", "PING", 21, 22, 22, false},
                      {"MySQL", "INIT_DB", 23, 24, 24, false}};
  for (size_t part = 1; part < 100; ++part) {
    talk.hear(part);
    EXPECT_EQ(talk.progress, Progress::kMore) << part;
    EXPECT_EQ(talk.findings.protocol, "MySQL") << part;
    EXPECT_EQ(talk.transactions.seen, expected) << part;
    EXPECT_EQ(talk.first(MetadataField::kSoftware), "10.11.6-MariaDB") << part;
    EXPECT_EQ(talk.first(MetadataField::kDatabaseUser), "app") << part;
    EXPECT_EQ(talk.all(MetadataField::kDatabaseName), "shop other") << part;
  }
}

TEST(MysqlDissector, IsSilentUnderTlsAndCompression) {
  for (const uint32_t capability : {0x800U, 0x20U}) {
    auto talk = Conversation(MysqlDissector::create);
    talk.server(greeting("8.0.36")).client(login(0x0020'820d | capability));
    talk.client(query("select 1")).server(ok(1));
    talk.hear();
    EXPECT_EQ(talk.progress, Progress::kDone);
    EXPECT_EQ(talk.findings.protocol, "MySQL");
    EXPECT_EQ(talk.first(MetadataField::kSoftware), "MySQL 8.0.36");
    EXPECT_EQ(talk.first(MetadataField::kDatabaseUser), capability == 0x800 ? "" : "app");
    EXPECT_TRUE(talk.transactions.seen.empty());
  }
}

TEST(MysqlDissector, JoinsAConnectionThatIsUnderWay) {
  auto talk = Conversation(MysqlDissector::create);
  talk.client(query("select 1")).server(ok(1));
  EXPECT_TRUE(MysqlDissector::may_begin(talk.payload(0)));
  talk.hear();
  EXPECT_EQ(talk.findings.protocol, "MySQL");
  EXPECT_EQ(talk.transactions.seen, (Seen{{"MySQL", "SELECT ?", 1, 2, 2, false}}));
}

TEST(MysqlDissector, GoesOnAtTheNextCommandWhenBytesAreMissing) {
  auto talk = mysql();
  talk.client(query("select 1"))
      .server_after_gap("some rows")
      .client(query("select a"))
      .server(ok(1))
      .client_after_gap("the end of something")
      .client(query("select b"))
      .server(ok(1));
  talk.hear();
  EXPECT_EQ(talk.transactions.seen,
            (Seen{{"MySQL", "SELECT a", 6, 7, 7, false}, {"MySQL", "SELECT b", 9, 10, 10, false}}));
}

TEST(MysqlDissector, TellsOfAStatementThatWasNotAnswered) {
  auto talk = mysql();
  talk.client(query("select 1")).server(ok(1)).client(query("select sleep(100)"));
  talk.ends = true;
  talk.hear();
  EXPECT_EQ(talk.transactions.seen, (Seen{{"MySQL", "SELECT ?", 4, 5, 5, false},
                                          {"MySQL", "SELECT sleep(?)", 6, 6, 6, false, false}}));
}

TEST(MysqlDissector, WaitsForTheAnswerToAFile) {
  auto talk = mysql();
  talk.client(query("load data local infile 'x' into table t"))
      .server(packet(1, "\xfbx"))
      .client(packet(2, "1,2,3") + packet(3, ""))
      .server(ok(4));
  talk.hear();
  EXPECT_EQ(talk.transactions.seen,
            (Seen{{"MySQL", "load data local infile ? INTO TABLE t", 4, 5, 7, false}}));
}

TEST(MysqlDissector, BoundsWhatItRemembers) {
  auto talk = mysql();
  for (uint8_t id = 0; id <= MysqlDissector::kMaxPrepared; ++id)
    talk.client(command(22, "select a"))
        .server(packet(1, "\0"s + static_cast<char>(id) + "\0\0\0"s));
  talk.client(command(23, "\0\0\0\0"s))
      .server(ok(1))
      .client(command(23, "\1\0\0\0"s))
      .server(ok(1));
  talk.hear();
  const size_t count = talk.transactions.seen.size();
  ASSERT_EQ(count, MysqlDissector::kMaxPrepared + 3);
  EXPECT_EQ(talk.transactions.seen[count - 2].key, "EXECUTE");
  EXPECT_EQ(talk.transactions.seen[count - 1].key, "SELECT a");
  auto flood = mysql();
  for (size_t i = 0; i <= ExchangeQueue::kMaxWaiting; ++i) flood.client(command(14));
  flood.hear();
  EXPECT_EQ(flood.progress, Progress::kDone);
}

TEST(MysqlDissector, KnowsAServerThatRefusesAtOnce) {
  const std::string refusal = "\xff\x6a\x04Host '10.0.0.1' is not allowed to connect"s;
  for (const size_t part : {SIZE_MAX, size_t{5}}) {
    auto talk = Conversation(MysqlDissector::create);
    talk.server(packet(0, refusal));
    EXPECT_TRUE(MysqlDissector::may_begin(talk.payload(0)));
    talk.hear(part);
    EXPECT_EQ(talk.progress, Progress::kDone);
    EXPECT_EQ(talk.findings.protocol, "MySQL");
  }
  auto other = Conversation(MysqlDissector::create);
  other.server(packet(0, "\xff\xfd\x18negotiates Telnet or whatever"));
  EXPECT_FALSE(MysqlDissector::may_begin(other.payload(0)));
}

TEST(MysqlDissector, GivesUpWhatOnlyBeganLikeIt) {
  auto talk = Conversation(MysqlDissector::create);
  talk.server(packet(0, "\x0aSSH-like text, no version here"));
  EXPECT_FALSE(MysqlDissector::may_begin(talk.payload(0)));
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kNotMine);
  EXPECT_TRUE(MysqlDissector::may_begin(mysql().payload(0)));
}

}  // namespace
}  // namespace weir
