// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "collect/collector.h"

// Messages of exporters, for the tests of what collects them.
namespace weir::test_messages {

using Bytes = std::vector<uint8_t>;

inline constexpr int64_t kSecond = 1'000'000'000;
inline constexpr int64_t kNow = int64_t{1'700'000'000} * kSecond;
inline constexpr uint32_t kNowSeconds = 1'700'000'000;

inline void put(Bytes& bytes, uint64_t value, size_t length) {
  for (size_t i = length; i > 0; --i)
    bytes.push_back(i > sizeof value ? uint8_t{0} : static_cast<uint8_t>(value >> 8 * (i - 1)));
}
inline void append(Bytes& bytes, const Bytes& more) {
  for (const uint8_t byte : more) bytes.push_back(byte);
}

inline ExportPeer peer(uint8_t host = 1, uint16_t port = 2055) {
  const uint8_t address[] = {192, 0, 2, host};
  return {IpAddress::from_v4(address), port};
}

// A set of some id with some bytes in it.
inline Bytes set_of(uint16_t id, const Bytes& content) {
  Bytes bytes;
  put(bytes, id, 2);
  put(bytes, content.size() + 4, 2);
  append(bytes, content);
  return bytes;
}

// `fields`: id and length; an id above 16 bits has its enterprise in the upper 32.
struct Field {
  uint16_t id;
  uint16_t length;
  uint32_t enterprise = 0;
};
inline Bytes template_record(uint16_t id, const std::vector<Field>& fields) {
  Bytes bytes;
  put(bytes, id, 2);
  put(bytes, fields.size(), 2);
  for (const Field& field : fields) {
    put(bytes, field.enterprise != 0 ? field.id | 0x8000 : field.id, 2);
    put(bytes, field.length, 2);
    if (field.enterprise != 0) put(bytes, field.enterprise, 4);
  }
  return bytes;
}

inline Bytes ipfix(uint32_t sequence, const std::vector<Bytes>& sets, uint32_t domain = 0,
                   uint32_t seconds = kNowSeconds) {
  Bytes body;
  for (const Bytes& set : sets) append(body, set);
  Bytes bytes;
  put(bytes, 10, 2);
  put(bytes, body.size() + 16, 2);
  put(bytes, seconds, 4);
  put(bytes, sequence, 4);
  put(bytes, domain, 4);
  append(bytes, body);
  return bytes;
}

inline Bytes netflow9(uint32_t sequence, const std::vector<Bytes>& sets, uint32_t source = 0,
                      uint32_t uptime_ms = 100'000) {
  Bytes bytes;
  put(bytes, 9, 2);
  put(bytes, sets.size(), 2);
  put(bytes, uptime_ms, 4);
  put(bytes, kNowSeconds, 4);
  put(bytes, sequence, 4);
  put(bytes, source, 4);
  for (const Bytes& set : sets) append(bytes, set);
  return bytes;
}

// The template that most tests use, and a record of it: addresses, ports, protocol, counters.
inline constexpr uint16_t kPlain = 256;
inline std::vector<Field> plain_fields() {
  return {{8, 4}, {12, 4}, {7, 2}, {11, 2}, {4, 1}, {1, 4}, {2, 4}};
}
struct PlainRecord {
  uint32_t source = 0x0a000001;
  uint32_t destination = 0x0a000002;
  uint16_t source_port = 40000;
  uint16_t destination_port = 443;
  uint8_t protocol = 6;
  uint32_t bytes = 1000;
  uint32_t packets = 10;
};
inline Bytes plain_record(const PlainRecord& record = {}) {
  Bytes bytes;
  put(bytes, record.source, 4);
  put(bytes, record.destination, 4);
  put(bytes, record.source_port, 2);
  put(bytes, record.destination_port, 2);
  put(bytes, record.protocol, 1);
  put(bytes, record.bytes, 4);
  put(bytes, record.packets, 4);
  return bytes;
}
inline Bytes plain_template_set() {
  return set_of(2, template_record(kPlain, plain_fields()));
}

inline const Exporter& only_exporter(const Collector& collector) {
  const Exporter* found = nullptr;
  collector.exporters().visit([&](const Exporter& exporter) { found = &exporter; });
  return *found;
}

}  // namespace weir::test_messages
