// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/snmp_dissector.h"

#include <optional>
#include <string_view>

#include "dpi/ascii_text.h"

namespace weir {
namespace {

enum Tag : uint8_t { kInteger = 0x02, kOctetString = 0x04, kSequence = 0x30 };
enum Version : uint8_t { kV1 = 0, kV2c = 1, kV3 = 3 };

// The content of the element of that tag at the cursor, which then stands behind it. Content that
// was cut off is told as far as it goes.
std::optional<ByteReader> take_element(ByteReader& bytes, uint8_t tag) {
  if (bytes.u8(0) != tag || !bytes.can_read(2)) return std::nullopt;
  size_t size = bytes.u8(1);
  size_t header = 2;
  if (size >= 0x80) {
    const size_t digits = size & 0x7f;
    if (digits == 0 || digits > 4 || !bytes.can_read(2 + digits)) return std::nullopt;
    size = 0;
    for (size_t i = 0; i < digits; ++i) size = size << 8 | bytes.u8(2 + i);
    header += digits;
  }
  ByteReader content = bytes;
  content.skip(header);
  content.truncate(size);
  bytes.skip(header);
  bytes.skip(size);
  return content;
}

struct Message {
  uint8_t version = 0;
  std::string_view community;
  std::string_view user;
};

std::string_view user_of(ByteReader parameters) {
  auto content = take_element(parameters, kSequence);
  if (!content || !take_element(*content, kOctetString) || !take_element(*content, kInteger) ||
      !take_element(*content, kInteger))
    return {};
  const auto user = take_element(*content, kOctetString);
  return user ? text_of(*user) : std::string_view();
}

std::optional<Message> parse(ByteReader bytes) {
  if (bytes.u8(0) != kSequence) return std::nullopt;
  auto content = take_element(bytes, kSequence);
  if (!content) return std::nullopt;
  const auto version = take_element(*content, kInteger);
  if (!version || version->remaining() != 1) return std::nullopt;
  Message message;
  message.version = version->u8(0);
  if (message.version == kV1 || message.version == kV2c) {
    const auto community = take_element(*content, kOctetString);
    const uint8_t operation = content->u8(0);
    if (!community || operation < 0xa0 || operation > 0xa8) return std::nullopt;
    message.community = text_of(*community);
    return message;
  }
  if (message.version != kV3 || !take_element(*content, kSequence)) return std::nullopt;
  const auto parameters = take_element(*content, kOctetString);
  if (!parameters) return std::nullopt;
  message.user = user_of(*parameters);
  return message;
}

std::string_view name_of(uint8_t version) {
  return version == kV1 ? "1" : version == kV2c ? "2c" : "3";
}

}  // namespace

bool SnmpDissector::may_begin(const Payload& payload) {
  return !payload.is_tcp && payload.bytes.u8(0) == kSequence && parse(payload.bytes).has_value();
}

std::unique_ptr<Dissector> SnmpDissector::create() {
  return std::make_unique<SnmpDissector>();
}

Progress SnmpDissector::feed(const Payload& payload, Findings& findings) {
  const auto message = parse(payload.bytes);
  if (!message) return findings.protocol.empty() ? Progress::kNotMine : Progress::kDone;
  findings.protocol = "SNMP";
  findings.metadata.add(MetadataField::kSnmpVersion, name_of(message->version));
  findings.metadata.add(MetadataField::kSnmpCommunity, message->community);
  findings.metadata.add(MetadataField::kUserName, message->user);
  const bool is_known = message->version != kV3 || !message->user.empty();
  return is_known || ++packets_ == kMaxPackets ? Progress::kDone : Progress::kMore;
}

}  // namespace weir
