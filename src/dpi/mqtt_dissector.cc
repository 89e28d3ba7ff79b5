// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/mqtt_dissector.h"

#include <string_view>

#include "dpi/ascii_text.h"

namespace weir {
namespace {

enum PacketType : uint8_t { kConnect = 1, kPublish = 3, kSubscribe = 8 };
constexpr uint8_t kVersion31 = 3;
constexpr uint8_t kVersion311 = 4;
constexpr uint8_t kVersion5 = 5;

// Section 1.5.5 of MQTT 5: seven bits a byte, the least first, at most four bytes. Bytes it takes;
// 0: not whole, or too long.
size_t read_length(const ByteReader& bytes, size_t offset, size_t& length) {
  length = 0;
  for (size_t i = 0; i < 4 && bytes.can_read(offset + i + 1); ++i) {
    const uint8_t byte = bytes.u8(offset + i);
    length |= static_cast<size_t>(byte & 0x7f) << (7 * i);
    if ((byte & 0x80) == 0) return i + 1;
  }
  return 0;
}

// A length of two bytes and the text. False and nothing taken when it is not there as a whole.
bool take_text(ByteReader& bytes, std::string_view& text) {
  const size_t size = bytes.u16(0);
  if (!bytes.can_read(2 + size)) return false;
  text = text_of(bytes).substr(2, size);
  bytes.skip(2 + size);
  return true;
}

bool skip_properties(ByteReader& bytes) {
  size_t length = 0;
  const size_t digits = read_length(bytes, 0, length);
  if (digits == 0 || !bytes.can_read(digits + length)) return false;
  bytes.skip(digits + length);
  return true;
}

std::string_view version_name(uint8_t version) {
  if (version == kVersion31) return "3.1";
  return version == kVersion311 ? "3.1.1" : "5";
}

bool is_version(std::string_view name, uint8_t version) {
  if (name == "MQIsdp") return version == kVersion31;
  return name == "MQTT" && (version == kVersion311 || version == kVersion5);
}

bool is_connect(ByteReader body) {
  std::string_view name;
  return take_text(body, name) && is_version(name, body.u8(0));
}

}  // namespace

bool MqttDissector::may_begin(const Payload& payload) {
  size_t length = 0;
  const size_t digits = read_length(payload.bytes, 1, length);
  ByteReader body = payload.bytes;
  body.skip(1 + digits);
  return payload.is_tcp && payload.bytes.u8(0) == kConnect << 4 && digits != 0 && is_connect(body);
}

std::unique_ptr<Dissector> MqttDissector::create() {
  return std::make_unique<MqttDissector>();
}

std::optional<size_t> MqttDissector::size_of_unit(bool /*to_server*/,
                                                  const ByteReader& head) const {
  constexpr size_t kMostHeader = 5;
  size_t length = 0;
  if (head.u8(0) >> 4 == 0 && !head.empty()) return kBroken;
  const size_t digits = read_length(head, 1, length);
  if (digits != 0) return 1 + digits + length;
  if (head.can_read(kMostHeader)) return kBroken;
  return std::nullopt;
}

Progress MqttDissector::take_unit(const Payload& payload, ByteReader unit, Findings& findings) {
  const uint8_t type = unit.u8(0) >> 4;
  size_t length = 0;
  unit.skip(1 + read_length(unit, 1, length));
  if (type == kConnect && payload.to_server && version_ == 0 && !take_connect(unit, findings))
    return Progress::kNotMine;
  if (version_ == 0) return Progress::kNotMine;
  if (type == kPublish) take_publish(unit, findings);
  if (type == kSubscribe && payload.to_server) take_subscribe(unit, findings);
  return topics_ < kMaxTopics ? Progress::kMore : Progress::kDone;
}

// Section 3.1: name, version, flags, keep alive, properties, then what the flags say there is. What
// was cut off is not told.
bool MqttDissector::take_connect(ByteReader body, Findings& findings) {
  constexpr uint8_t kHasWill = 0x04;
  constexpr uint8_t kHasUser = 0x80;
  std::string_view text;
  if (!is_connect(body) || !take_text(body, text)) return false;
  version_ = body.u8(0);
  const uint8_t flags = body.u8(1);
  findings.protocol = "MQTT";
  findings.metadata.add(MetadataField::kMqttVersion, version_name(version_));
  body.skip(4);
  if (version_ == kVersion5 && !skip_properties(body)) return true;
  if (!take_text(body, text)) return true;
  findings.metadata.add(MetadataField::kMqttClientId, text);
  if ((flags & kHasWill) != 0) {
    if (version_ == kVersion5 && !skip_properties(body)) return true;
    std::string_view message;
    if (!take_text(body, text) || !take_text(body, message)) return true;
  }
  if ((flags & kHasUser) != 0 && take_text(body, text))
    findings.metadata.add(MetadataField::kUserName, text);
  return true;
}

// Version 5 may name a topic by a number that stands for it: then it is empty here.
void MqttDissector::take_publish(ByteReader body, Findings& findings) {
  std::string_view topic;
  if (take_text(body, topic)) add_topic(topic, findings);
}

void MqttDissector::take_subscribe(ByteReader body, Findings& findings) {
  body.skip(2);
  if (version_ == kVersion5 && !skip_properties(body)) return;
  std::string_view filter;
  while (topics_ < kMaxTopics && take_text(body, filter)) {
    body.skip(1);
    add_topic(filter, findings);
  }
}

void MqttDissector::add_topic(std::string_view topic, Findings& findings) {
  if (findings.metadata.add(MetadataField::kMqttTopic, topic)) ++topics_;
}

}  // namespace weir
