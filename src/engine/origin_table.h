// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/cell.h"
#include "base/keyed_hash.h"
#include "record/collected_flow.h"

namespace weir {

// Where the collected flows of a shard were seen, each place once: flows hold its number. There are
// as many as exporters have pairs of interfaces; of those for which there is no room only the
// exporter is known, and they are counted. Owner: shard thread; read() by any thread.
class OriginTable {
 public:
  static constexpr uint32_t kNone = 0;
  static constexpr size_t kMax = 16384;

  explicit OriginTable(const KeyedHash& hash)
      : places_(std::make_unique<Published<FlowOrigin>[]>(kMax)), numbers_(16, HashOrigin{hash}) {
    for (size_t i = 0; i < kMax; ++i) places_[i].set({});
  }

  [[nodiscard]] static constexpr size_t bytes() { return kMax * sizeof(Published<FlowOrigin>); }

  // Its number; that of its exporter alone, or kNone, when there is no room.
  [[nodiscard]] uint32_t number_of(const FlowOrigin& origin);
  // REQUIRES: number_of() gave the number, or kNone.
  [[nodiscard]] FlowOrigin read(uint32_t number) const { return places_[number].read(); }
  [[nodiscard]] uint64_t refused() const { return refused_.read(); }

 private:
  // Keyed: who sends records chooses what is hashed.
  struct HashOrigin {
    KeyedHash hash;
    [[nodiscard]] size_t operator()(const FlowOrigin& origin) const;
  };

  // kNone when there is no room.
  [[nodiscard]] uint32_t number_in_table(const FlowOrigin& origin, size_t room);

  std::unique_ptr<Published<FlowOrigin>[]> places_;  // by number; written once each
  std::unordered_map<FlowOrigin, uint32_t, HashOrigin> numbers_;
  FlowOrigin last_;  // most are the one before
  uint32_t last_number_ = kNone;
  Cell<uint64_t> refused_{};
};

}  // namespace weir
