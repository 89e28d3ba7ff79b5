// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/ranked_scan.h"

#include "engine/peek.h"
#include "query/top_slots.h"

namespace weir {
namespace {

template <typename Table, typename Figure>
std::vector<uint32_t> scan(const Table& table, size_t count, Figure&& figure) {
  TopSlots top(count);
  table.visit_live([&](uint32_t slot) { top.offer(figure(table.slot(slot)), slot); });
  return top.take();
}

}  // namespace

std::optional<std::vector<uint32_t>> top_hosts(const HostTable& hosts, HostField field,
                                               uint32_t now, size_t count) {
  switch (field) {
    case HostField::kBytes:
      return scan(hosts, count, [](const HostSlot& host) {
        return peek_bytes(host.sent) + peek_bytes(host.received);
      });
    case HostField::kBytesSent:
      return scan(hosts, count, [](const HostSlot& host) { return peek_bytes(host.sent); });
    case HostField::kBytesReceived:
      return scan(hosts, count, [](const HostSlot& host) { return peek_bytes(host.received); });
    case HostField::kBitsPerSecond:
      return scan(hosts, count, [now](const HostSlot& host) {
        return peek_rate(host.sent, now) + peek_rate(host.received, now);
      });
    case HostField::kBitsPerSecondSent:
      return scan(hosts, count, [now](const HostSlot& host) { return peek_rate(host.sent, now); });
    case HostField::kBitsPerSecondReceived:
      return scan(hosts, count,
                  [now](const HostSlot& host) { return peek_rate(host.received, now); });
    default:
      return std::nullopt;
  }
}

std::optional<std::vector<uint32_t>> top_flows(const FlowTable& flows, FlowField field,
                                               uint32_t now, size_t count) {
  switch (field) {
    case FlowField::kBytes:
      return scan(flows, count,
                  [](const FlowSlot& flow) { return peek_bytes(flow, 0) + peek_bytes(flow, 1); });
    case FlowField::kBitsPerSecond:
      return scan(flows, count, [now](const FlowSlot& flow) {
        return peek_rate(flow, 0, now) + peek_rate(flow, 1, now);
      });
    default:
      return std::nullopt;
  }
}

}  // namespace weir
