// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/group_row.h"

namespace weir {
namespace {

constexpr uint64_t kBitsPerByte = 8;

FieldValue known(std::string_view text) {
  return text.empty() ? FieldValue() : FieldValue(text);
}
FieldValue known(Timestamp when) {
  return when == Timestamp{} ? FieldValue() : FieldValue(when);
}
FieldValue number_if(bool is_known, uint64_t number) {
  return is_known ? FieldValue(number) : FieldValue();
}

// Both ends of what is beyond the budget are there, whoever they are.
Traffic sent(const GroupRow& row) {
  return row.all.sent + row.beyond;
}
Traffic received(const GroupRow& row) {
  return row.all.received + row.beyond;
}
Traffic total(const GroupRow& row) {
  return row.is_by_end ? sent(row) + received(row) : row.all.sent + row.all.received + row.beyond;
}
Traffic rate(const GroupRow& row) {
  return row.rate_sent + row.rate_received;
}
bool has_directions(const GroupRow& row) {
  return !row.is_by_end && row.beyond == Traffic{};
}

}  // namespace

FieldValue group_field(const GroupRow& row, GroupField field) {
  switch (field) {
    case GroupField::kKey:
      return std::string_view(row.key);
    case GroupField::kName:
      return known(row.name);
    case GroupField::kHosts:
      return row.hosts.hosts;
    case GroupField::kHostsError:
      return number_if(row.hosts.error != 0, row.hosts.error);
    case GroupField::kFlows:
      return row.active_flows;
    case GroupField::kFlowsTotal:
      return row.all.flows;
    case GroupField::kPackets:
      return total(row).packets;
    case GroupField::kBytes:
      return total(row).bytes;
    case GroupField::kPacketsSent:
      return number_if(row.is_by_end, sent(row).packets);
    case GroupField::kPacketsReceived:
      return number_if(row.is_by_end, received(row).packets);
    case GroupField::kBytesSent:
      return number_if(row.is_by_end, sent(row).bytes);
    case GroupField::kBytesReceived:
      return number_if(row.is_by_end, received(row).bytes);
    case GroupField::kPacketsToServer:
      return number_if(has_directions(row), row.all.sent.packets);
    case GroupField::kPacketsToClient:
      return number_if(has_directions(row), row.all.received.packets);
    case GroupField::kBytesToServer:
      return number_if(has_directions(row), row.all.sent.bytes);
    case GroupField::kBytesToClient:
      return number_if(has_directions(row), row.all.received.bytes);
    case GroupField::kBitsPerSecond:
      return rate(row).bytes * kBitsPerByte;
    case GroupField::kBitsPerSecondSent:
      return number_if(row.is_by_end, row.rate_sent.bytes * kBitsPerByte);
    case GroupField::kBitsPerSecondReceived:
      return number_if(row.is_by_end, row.rate_received.bytes * kBitsPerByte);
    case GroupField::kBitsPerSecondToServer:
      return number_if(has_directions(row), row.rate_sent.bytes * kBitsPerByte);
    case GroupField::kBitsPerSecondToClient:
      return number_if(has_directions(row), row.rate_received.bytes * kBitsPerByte);
    case GroupField::kPacketsPerSecond:
      return rate(row).packets;
    case GroupField::kFirstSeen:
      return known(row.all.first_seen);
    case GroupField::kLastSeen:
      return known(row.all.last_seen);
    case GroupField::kCount:
      break;
  }
  return {};
}

FieldValue application_field(const GroupRow& row, ApplicationField field) {
  switch (field) {
    case ApplicationField::kName:
      return std::string_view(row.name);
    case ApplicationField::kCategory:
      return std::string_view(row.category);
    case ApplicationField::kPackets:
      return total(row).packets;
    case ApplicationField::kBytes:
      return total(row).bytes;
    case ApplicationField::kFlows:
      return row.all.flows;
    case ApplicationField::kBitsPerSecond:
      return rate(row).bytes * kBitsPerByte;
    case ApplicationField::kActiveFlows:
      return row.active_flows;
    case ApplicationField::kHosts:
      return row.hosts.hosts;
    case ApplicationField::kHostsError:
      return number_if(row.hosts.error != 0, row.hosts.error);
    case ApplicationField::kPacketsToServer:
      return number_if(has_directions(row), row.all.sent.packets);
    case ApplicationField::kPacketsToClient:
      return number_if(has_directions(row), row.all.received.packets);
    case ApplicationField::kBytesToServer:
      return number_if(has_directions(row), row.all.sent.bytes);
    case ApplicationField::kBytesToClient:
      return number_if(has_directions(row), row.all.received.bytes);
    case ApplicationField::kPacketsPerSecond:
      return rate(row).packets;
    case ApplicationField::kCount:
      break;
  }
  return {};
}

}  // namespace weir
