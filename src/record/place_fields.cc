// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/place_fields.h"

#include <algorithm>

namespace weir {
namespace {

FieldValue known(std::string_view text) {
  return text.empty() ? FieldValue() : FieldValue(text);
}

FieldValue country(const IpAddress& address, const RecordContext& context) {
  if (context.places == nullptr) return {};
  std::string letters = country_letters(context.places->of(address).country);
  return letters.empty() ? FieldValue() : FieldValue(std::move(letters));
}

FieldValue as_number(const IpAddress& address, const RecordContext& context) {
  if (context.places == nullptr) return {};
  const uint64_t number = context.places->of(address).as_number;
  return number == 0 ? FieldValue() : FieldValue(number);
}

FieldValue as_name(const IpAddress& address, const RecordContext& context) {
  if (context.places == nullptr) return {};
  return known(context.places->as_name(context.places->of(address).as_number));
}

FieldValue network(const IpAddress& address, const RecordContext& context) {
  if (context.places == nullptr) return {};
  return known(context.places->network_name(context.places->of(address).network));
}

FieldValue vendor(const MacAddress& mac, const RecordContext& context) {
  if (context.places == nullptr || !mac.is_known()) return {};
  return known(context.places->vendor(mac));
}

}  // namespace

PlainValue is_local(const IpAddress& address, const RecordContext& context) {
  if (context.local_networks == nullptr) return {};
  return std::any_of(context.local_networks->begin(), context.local_networks->end(),
                     [&](const Prefix& network) { return network.contains(address); });
}

std::optional<FieldValue> place_field(const FlowRecord& flow, FlowField field,
                                      const RecordContext& context) {
  switch (field) {
    case FlowField::kClientCountry:
      return country(flow.client, context);
    case FlowField::kClientAsNumber:
      return as_number(flow.client, context);
    case FlowField::kClientAsName:
      return as_name(flow.client, context);
    case FlowField::kClientNetwork:
      return network(flow.client, context);
    case FlowField::kClientMacVendor:
      return vendor(flow.client_mac, context);
    case FlowField::kServerCountry:
      return country(flow.server, context);
    case FlowField::kServerAsNumber:
      return as_number(flow.server, context);
    case FlowField::kServerAsName:
      return as_name(flow.server, context);
    case FlowField::kServerNetwork:
      return network(flow.server, context);
    case FlowField::kServerMacVendor:
      return vendor(flow.server_mac, context);
    default:
      return std::nullopt;
  }
}

std::optional<FieldValue> place_field(const HostRecord& host, HostField field,
                                      const RecordContext& context) {
  const IpAddress& address = host.key.address;
  switch (field) {
    case HostField::kCountry:
      return country(address, context);
    case HostField::kAsNumber:
      return as_number(address, context);
    case HostField::kAsName:
      return as_name(address, context);
    case HostField::kNetwork:
      return network(address, context);
    case HostField::kMacVendor:
      return vendor(host.mac, context);
    default:
      return std::nullopt;
  }
}

}  // namespace weir
