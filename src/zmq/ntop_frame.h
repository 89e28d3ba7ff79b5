// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace weir {

// The first part of a two-part ZeroMQ message between ntop's programs, and weir's: what the second
// part holds, who sent it, and its number. There are four layouts, told apart by their size alone:
// what they say of the size and of their own version is not the same in all programs.
//
//   40 bytes: topic[32], u32 version, u32 size (none has numbers)
//   24 bytes: topic[16], u8 version, u8 source, u16 size, u32 number
//   28 bytes: topic[16], u8 version, u8, u16 size, u32 number, u32 source
//   36 bytes: topic[16], u8 version, u8 flags, u16, u32 size unpacked, u32 size, u32 number,
//             u32 source

enum class NtopTopic : uint8_t {
  kFlow,
  kEvent,    // what the probe says of itself
  kCounter,  // of an interface
  kTemplate,
  kOption,
  kHello,
  kListeningPorts,
  kSnmpInterfaces,
  kMessage,
  kIpfix,  // weir's own: one message of RFC 7011
  kOther,
  kCount
};
inline constexpr size_t kNtopTopics = static_cast<size_t>(NtopTopic::kCount);
// "flow", "event" ...; "other" for kOther.
[[nodiscard]] std::string_view ntop_topic_name(NtopTopic topic);

struct NtopHeader {
  NtopTopic topic = NtopTopic::kOther;
  uint32_t source = 0;             // told by the peer: one of its probes
  std::optional<uint32_t> number;  // one more in each message of a source
  bool is_tlv = false;             // the payload is in nDPI's TLV, else JSON
  bool is_packed = false;          // the whole payload is zlib's (RFC 1950)
  // JSON that begins with a zero byte is zlib's from the second byte on.
  bool may_be_packed = false;
};
// Nothing when it has none of the four sizes.
[[nodiscard]] std::optional<NtopHeader> read_ntop_header(std::span<const uint8_t> bytes);

// What weir sends: the layout of 24 bytes with version 2, numbers in network order. `topic`: at
// most 15 bytes.
using NtopHeaderBytes = std::array<uint8_t, 24>;
[[nodiscard]] NtopHeaderBytes make_ntop_header(std::string_view topic, uint8_t source,
                                               size_t payload_bytes, uint32_t number);

}  // namespace weir
