// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/flow_writer.h"

#include <cstdint>

#include "record/record_fields.h"

namespace weir {
namespace {

template <typename T>
void append_big_endian(std::string& key, T value) {
  for (size_t shift = sizeof(T) * 8; shift > 0; shift -= 8)
    key += static_cast<char>(value >> (shift - 8));
}

void append_address(std::string& key, const IpAddress& address) {
  key.append(reinterpret_cast<const char*>(address.bytes().data()), address.bytes().size());
}

// Begin of the flow first; the rest makes the order total.
std::string key_of(const FlowRecord& flow) {
  std::string key;
  append_big_endian(key, static_cast<uint64_t>(flow.first_seen.as_nanoseconds()));
  append_address(key, flow.client);
  append_address(key, flow.server);
  append_big_endian(key, flow.client_port);
  append_big_endian(key, flow.server_port);
  append_big_endian(key, flow.protocol);
  for (const uint16_t id : flow.vlan.ids) append_big_endian(key, id);
  append_big_endian(key, static_cast<uint64_t>(flow.last_seen.as_nanoseconds()));
  return key;
}

}  // namespace

void FlowWriter::accept(const FlowRecord& record) {
  std::string line;
  append_flow_json(line, record, context_.of(interface_, 0));
  lines_.add(key_of(record), std::move(line));
}

}  // namespace weir
