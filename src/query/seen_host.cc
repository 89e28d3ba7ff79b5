// SPDX-License-Identifier: GPL-3.0-or-later
#include "query/seen_host.h"

#include <utility>

#include "query/host_details.h"
#include "query/row_detail.h"
#include "record/record_fields.h"

namespace weir {
namespace {

bool is_fact(HostField field) {
  return field >= HostField::kName && field <= HostField::kOsEvidence;
}

// What HostTable::glance() tells, and what follows from it.
bool is_glanced(HostField field) {
  switch (field) {
    case HostField::kKey:
    case HostField::kInterface:
    case HostField::kAddress:
    case HostField::kVlan:
    case HostField::kIsLocal:
    case HostField::kCountry:
    case HostField::kAsNumber:
    case HostField::kAsName:
    case HostField::kNetwork:
    case HostField::kMac:
    case HostField::kMacVendor:
    case HostField::kFirstSeen:
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
      return is_fact(field);
  }
}

}  // namespace

SeenHost::Part SeenHost::part_of(uint8_t index) {
  if (is_glanced(static_cast<HostField>(index))) return Part::kGlance;
  return is_host_detail(index) ? Part::kProfile : Part::kCounters;
}

SeenHost::SeenHost(const Interface& interface, const RowContext& context, Part least)
    : interface_(interface),
      shard_(*interface.shards().front()),
      context_(context),
      least_(least),
      now_(shard_.clock_second()) {}

bool SeenHost::look(uint32_t slot) {
  slot_ = slot;
  // Neither glance() nor read() touches the profile.
  if (part_ == Part::kProfile) record_.profile = {};
  if (has_facts_) record_.profile.facts.clear();
  has_facts_ = false;
  has_gone_ = false;
  part_ = least_;
  const HostTable& hosts = shard_.hosts();
  return least_ == Part::kGlance ? hosts.glance(slot, now_, record_)
                                 : hosts.read(slot, now_, record_);
}

bool SeenHost::read(Part part) {
  if (has_gone_ || part <= part_) return !has_gone_;
  const HostKey key = record_.key;
  bool is_read = false;
  if (part == Part::kCounters) {
    is_read = shard_.hosts().read(slot_, now_, record_);
  } else if (auto host = part_of_host(shard_, slot_, HostDetail::kAll)) {
    record_ = *std::move(host);
    has_facts_ = false;
    is_read = true;
  }
  part_ = part;
  // Another may have come into its slot.
  has_gone_ = !is_read || record_.key != key;
  if (!has_gone_ && part == Part::kProfile) read_facts();
  return !has_gone_;
}

void SeenHost::read_facts() {
  if (has_facts_) return;
  has_facts_ = true;
  shard_.add_facts(record_.key, record_.profile.facts);
  context_.add_reverse_name(record_);
}

FieldValue SeenHost::field(uint8_t index) {
  const auto field = static_cast<HostField>(index);
  if (!read(part_of(index))) return {};
  if (is_fact(field)) read_facts();
  return host_field(record_, field, context_.of(interface_.id(), 0));
}

bool SeenHost::read_counters() {
  return read(Part::kCounters);
}

}  // namespace weir
