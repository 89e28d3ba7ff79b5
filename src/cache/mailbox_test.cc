// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/mailbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cache/channels.h"

namespace weir {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Mailbox, GivesWhatCameSince) {
  Mailbox mailbox(nullptr);
  EXPECT_THAT(mailbox.messages(0, 10), IsEmpty());
  for (const char* text : {"a", "b", "c"}) mailbox.put(text);
  EXPECT_THAT(mailbox.messages(0, 10),
              ElementsAre(CacheMessage{1, "a"}, CacheMessage{2, "b"}, CacheMessage{3, "c"}));
  EXPECT_THAT(mailbox.messages(1, 1), ElementsAre(CacheMessage{2, "b"}));
  EXPECT_THAT(mailbox.messages(3, 10), IsEmpty());
  EXPECT_THAT(mailbox.messages(99, 10), IsEmpty());
}

TEST(Mailbox, KeepsTheLatest) {
  Mailbox mailbox(nullptr);
  for (size_t i = 0; i < Mailbox::kMaxMessages + 10; ++i) mailbox.put("x");
  EXPECT_EQ(mailbox.dropped(), 10U);
  EXPECT_EQ(mailbox.messages(0, 1000).size(), Mailbox::kMaxMessages);
  EXPECT_EQ(mailbox.messages(0, 1).front().number, 11U);
  const std::string half(Mailbox::kMaxBytes / 2, 'x');
  for (int i = 0; i < 3; ++i) mailbox.put(half);
  EXPECT_EQ(mailbox.messages(0, 1000).size(), 2U);
}

TEST(Channels, TellAllSubscribersOfAChannel) {
  Channels channels;
  EXPECT_FALSE(channels.has_subscribers());
  channels.publish("events", "for nobody");
  int told = 0;
  const auto a = channels.subscribe("events", [&] { ++told; });
  auto b = channels.subscribe("events", {});
  const auto other = channels.subscribe("event", {});
  EXPECT_TRUE(channels.has_subscribers());
  channels.publish("events", "one");
  b.reset();
  channels.publish("events", "two");
  EXPECT_THAT(a->messages(0, 10), ElementsAre(CacheMessage{1, "one"}, CacheMessage{2, "two"}));
  EXPECT_THAT(other->messages(0, 10), IsEmpty());
  EXPECT_EQ(told, 2);
  EXPECT_EQ(to_json(channels.statistics()),
            R"({"subscriptions":2,"published":3,"delivered":3,"dropped":0})");
}

TEST(Channels, KeepMessagesFromTheFirstTimeThatSomebodyAsks) {
  Channels channels;
  channels.publish("events", "too early");
  EXPECT_THAT(channels.messages("events", 0, 10), IsEmpty());
  channels.publish("events", "one");
  EXPECT_THAT(channels.messages("events", 0, 10), ElementsAre(CacheMessage{1, "one"}));
  EXPECT_THAT(channels.messages("events", 0, 10), ElementsAre(CacheMessage{1, "one"}));
}

TEST(Channels, KeepOnlySoMany) {
  Channels channels;
  for (size_t i = 0; i < Channels::kMaxKept + 10; ++i)
    (void)channels.messages(std::to_string(i), 0, 1);
  channels.publish("0", "kept");
  channels.publish(std::to_string(Channels::kMaxKept), "not kept");
  EXPECT_EQ(channels.messages("0", 0, 1).size(), 1U);
  EXPECT_THAT(channels.messages(std::to_string(Channels::kMaxKept), 0, 1), IsEmpty());
}

TEST(Channels, MayBeAskedByWhoIsTold) {
  Channels channels;
  size_t heard = 0;
  (void)channels.messages("events", 0, 1);
  const auto mailbox =
      channels.subscribe("events", [&] { heard = channels.messages("events", 0, 10).size(); });
  channels.publish("events", "x");
  EXPECT_EQ(heard, 1U);
}

}  // namespace
}  // namespace weir
