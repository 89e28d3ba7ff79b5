// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "engine/interface.h"
#include "query/filter.h"
#include "query/memoized_filter.h"
#include "query/row_context.h"
#include "record/field_value.h"
#include "record/host_record.h"

namespace weir {

// One host after the other of an interface with one shard, each read no further than its fields are
// asked for: a filter that ends with the address costs a quarter of what the whole record does.
// Fields are those that lists are filtered and sorted by. Owner: the thread that answers.
class SeenHost {
 public:
  // How far a host is read, each with what is before it. What is asked for of its profile is read
  // beside them.
  enum class Part : uint8_t {
    kIdentity,  // HostTable::identify()
    kGlance,    // HostTable::glance()
    kCounters,  // HostTable::read()
  };

  // `least`: how far each host is read in any case. All must outlive it.
  SeenHost(const Interface& interface, const RowContext& context, const Filter& filter, Part least);

  // Fetches what matches() will want of the host in a slot that is looked at soon.
  void prefetch(uint32_t slot) const;
  // Whether there is a host in the slot, which is the one that all else is about from then on.
  [[nodiscard]] bool look(uint32_t slot);
  // Whether the filter says yes.
  [[nodiscard]] bool matches();
  // A field of it; nothing when the host has gone since look().
  [[nodiscard]] FieldValue field(uint8_t index);
  // Its record with all counters; false when it has gone since.
  [[nodiscard]] bool read_counters();
  // What is read of it, while it has not gone.
  [[nodiscard]] const HostRecord& record() const { return record_; }

  // What a field of HostField needs, by its index. Names and what hints at a system, peers and
  // ports need no more than its identity: they are looked up beside it.
  [[nodiscard]] static Part part_of(uint8_t index);

 private:
  [[nodiscard]] bool holds(const FilterTest& test, uint8_t index);
  [[nodiscard]] bool read_for(uint8_t index);
  void look_up(uint8_t index);
  [[nodiscard]] bool read(Part part);
  template <typename Read>
  [[nodiscard]] bool read_more(Read&& read);
  [[nodiscard]] bool read_set(HostSet which);
  void read_facts();
  [[nodiscard]] const Place& place();
  [[nodiscard]] std::optional<uint64_t> key_of(uint8_t group);

  const Shard& shard_;
  const RowContext& context_;
  const RecordContext names_;
  MemoizedFilter filter_;
  const Part least_;
  const bool wants_facts_;
  const bool wants_sets_;
  const bool is_placed_;  // where the context's places say, when the answer began
  const uint32_t now_;
  HostRecord record_;
  Place place_;  // nowhere when nobody knows places
  uint32_t slot_ = 0;
  Part part_ = Part::kIdentity;  // what is read of the host
  uint8_t sets_ = 0;             // a bit for each HostSet that is
  bool has_facts_ = false;
  bool has_place_ = false;
  bool has_gone_ = false;
};

}  // namespace weir
