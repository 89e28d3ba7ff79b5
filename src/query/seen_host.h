// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "engine/interface.h"
#include "query/row_context.h"
#include "record/field_value.h"
#include "record/host_record.h"

namespace weir {

// One host after the other of an interface with one shard, each read no further than its fields are
// asked for: a filter that ends with the address costs a quarter of what the whole record does.
// Owner: the thread that answers.
class SeenHost {
 public:
  // How far a host is read, each with what is before it.
  enum class Part : uint8_t {
    kGlance,    // HostTable::glance()
    kCounters,  // HostTable::read()
    kProfile,   // with its profile, facts and reverse name
  };

  // `least`: how far each host is read in any case, not beyond its counters. All must outlive it.
  SeenHost(const Interface& interface, const RowContext& context, Part least);

  // Whether there is a host in the slot, which is the one that all else is about from then on.
  [[nodiscard]] bool look(uint32_t slot);
  // A field of it; nothing when the host has gone since look().
  [[nodiscard]] FieldValue field(uint8_t index);
  // Its record with all counters; false when it has gone since.
  [[nodiscard]] bool read_counters();
  // What is read of it, while it has not gone.
  [[nodiscard]] const HostRecord& record() const { return record_; }

  // What a field of HostField needs, by its index. Names and what hints at a system need a glance:
  // they are looked up beside it.
  [[nodiscard]] static Part part_of(uint8_t index);

 private:
  [[nodiscard]] bool read(Part part);
  void read_facts();

  const Interface& interface_;
  const Shard& shard_;
  const RowContext& context_;
  const Part least_;
  const uint32_t now_;
  HostRecord record_;
  uint32_t slot_ = 0;
  Part part_ = Part::kGlance;  // what is read of the host
  bool has_facts_ = false;
  bool has_gone_ = false;
};

}  // namespace weir
