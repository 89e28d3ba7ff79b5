// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/seen_flow.h"

#include "record/record_fields.h"

namespace weir {
namespace {

FlowField field_at(uint8_t index) {
  return static_cast<FlowField>(index);
}

// What follows from something that many flows share.
enum Group : uint8_t {
  kOfInterface,
  kOfLabels,
  kOfPath,
  kOfClientPlace,
  kOfServerPlace,
  kOfClientMac,
  kOfServerMac
};

uint8_t group_of(uint8_t index) {
  switch (field_at(index)) {
    case FlowField::kInterface:
      return kOfInterface;
    case FlowField::kProtocolName:
    case FlowField::kApplication:
    case FlowField::kCategory:
    case FlowField::kConfidence:
    case FlowField::kState:
    case FlowField::kEndReason:
      return kOfLabels;
    case FlowField::kPath:
      return kOfPath;
    case FlowField::kClientCountry:
    case FlowField::kClientAsNumber:
    case FlowField::kClientAsName:
    case FlowField::kClientNetwork:
      return kOfClientPlace;
    case FlowField::kServerCountry:
    case FlowField::kServerAsNumber:
    case FlowField::kServerAsName:
    case FlowField::kServerNetwork:
      return kOfServerPlace;
    case FlowField::kClientMacVendor:
      return kOfClientMac;
    case FlowField::kServerMacVendor:
      return kOfServerMac;
    default:
      return MemoizedTest::kAlone;
  }
}

bool is_of_place(uint8_t index) {
  return group_of(index) == kOfClientPlace || group_of(index) == kOfServerPlace;
}

uint64_t labels_of(const FlowRecord& flow) {
  const auto number = [](auto value) { return static_cast<uint64_t>(value) & 0xff; };
  return uint64_t{flow.application} << 32 | number(flow.protocol) << 24 |
         number(flow.confidence) << 16 | number(flow.state) << 8 | number(flow.end_reason);
}

}  // namespace

SeenFlow::SeenFlow(const Interface& interface, uint32_t shard, const RowContext& context,
                   const Filter& filter, FlowDetail detail)
    : shard_(*interface.shards()[shard]),
      context_(context),
      names_(context.of(interface.id(), interface.first_shard() + shard)),
      filter_(filter, group_of),
      detail_(detail),
      is_placed_(are_placed(shard_, context)),
      wants_places_(is_placed_ && filter.uses(is_of_place)),
      now_(shard_.clock_second()) {}

bool SeenFlow::look(uint32_t slot) {
  has_places_ = false;
  return detail_ == FlowDetail::kAll ? shard_.flows().full_read(slot, now_, record_)
                                     : shard_.flows().read(slot, now_, record_);
}

bool SeenFlow::matches() {
  return filter_.matches(
      [this](const FilterTest& test, uint8_t index) { return holds(test, index); },
      [this](uint8_t group) { return std::optional(key_of(group)); });
}

bool SeenFlow::holds(const FilterTest& test, uint8_t index) {
  if (const auto value = plain_flow_field(record_, field_at(index), names_))
    return test.holds_plain(*value);
  look_up(index);
  return test.holds(other_flow_field(record_, field_at(index), names_));
}

// The table of hosts knows them, which spares looks into files.
const FlowPlaces& SeenFlow::places() {
  if (has_places_ || context_.places() == nullptr) return places_;
  has_places_ = true;
  const auto known = is_placed_ ? shard_.known_places(record_.id) : std::nullopt;
  places_ = known ? *known
                  : FlowPlaces{context_.places()->of(record_.client),
                               context_.places()->of(record_.server)};
  return places_;
}

uint64_t SeenFlow::key_of(uint8_t group) {
  switch (group) {
    case kOfLabels:
      return labels_of(record_);
    case kOfPath:
      return record_.origin.path;
    case kOfClientPlace:
      return places().client.packed();
    case kOfServerPlace:
      return places().server.packed();
    case kOfClientMac:
      return vendor_key(record_.client_mac);
    case kOfServerMac:
      return vendor_key(record_.server_mac);
    default:
      return 0;
  }
}

// So that the context's places know what is asked of them.
void SeenFlow::look_up(uint8_t index) {
  if (context_.places() == nullptr || !is_of_place(index)) return;
  const bool is_client = group_of(index) == kOfClientPlace;
  context_.places()->remember(is_client ? record_.client : record_.server,
                              is_client ? places().client : places().server);
}

FieldValue SeenFlow::field(uint8_t index) {
  look_up(index);
  return flow_field(record_, field_at(index), names_);
}

}  // namespace weir
