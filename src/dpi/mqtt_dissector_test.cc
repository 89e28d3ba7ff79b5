// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/mqtt_dissector.h"

#include <gtest/gtest.h>

#include "dpi/test_conversation.h"

namespace weir {
namespace {

using Field = MetadataField;

std::string text(const std::string& value) {
  return std::string{static_cast<char>(value.size() >> 8), static_cast<char>(value.size())} + value;
}
std::string packet(uint8_t first, const std::string& body) {
  std::string length;
  for (size_t rest = body.size();; rest /= 128) {
    length += static_cast<char>(rest % 128 | (rest >= 128 ? 0x80 : 0));
    if (rest < 128) break;
  }
  return static_cast<char>(first) + length + body;
}
std::string connect(const std::string& name, char version, char flags, const std::string& rest) {
  return packet(0x10, text(name) + version + flags + std::string("\0\x3c", 2) + rest);
}

TEST(MqttDissector, ReadsAConnectionOf311) {
  const std::string will = text("gone") + text("bye");
  for (const size_t step : {1, 3, 1000}) {
    Conversation talk(MqttDissector::create);
    talk.client(connect("MQTT", 4, '\xc6', text("sensor-7") + will + text("bob") + text("secret")));
    talk.server(std::string("\x20\2\0\0", 4));
    talk.client(
        packet(0x82, std::string("\0\1", 2) + text("house/#") + '\1' + text("alarm") + '\0'));
    talk.client(packet(0x30, text("house/temperature") + "21.5")).hear(step);
    EXPECT_EQ(talk.findings.protocol, "MQTT") << step;
    EXPECT_EQ(talk.first(Field::kMqttVersion), "3.1.1");
    EXPECT_EQ(talk.first(Field::kMqttClientId), "sensor-7");
    EXPECT_EQ(talk.first(Field::kUserName), "bob");
    EXPECT_EQ(talk.all(Field::kMqttTopic), "house/# alarm house/temperature");
  }
}

TEST(MqttDissector, ReadsAConnectionOf5WithProperties) {
  const std::string properties("\5\x11\0\0\0\x0a", 6);
  Conversation talk(MqttDissector::create);
  talk.client(connect("MQTT", 5, '\x80', properties + text("five") + text("eve")));
  talk.client(packet(0x82, std::string("\0\1\0", 3) + text("a/b") + '\0')).hear();
  EXPECT_EQ(talk.first(Field::kMqttVersion), "5");
  EXPECT_EQ(talk.first(Field::kMqttClientId), "five");
  EXPECT_EQ(talk.first(Field::kUserName), "eve");
  EXPECT_EQ(talk.first(Field::kMqttTopic), "a/b");
}

TEST(MqttDissector, ReadsTheNameOf31) {
  Conversation talk(MqttDissector::create);
  talk.client(connect("MQIsdp", 3, '\2', text("old"))).hear();
  EXPECT_EQ(talk.first(Field::kMqttVersion), "3.1");
  EXPECT_EQ(talk.first(Field::kMqttClientId), "old");
}

TEST(MqttDissector, TellsNothingOfWhatIsCutShort) {
  Conversation talk(MqttDissector::create);
  talk.client(connect("MQTT", 4, '\x80', std::string("\0\x20only", 6))).hear();
  EXPECT_EQ(talk.findings.protocol, "MQTT");
  EXPECT_EQ(talk.first(Field::kMqttClientId), "");
  EXPECT_EQ(talk.first(Field::kUserName), "");
}

TEST(MqttDissector, KeepsABoundedNumberOfTopics) {
  Conversation talk(MqttDissector::create);
  talk.client(connect("MQTT", 4, '\2', text("c")));
  for (int i = 0; i < 20; ++i) talk.client(packet(0x30, text("t" + std::to_string(i)) + "x"));
  talk.hear();
  EXPECT_EQ(talk.progress, Progress::kDone);
  EXPECT_EQ(talk.all(Field::kMqttTopic), "t0 t1 t2 t3 t4 t5 t6 t7");
}

TEST(MqttDissector, IsNotForOthers) {
  Payload payload;
  const std::string other = packet(0x10, text("MQTX") + "\4");
  payload.bytes = ByteReader(reinterpret_cast<const uint8_t*>(other.data()), other.size());
  EXPECT_FALSE(MqttDissector::may_begin(payload));
  const std::string ours = connect("MQTT", 4, '\2', text("c"));
  payload.bytes = ByteReader(reinterpret_cast<const uint8_t*>(ours.data()), ours.size());
  EXPECT_TRUE(MqttDissector::may_begin(payload));
  Conversation talk(MqttDissector::create);
  talk.client(packet(0x30, text("topic"))).hear();
  EXPECT_EQ(talk.progress, Progress::kNotMine);
}

}  // namespace
}  // namespace weir
