// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "dpi/dissector.h"

namespace weir {

// A dissector of a protocol in which both sides send units that begin with how long they are. Cuts
// the units out of the stream, whatever the packets split, and keeps of each at most `max_bytes`;
// a datagram is one unit. After a hole the next packet of that side should begin a unit. Gives up
// when no unit begins where one should, or after kMaxUnits without a protocol; with a protocol it
// is done then.
class UnitDissector : public Dissector {
 public:
  static constexpr size_t kMaxHeadBytes = 16;
  static constexpr uint16_t kMaxUnits = 1024;

  Progress feed(const Payload& payload, Findings& findings) final;
  [[nodiscard]] size_t held_bytes() const final;

 protected:
  // `max_bytes`: at most 8,192, so that both sides stay below Dissector::kMaxBytes.
  explicit UnitDissector(size_t max_bytes) : max_bytes_(max_bytes) {}

  static constexpr size_t kBroken = 0;  // no unit begins like this
  // Bytes of the whole unit whose first bytes these are, at most kMaxHeadBytes of them; kBroken;
  // nothing while they are too few to tell. What is told of them must hold for them and more.
  [[nodiscard]] virtual std::optional<size_t> size_of_unit(bool to_server,
                                                           const ByteReader& head) const = 0;
  // A unit as far as it is kept: its first `max_bytes`, and of a datagram what was captured.
  virtual Progress take_unit(const Payload& payload, ByteReader unit, Findings& findings) = 0;

 private:
  struct Side {
    std::vector<uint8_t> begun;  // of the unit that is not whole yet
    size_t kept = 0;             // bytes that are wanted of it; 0: not known yet
    size_t behind = 0;           // bytes of it that come after those
    size_t skipped = 0;          // bytes of the unit before it that are still to come
  };

  Progress take_next(Side& side, ByteReader& bytes, const Payload& payload, Findings& findings);
  // Moves bytes over until the size of the unit is known. False: more are needed, or kBroken.
  bool learn_size(Side& side, ByteReader& bytes, bool to_server, Progress& progress) const;
  Progress take_one(const Payload& payload, ByteReader unit, Findings& findings);
  // What it means that no unit begins here.
  static Progress give_up(const Findings& findings);

  size_t max_bytes_;
  Side sides_[2];  // by Payload::to_server
  uint16_t units_ = 0;
};

}  // namespace weir
