// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/seen_host.h"

#include <optional>
#include <utility>

#include "query/scan.h"
#include "record/record_fields.h"

namespace weir {
namespace {

HostField field_at(uint8_t index) {
  return static_cast<HostField>(index);
}

bool is_fact(uint8_t index) {
  return field_at(index) >= HostField::kName && field_at(index) <= HostField::kOsEvidence;
}

std::optional<HostSet> set_of(uint8_t index) {
  switch (field_at(index)) {
    case HostField::kPeersAsClient:
      return HostSet::kServers;
    case HostField::kPeersAsServer:
      return HostSet::kClients;
    case HostField::kPortsContacted:
      return HostSet::kPortsContacted;
    case HostField::kPortsServed:
      return HostSet::kPortsServed;
    default:
      return std::nullopt;
  }
}

// What follows from something that many hosts share, if only that nothing was learnt of them.
enum Group : uint8_t { kOfInterface, kOfPlace, kOfMac, kOfFacts };

uint8_t group_of(uint8_t index) {
  switch (field_at(index)) {
    case HostField::kInterface:
      return kOfInterface;
    case HostField::kCountry:
    case HostField::kAsNumber:
    case HostField::kAsName:
    case HostField::kNetwork:
      return kOfPlace;
    case HostField::kMacVendor:
      return kOfMac;
    default:
      return is_fact(index) ? uint8_t{kOfFacts} : MemoizedTest::kAlone;
  }
}

// What HostTable::identify() tells, and what follows from it.
bool is_identity(uint8_t index) {
  switch (field_at(index)) {
    case HostField::kKey:
    case HostField::kAddress:
    case HostField::kVlan:
    case HostField::kMac:
    case HostField::kIsLocal:
    case HostField::kFirstSeen:
    case HostField::kFlows:
    case HostField::kFlowsAsClient:
    case HostField::kFlowsAsServer:
    case HostField::kFlowsTotal:
    case HostField::kFlowsTotalAsClient:
    case HostField::kFlowsTotalAsServer:
    case HostField::kIsPartial:
    case HostField::kBytesError:
      return true;
    default:
      return set_of(index) || group_of(index) != MemoizedTest::kAlone;
  }
}

// What HostTable::glance() tells beside.
bool is_glanced(uint8_t index) {
  switch (field_at(index)) {
    case HostField::kBytes:
    case HostField::kBytesSent:
    case HostField::kBytesReceived:
    case HostField::kBitsPerSecond:
    case HostField::kBitsPerSecondSent:
    case HostField::kBitsPerSecondReceived:
    case HostField::kTcpBytes:
    case HostField::kUdpBytes:
    case HostField::kIcmpBytes:
    case HostField::kOtherBytes:
      return true;
    default:
      return false;
  }
}

}  // namespace

SeenHost::Part SeenHost::part_of(uint8_t index) {
  if (is_identity(index)) return Part::kIdentity;
  return is_glanced(index) ? Part::kGlance : Part::kCounters;
}

SeenHost::SeenHost(const Interface& interface, const RowContext& context, const Filter& filter,
                   Part least)
    : shard_(*interface.shards().front()),
      context_(context),
      names_(context.of(interface.id(), 0)),
      filter_(filter, group_of),
      least_(least),
      wants_facts_(filter.uses(is_fact)),
      wants_sets_(filter.uses([](uint8_t index) { return set_of(index).has_value(); })),
      is_placed_(are_placed(shard_, context)),
      now_(shard_.clock_second()) {}

void SeenHost::prefetch(uint32_t slot) const {
  if (wants_facts_) shard_.prefetch_facts(slot);
  if (wants_sets_) shard_.hosts().prefetch_profile(slot);
}

bool SeenHost::look(uint32_t slot) {
  slot_ = slot;
  if (has_facts_) record_.profile.facts.clear();
  for (size_t i = 0; i < kHostSets; ++i) {
    if ((sets_ >> i & 1) != 0) record_.profile.sets[i].clear();
  }
  sets_ = 0;
  has_facts_ = false;
  has_place_ = false;
  has_gone_ = false;
  part_ = least_;
  switch (const HostTable& hosts = shard_.hosts(); least_) {
    case Part::kIdentity:
      has_place_ = is_placed_;
      return hosts.identify(slot, record_, place_);
    case Part::kGlance:
      return hosts.glance(slot, now_, record_);
    case Part::kCounters:
      break;
  }
  return shard_.hosts().read(slot, now_, record_);
}

bool SeenHost::matches() {
  return filter_.matches(
      [this](const FilterTest& test, uint8_t index) { return holds(test, index); },
      [this](uint8_t group) { return key_of(group); });
}

bool SeenHost::holds(const FilterTest& test, uint8_t index) {
  if (!read_for(index)) return false;
  if (const auto value = plain_host_field(record_, field_at(index), names_))
    return test.holds_plain(*value);
  look_up(index);
  return test.holds(other_host_field(record_, field_at(index), names_));
}

// Another may have come into its slot; whoever is there from then on is not asked for.
template <typename Read>
bool SeenHost::read_more(Read&& read) {
  const HostKey key = record_.key;
  has_gone_ = has_gone_ || !read() || record_.key != key;
  return !has_gone_;
}

bool SeenHost::read(Part part) {
  if (has_gone_ || part <= part_) return !has_gone_;
  part_ = part;
  return read_more([&] {
    return part == Part::kGlance ? shard_.hosts().glance(slot_, now_, record_)
                                 : shard_.hosts().read(slot_, now_, record_);
  });
}

bool SeenHost::read_set(HostSet which) {
  const auto bit = static_cast<uint8_t>(1U << static_cast<unsigned>(which));
  if (has_gone_ || (sets_ & bit) != 0) return !has_gone_;
  sets_ |= bit;
  return read_more([&] { return shard_.hosts().read_set(slot_, which, record_); });
}

void SeenHost::read_facts() {
  if (has_facts_) return;
  has_facts_ = true;
  shard_.add_facts(record_.key, record_.profile.facts);
  context_.add_reverse_name(record_);
}

// The table knows it, which spares a look into files.
const Place& SeenHost::place() {
  if (has_place_ || context_.places() == nullptr) return place_;
  has_place_ =
      is_placed_ && read_more([&] { return shard_.hosts().identify(slot_, record_, place_); });
  if (!has_place_) place_ = context_.places()->of(record_.key.address);
  has_place_ = true;
  return place_;
}

std::optional<uint64_t> SeenHost::key_of(uint8_t group) {
  if (group == kOfFacts) read_facts();
  const uint64_t key = group == kOfMac     ? vendor_key(record_.mac)
                       : group == kOfPlace ? place().packed()
                                           : 0;
  // Of a host that has gone nothing holds, and what was learnt few share.
  const bool is_shared = !has_gone_ && (group != kOfFacts || record_.profile.facts.empty());
  return is_shared ? std::optional(key) : std::nullopt;
}

// Whether what the field is made of is read.
bool SeenHost::read_for(uint8_t index) {
  if (const auto set = set_of(index)) return read_set(*set);
  if (!read(part_of(index))) return false;
  if (is_fact(index)) read_facts();
  return true;
}

// So that the context's places know what is asked of them.
void SeenHost::look_up(uint8_t index) {
  if (context_.places() != nullptr && group_of(index) == kOfPlace)
    context_.places()->remember(record_.key.address, place());
}

FieldValue SeenHost::field(uint8_t index) {
  if (!read_for(index)) return {};
  look_up(index);
  return host_field(record_, field_at(index), names_);
}

bool SeenHost::read_counters() {
  return read(Part::kCounters);
}

}  // namespace weir
