// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/bittorrent_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"

namespace weir {
namespace {

using Field = MetadataField;

const std::string kHash = "\xab" + std::string(19, '\1');
const std::string kHashText =
    "ab"
    "01010101010101010101010101010101010101";

std::string handshake(const std::string& peer) {
  return "\x13"
         "BitTorrent protocol" +
         std::string(8, '\0') + kHash + peer;
}

TEST(BittorrentDissector, ReadsBothHandshakes) {
  for (const size_t step : {1, 30, 1000}) {
    Conversation talk(BittorrentDissector::create);
    talk.client(handshake("-TR2940-abcdefghijkl") + "bitfield");
    talk.server(handshake("-qB4500-abcdefghijkl")).hear(step);
    EXPECT_EQ(talk.progress, Progress::kDone) << step;
    EXPECT_EQ(talk.findings.protocol, "BitTorrent");
    EXPECT_EQ(talk.all(Field::kBittorrentHash), kHashText);
    EXPECT_EQ(talk.all(Field::kSoftware), "TR2940 qB4500");
  }
}

TEST(BittorrentDissector, IsDoneWhenTheOtherSideSaysSomethingElse) {
  Conversation talk(BittorrentDissector::create);
  talk.client(handshake("random-peer-id-of-20")).server("not like that").hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.all(Field::kSoftware), "");
  Conversation stranger(BittorrentDissector::create);
  stranger
      .client(
          "\x13"
          "BitTornado")
      .hear();
  EXPECT_EQ(stranger.progress, Progress::kNotMine);
}

TEST(BittorrentDissector, DoesNotWaitForEverForTheOtherSide) {
  Conversation talk(BittorrentDissector::create);
  talk.client(handshake("random-peer-id-of-20")).client(std::string(20000, 'x')).hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
}

TEST(BittorrentUdpDissector, ReadsQuestionsOfTheTable) {
  Conversation talk(BittorrentUdpDissector::create, false);
  const std::string id(20, 'i');
  talk.client("d1:ad2:id20:" + id + "9:info_hash20:" + kHash + "e1:q9:get_peers1:t2:aa1:y1:qe");
  talk.server("d1:rd2:id20:" + id + "e1:t2:aa1:y1:re").hear();
  EXPECT_EQ(talk.findings.protocol, "BitTorrent");
  EXPECT_EQ(talk.all(Field::kBittorrentHash), kHashText);
  Conversation cut(BittorrentUdpDissector::create, false);
  cut.client("d1:ad2:id20:" + id + "9:info_hash20:short").hear();
  EXPECT_EQ(cut.all(Field::kBittorrentHash), "");
}

TEST(BittorrentUdpDissector, ReadsLocalDiscovery) {
  Conversation talk(BittorrentUdpDissector::create, false);
  talk.client("BT-SEARCH * HTTP/1.1\r\nPort: 6881\r\nInfohash: AB" + kHashText.substr(2) + "\r\n");
  talk.hear();
  EXPECT_EQ(talk.all(Field::kBittorrentHash), kHashText);
}

TEST(BittorrentUdpDissector, FindsHandshakesInUtp) {
  const std::string connection("\x41\0\x30\x39\0\0\0\1\0\0\0\0\0\x10\0\0\0\1\0\0", 20);
  const std::string data("\x01\0\x30\x39\0\0\0\1\0\0\0\0\0\x10\0\0\0\2\0\1", 20);
  Conversation talk(BittorrentUdpDissector::create, false);
  talk.client(connection).client(data + handshake("-UT3530-abcdefghijkl")).hear();
  EXPECT_EQ(talk.all(Field::kBittorrentHash), kHashText);
  EXPECT_EQ(talk.all(Field::kSoftware), "UT3530");
  EXPECT_TRUE(BittorrentUdpDissector::may_begin(talk.payload(0)));
  Conversation other(BittorrentUdpDissector::create, false);
  other.client(connection + "x").client("hello");
  EXPECT_FALSE(BittorrentUdpDissector::may_begin(other.payload(0)));
  EXPECT_FALSE(BittorrentUdpDissector::may_begin(other.payload(1)));
}

TEST(BittorrentUdpDissector, IsDoneAfterSomeDatagrams) {
  Conversation talk(BittorrentUdpDissector::create, false);
  for (unsigned i = 0; i < BittorrentUdpDissector::kMaxDatagrams; ++i)
    talk.client("d1:rd2:id20:" + std::string(20, 'i') + "e1:t2:aa1:y1:re");
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
}

}  // namespace
}  // namespace weir
