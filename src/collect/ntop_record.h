// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "collect/data_record.h"
#include "collect/flow_json.h"
#include "collect/flow_times.h"

namespace weir {

// What a value is as a number, in quotes or not; one below zero is 32 bits that somebody wrote with
// a sign. Nothing where it is none.
[[nodiscard]] std::optional<uint64_t> ntop_number(const NtopValue& value);

// Makes a DataRecord of the fields of one record of ntop's JSON or TLV. A value that does not fit
// its field is left out. Owner: one thread.
class NtopRecord {
 public:
  void begin();
  void take(const NtopField& field) {
    const Element element = field.key.element;
    const bool is_plain = field.value.kind == NtopValue::Kind::kUnsigned &&
                          element < Element::kNumbers && element != Element::kOther &&
                          element != Element::kFirstUptime && element != Element::kLastUptime;
    if (is_plain) [[likely]]
      return set(element, field.value.number);
    take_other(field);
  }

  // The record, and `time` made to fit what it says: such messages do not say when they were
  // sent. FIRST_SWITCHED and LAST_SWITCHED are seconds since 1970 or, in softflowd's, milliseconds
  // of its uptime, of which only how long the flow took is known. `tells_uptime`: what the
  // exporter's records were found to be, kept from one to the next. A flow that ended more than a
  // year ago, or is yet to come, is taken for one that ended now. Valid until begin().
  const DataRecord& finish(ExportTime& time, bool& tells_uptime);
  // Whether it has a field for an address, whatever it says, or a part of a packet.
  [[nodiscard]] bool is_of_traffic() const {
    return has_address_field_ || record_.has(Element::kEthertype) ||
           record_.has(Element::kLinkSection) || record_.has(Element::kIpSection);
  }

 private:
  void take_other(const NtopField& field);
  void take_number(Element element, const NtopValue& value);
  void take_text(Element element, const NtopValue& value);
  void take_address(Element element, const NtopValue& value);
  void mark(Element element) { record_.present.add(element); }
  void set(Element element, uint64_t number) {
    record_.numbers[static_cast<size_t>(element)] = number;
    mark(element);
  }
  void finish_addresses();
  void finish_switched(int64_t now, bool& tells_uptime);

  DataRecord record_{};
  std::optional<int64_t> first_switched_;
  std::optional<int64_t> last_switched_;
  bool has_address_field_ = false;
  bool has_source_ = false;
  bool has_destination_ = false;
};

}  // namespace weir
