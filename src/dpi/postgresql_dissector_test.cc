// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/postgresql_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"

namespace weir {
namespace {

using Seen = std::vector<SeenTransaction>;
using namespace std::string_literals;

std::string number(size_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16),
          static_cast<char>(value >> 8), static_cast<char>(value)};
}
std::string message(char type, std::string_view body = "") {
  return std::string(1, type) + number(body.size() + 4) + std::string(body);
}
std::string startup(uint32_t code, std::string_view body = "") {
  return number(body.size() + 8) + number(code) + std::string(body);
}
std::string query(const std::string& text) {
  return message('Q', text + "\0"s);
}
std::string parse(const std::string& name, const std::string& text) {
  return message('P', name + "\0"s + text + "\0\0\0"s);
}
std::string bind(const std::string& statement) {
  return message('B', "\0"s + statement + "\0\0\0\0\0"s);
}
const std::string kExecute = message('E', "\0\0\0\0\0"s);
const std::string kSync = message('S');
const std::string kReady = message('Z', "I");
const std::string kDone = message('C', "SELECT 1\0"s);
const std::string kRow = message('D', "row");
const std::string kError = message('E', "SERROR\0\0"s);
constexpr uint32_t kVersion = 3 << 16;
constexpr uint32_t kTls = 80'877'103;

Conversation postgresql() {
  auto talk = Conversation(PostgresqlDissector::create);
  talk.client(startup(80'877'104))
      .server("N")
      .client(startup(kTls))
      .server("N")
      .client(startup(kVersion, "user\0app\0database\0shop\0application_name\0psql\0\0"s))
      .server(message('R', number(0)) +
              message('S',
                      "server_version\0"
                      "15.5\0"s) +
              kReady);
  return talk;
}

TEST(PostgresqlDissector, FollowsAConnectionWhereverItIsSplit) {
  auto talk = postgresql();
  talk.client(query("select * from t where id = 5"))                                         // 7
      .server(message('T', "columns") + kRow)                                                // 8
      .server(kRow + kDone + kReady)                                                         // 9
      .client(query("selekt"))                                                               // 10
      .server(kError + kReady)                                                               // 11
      .client(parse("s1", "select a from t where b = $1") + message('D', "Ss1\0"s) + kSync)  // 12
      .server(message('1') + message('t') + message('T') + kReady)                           // 13
      .client(bind("s1") + kExecute + bind("s1") + kExecute + kSync)                         // 14
      .server(message('2') + kRow + kDone)                                                   // 15
      .server(message('2') + kDone + kReady)                                                 // 16
      // The second never runs.
      .client(parse("", "insert into t values ($1, $2)") + bind("") + kExecute + bind("s1") +
              kExecute + kSync)                                         // 17
      .server(message('1') + message('2') + kError + kReady)            // 18
      .client(message('C', "Ss1\0"s) + bind("s1") + kExecute + kSync)   // 19
      .server(message('3') + kError + message('N', "notice") + kReady)  // 20
      .client(query("copy t from stdin"))                               // 21
      .server(message('G', "\0\0\1\0\0"s))                              // 22
      .client(message('d', "1\n") + message('c'))                       // 23
      .server(kDone + kReady)                                           // 24
      .client(message('X'));
  const Seen expected{{"PostgreSQL", "SELECT * FROM t WHERE id = ?", 7, 8, 9, false},
                      {"PostgreSQL", "selekt", 10, 11, 11, true},
                      {"PostgreSQL", "SELECT a FROM t WHERE b = ?", 14, 15, 15, false},
                      {"PostgreSQL", "SELECT a FROM t WHERE b = ?", 14, 16, 16, false},
                      {"PostgreSQL", "INSERT INTO t VALUES (?)", 17, 18, 18, true},
                      {"PostgreSQL", "EXECUTE", 19, 20, 20, true},
                      {"PostgreSQL", "COPY t FROM stdin", 21, 22, 24, false}};
  for (size_t part = 1; part < 100; ++part) {
    talk.hear(part);
    EXPECT_EQ(talk.progress, Progress::kMore) << part;
    EXPECT_EQ(talk.findings.protocol, "PostgreSQL") << part;
    EXPECT_EQ(talk.transactions.seen, expected) << part;
    EXPECT_EQ(talk.first(MetadataField::kDatabaseUser), "app") << part;
    EXPECT_EQ(talk.first(MetadataField::kDatabaseName), "shop") << part;
    EXPECT_EQ(talk.all(MetadataField::kSoftware), "psql PostgreSQL 15.5") << part;
  }
}

TEST(PostgresqlDissector, IsSilentUnderEncryptionAndAfterCancellation) {
  auto talk = Conversation(PostgresqlDissector::create);
  talk.client(startup(kTls)).server("S").client(query("select 1"));
  auto cancelled = Conversation(PostgresqlDissector::create);
  cancelled.client(startup(80'877'102, "\0\0\0\1\0\0\0\2"s));
  for (Conversation* each : {&talk, &cancelled}) {
    EXPECT_TRUE(PostgresqlDissector::may_begin(each->payload(0)));
    each->hear();
    EXPECT_EQ(each->progress, Progress::kDone);
    EXPECT_EQ(each->findings.protocol, "PostgreSQL");
    EXPECT_TRUE(each->transactions.seen.empty());
  }
}

TEST(PostgresqlDissector, TakesTheUserForTheDatabaseThatIsNotNamed) {
  auto talk = Conversation(PostgresqlDissector::create);
  talk.client(startup(kVersion, "user\0app\0\0"s));
  talk.hear();
  EXPECT_EQ(talk.first(MetadataField::kDatabaseName), "app");
}

TEST(PostgresqlDissector, JoinsAConnectionThatIsUnderWay) {
  auto talk = Conversation(PostgresqlDissector::create);
  talk.client(query("select 1")).server(kDone + kReady);
  EXPECT_TRUE(PostgresqlDissector::may_begin(talk.payload(0)));
  talk.hear();
  EXPECT_EQ(talk.transactions.seen, (Seen{{"PostgreSQL", "SELECT ?", 1, 2, 2, false}}));
}

TEST(PostgresqlDissector, GoesOnAtTheNextQueryWhenBytesAreMissing) {
  auto talk = postgresql();
  talk.client(query("select 1"))
      .server_after_gap("rows")
      .client(query("select a"))
      .server(kDone + kReady)
      .client_after_gap("the end of something")
      .client(query("select b"))
      .server(kDone + kReady);
  talk.hear();
  EXPECT_EQ(talk.transactions.seen, (Seen{{"PostgreSQL", "SELECT a", 9, 10, 10, false},
                                          {"PostgreSQL", "SELECT b", 12, 13, 13, false}}));
}

TEST(PostgresqlDissector, CountsOnAfterMoreThanItRemembers) {
  auto talk = postgresql();
  std::string batch = parse("s", "update t set a = $1");
  std::string answers = message('1');
  for (size_t i = 0; i < 3 * ExchangeQueue::kMaxWaiting; ++i) {
    batch += bind("s") + kExecute;
    answers += message('2') + message('C', "UPDATE 1\0"s);
  }
  talk.client(batch + kSync).server(answers + kReady);
  talk.client(query("select 1")).server(kDone + kReady);
  talk.hear();
  ASSERT_EQ(talk.transactions.seen.size(), ExchangeQueue::kMaxWaiting + 1);
  EXPECT_EQ(talk.transactions.seen.back(),
            (SeenTransaction{"PostgreSQL", "SELECT ?", 9, 10, 10, false}));
}

TEST(PostgresqlDissector, GivesUpWhatOnlyBeganLikeIt) {
  auto talk = Conversation(PostgresqlDissector::create);
  talk.client("GET / HTTP/1.1\r\n\r\n");
  EXPECT_FALSE(PostgresqlDissector::may_begin(talk.payload(0)));
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kNotMine);
}

}  // namespace
}  // namespace weir
