// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/memcached_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"

namespace weir {
namespace {

using Seen = std::vector<SeenTransaction>;
using namespace std::string_literals;

Conversation memcached() {
  return Conversation(MemcachedDissector::create);
}

TEST(MemcachedDissector, FollowsTheTextProtocolWhereverItIsSplit) {
  auto talk = memcached();
  talk.client("version\r\n")                                                    // 1
      .server("VERSION 1.6.18\r\n")                                             // 2
      .client("set user:17 0 60 7\r\nget a\r\n\r\n")                            // 3
      .server("STORED\r\n")                                                     // 4
      .client("get user:17 user:18\r\ndelete user:17 noreply\r\nincr n 1\r\n")  // 5
      .server("VALUE user:17 0 5\r\nEND\r\n\r\n")                               // 6
      .server("END\r\nNOT_FOUND\r\n")                                           // 7
      .client("gat 100 session:1\r\n")                                          // 8
      .server("SERVER_ERROR out of memory\r\n")                                 // 9
      .client("mg k v\r\nms k 2\r\nab\r\n")                                     // 10
      .server("VA 3\r\nabc\r\nHD\r\n")                                          // 11
      .client("nonsense\r\nstats\r\n")                                          // 12
      .server("ERROR\r\nSTAT pid 1\r\nSTAT uptime 2\r\nEND\r\n")                // 13
      .client("quit\r\n");
  const Seen expected{
      {"Memcached", "version", 1, 2, 2, false},      {"Memcached", "set user:?", 3, 4, 4, false},
      {"Memcached", "get user:?", 5, 6, 7, false},   {"Memcached", "incr n", 5, 7, 7, false},
      {"Memcached", "gat session:?", 8, 9, 9, true}, {"Memcached", "mg k", 10, 11, 11, false},
      {"Memcached", "ms k", 10, 11, 11, false},      {"Memcached", "stats", 12, 13, 13, false}};
  for (size_t part = 1; part < 60; ++part) {
    talk.hear(part);
    EXPECT_EQ(talk.progress, Progress::kMore) << part;
    EXPECT_EQ(talk.findings.protocol, "Memcached") << part;
    EXPECT_EQ(talk.transactions.seen, expected) << part;
    EXPECT_EQ(talk.first(MetadataField::kSoftware), "memcached 1.6.18") << part;
  }
}

std::string binary(char magic, char opcode, char status, char opaque, const std::string& key,
                   const std::string& value = "") {
  const auto total = static_cast<char>(key.size() + value.size());
  return std::string{magic, opcode, '\0', static_cast<char>(key.size())} + "\0\0\0"s + status +
         "\0\0\0"s + total + "\0\0\0"s + opaque + std::string(8, '\0') + key + value;
}

TEST(MemcachedDissector, FollowsTheBinaryProtocolWhereverItIsSplit) {
  auto talk = memcached();
  talk.client(binary('\x80', 0, 0, 1, "user:1"))         // 1
      .server(binary('\x81', 0, 1, 1, "", "Not found"))  // 2
      // A quiet miss and a quiet hit, and what ends them.
      .client(binary('\x80', 9, 0, 2, "a") + binary('\x80', 9, 0, 3, "b") +
              binary('\x80', 10, 0, 4, ""))                                         // 3
      .server(binary('\x81', 9, 0, 3, "", "value") + binary('\x81', 10, 0, 4, ""))  // 4
      .client(binary('\x80', 16, 0, 5, ""))                                         // 5
      .server(binary('\x81', 16, 0, 5, "pid", "1"))                                 // 6
      .server(binary('\x81', 16, 0, 5, ""))                                         // 7
      .client(binary('\x80', 11, 0, 6, ""))                                         // 8
      .server(binary('\x81', 11, 0, 6, "", "1.6.18"))                               // 9
      .client(binary('\x80', 1, 0, 7, "c", std::string(100, 'x')))                  // 10
      .server(binary('\x81', 1, 4, 7, "", "Too large"));                            // 11
  const Seen expected{
      {"Memcached", "get user:?", 1, 2, 2, false}, {"Memcached", "get b", 3, 4, 4, false},
      {"Memcached", "noop", 3, 4, 4, false},       {"Memcached", "stats", 5, 6, 7, false},
      {"Memcached", "version", 8, 9, 9, false},    {"Memcached", "set c", 10, 11, 11, true}};
  for (size_t part = 1; part < 60; ++part) {
    talk.hear(part);
    EXPECT_EQ(talk.progress, Progress::kMore) << part;
    EXPECT_EQ(talk.findings.protocol, "Memcached") << part;
    EXPECT_EQ(talk.transactions.seen, expected) << part;
    EXPECT_EQ(talk.first(MetadataField::kSoftware), "memcached 1.6.18") << part;
  }
}

TEST(MemcachedDissector, EndsWhereItCannotBeFollowed) {
  auto quiet = memcached();
  quiet.client("mg k v q\r\n");
  auto torn = memcached();
  torn.client("get a\r\n").server_after_gap("END\r\n");
  auto broken = memcached();
  broken.client("set a 0 0 many\r\n");
  for (Conversation* talk : {&quiet, &torn, &broken}) {
    talk->hear();
    EXPECT_EQ(talk->progress, Progress::kDone);
    EXPECT_EQ(talk->findings.protocol, "Memcached");
    EXPECT_TRUE(talk->transactions.seen.empty());
  }
}

TEST(MemcachedDissector, BeginsWithACommand) {
  const auto begins = [](const std::string& bytes) {
    auto talk = memcached();
    talk.client(bytes);
    return MemcachedDissector::may_begin(talk.payload(0));
  };
  EXPECT_TRUE(begins("get a\r\n"));
  EXPECT_TRUE(begins("set a 0 0 3\r\nabc\r\n"));
  EXPECT_TRUE(begins("stats\r\n"));
  EXPECT_TRUE(begins(binary('\x80', 0, 0, 1, "user:1")));
  EXPECT_FALSE(begins("get /index.html\r\n"));
  EXPECT_FALSE(begins("set a b\r\n"));
  EXPECT_FALSE(begins("GET a\r\n"));
  EXPECT_FALSE(begins(binary('\x80', 99, 0, 1, "user:1")));
}

}  // namespace
}  // namespace weir
