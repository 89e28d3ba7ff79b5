// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/value.h"
#include "collect/flow_json.h"
#include "net/ip_address.h"

namespace weir {

// What a record over ZeroMQ that tells of no traffic becomes, the registration of a domain, say:
// an event with the record's fields, to be looked for and counted by any of them (docs/zmq.md).
// Owner: one thread.
class NtopEvent {
 public:
  static constexpr size_t kMaxFields = 32;  // further ones are left out
  static constexpr size_t kMaxText = 255;   // bytes of a value, which is cut there

  // Members of objects have their path for a name; the first of several of one name counts, and
  // what the event itself says ("event", "time", "sender") no field does.
  void take(const NtopField& field);
  [[nodiscard]] bool is_empty() const { return fields_ == 0; }
  // {"event": "zmq", "time", "sender", the fields in their order}. `received`: nanoseconds since
  // 1970.
  [[nodiscard]] Value finish(const IpAddress& sender, int64_t received) const;

 private:
  Value said_{Value::Object{}};
  size_t fields_ = 0;
};

}  // namespace weir
