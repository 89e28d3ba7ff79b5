// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/cell.h"
#include "base/keyed_hash.h"
#include "base/result.h"
#include "engine/hash_index.h"
#include "engine/memory_budget.h"
#include "engine/slab.h"
#include "record/flow_metadata.h"

namespace weir {

// What is known of the payload of a shard's flows: for each flow a list of fields and values, each
// distinct value kept once however many flows have it. Lists and values lie in chains of 64-byte
// blocks out of the budget; a list that finds no room is left out and counted.
// Owner: shard thread. read() and the counters by any thread; what read() finds belongs together
// only under the Sequence of the flow that holds the list.
class MetadataStore {
 public:
  static constexpr uint32_t kNone = 0;  // no list

  // At most `max_bytes`, taken from `budget` a chunk at a time; `hash` outlives the store. Error:
  // no address space.
  static Result<std::unique_ptr<MetadataStore>> create(size_t max_bytes, const KeyedHash& hash,
                                                       MemoryBudget& budget);

  // A list of `metadata` in place of `earlier`, which is let go; kNone when it is empty or there is
  // no room. Cost: a hash and a compare for each value that changed. REQUIRES: `earlier` is kNone
  // or a list of the same metadata as it was when its changes were last forgotten.
  [[nodiscard]] uint32_t put(const FlowMetadata& metadata, uint32_t earlier = kNone);
  // Lets a list go. kNone is no list, and is let go of without effect.
  void release(uint32_t list);

  // The same for a text that stands alone: its handle, kNone when it is empty or there is no room.
  // Each keep() wants a let_go() with what it gave.
  [[nodiscard]] uint32_t keep(std::string_view value);
  void let_go(uint32_t value);
  [[nodiscard]] bool holds(uint32_t value, std::string_view text) const;
  [[nodiscard]] size_t size_of(uint32_t value) const;

  // Any thread. What keep() kept; bounded and without meaning when it was let go.
  [[nodiscard]] std::string text(uint32_t value) const;
  // Any thread.
  [[nodiscard]] FlowMetadata read(uint32_t list) const;
  [[nodiscard]] uint64_t left_out() const { return left_out_.read(); }  // lists without room
  [[nodiscard]] size_t values() const { return value_count_.read(); }

 private:
  static constexpr size_t kWords = 7;
  struct alignas(64) Block {
    Cell<uint64_t> head;  // next block | bytes in the whole value << 32
    std::array<Cell<uint64_t>, kWords> words;
  };
  static_assert(sizeof(Block) == 64);
  // Of a value's first block; readers have no use for it.
  struct Owner {
    uint64_t hash;
    uint32_t lists;  // how many hold it
  };
  using Blocks = Slab<Block, Owner>;
  static constexpr size_t kBlockBytes = kWords * sizeof(uint64_t);
  static constexpr size_t kMaxValueBlocks =
      (FlowMetadata::kMaxValueBytes + kBlockBytes - 1) / kBlockBytes;
  static constexpr size_t kMaxListEntries = FlowMetadata::kMaxEntries + 1;  // with the risks
  static constexpr size_t kMaxListBlocks = (kMaxListEntries + kWords - 1) / kWords;
  // A list as it lies in its blocks: `size` entries, as many as the metadata has. One whose value
  // found no room has none.
  struct List {
    std::array<uint64_t, kMaxListBlocks * kWords> entries;
    size_t size = 0;
  };

  MetadataStore(Blocks::Arrays blocks, HashIndex index, uint32_t max_blocks, const KeyedHash& hash,
                MemoryBudget& budget)
      : blocks_(std::move(blocks), max_blocks, budget), index_(std::move(index)), hash_(&hash) {}

  // Of a list that the owner thread has; empty for kNone.
  [[nodiscard]] List list_at(uint32_t first) const;
  // The value's first block, with one more list that holds it; kNone when there is no room.
  [[nodiscard]] uint32_t intern(std::string_view value);
  void let_all_go(const List& list);
  // A chain of blocks that holds `bytes`; kNone and nothing taken when there is no room.
  [[nodiscard]] uint32_t write_chain(std::string_view bytes);
  void release_chain(uint32_t first, size_t most);
  // Appends the bytes of a chain; what a torn read finds is bounded and without meaning.
  void read_chain(uint32_t first, size_t most, std::string& out) const;
  [[nodiscard]] uint64_t hash_of(std::string_view value) const;
  [[nodiscard]] auto hash_of_slot() {
    return [this](uint32_t slot) { return blocks_.part<Owner>(slot).hash; };
  }

  Blocks blocks_;
  HashIndex index_;  // values by their bytes
  const KeyedHash* hash_;
  Cell<uint64_t> left_out_{};
  Cell<uint64_t> value_count_{};
};

}  // namespace weir
