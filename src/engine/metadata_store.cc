// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/metadata_store.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace weir {
namespace {

// An entry of a list: a field, and the first block of its value.
uint64_t pack(MetadataField field, uint32_t value) {
  return static_cast<uint64_t>(field) << 32 | value;
}
MetadataField field_of(uint64_t entry) {
  return static_cast<MetadataField>(entry >> 32);
}
uint32_t value_of(uint64_t entry) {
  return static_cast<uint32_t>(entry);
}

uint64_t head_word(uint32_t next, size_t bytes) {
  return static_cast<uint64_t>(bytes) << 32 | next;
}
uint32_t next_of(uint64_t head) {
  return static_cast<uint32_t>(head);
}
size_t bytes_of(uint64_t head) {
  return head >> 32;
}

}  // namespace

Result<std::unique_ptr<MetadataStore>> MetadataStore::create(size_t max_bytes,
                                                             const KeyedHash& hash,
                                                             MemoryBudget& budget) {
  constexpr size_t kMostBlocks = Blocks::kNone - SlotAllocator::kChunkSlots;
  const auto max_blocks =
      static_cast<uint32_t>(std::min(max_bytes / (sizeof(Block) + sizeof(Owner)), kMostBlocks));
  auto index = HashIndex::create(max_blocks, budget);
  if (!index) return index.error();
  auto blocks = Blocks::reserve(max_blocks);
  if (!blocks) return blocks.error();
  return std::unique_ptr<MetadataStore>(
      new MetadataStore(std::move(*blocks), std::move(*index), max_blocks, hash, budget));
}

uint32_t MetadataStore::put(const FlowMetadata& metadata, uint32_t earlier) {
  // Slot 0 stands for none.
  if (!blocks_.has_slot_0() && blocks_.allocate() != kNone) return kNone;
  List before = list_at(earlier);
  List list;
  bool is_whole = true;
  for (const MetadataEntry& entry : metadata.entries()) {
    if (list.size == kMaxListEntries) break;
    const size_t i = list.size++;
    const bool is_same = i < before.size && (metadata.changed() >> i & 1) == 0 &&
                         value_of(before.entries[i]) != kNone;
    // What is taken over is no longer the earlier list's.
    list.entries[i] =
        is_same ? std::exchange(before.entries[i], 0) : pack(entry.field, intern(entry.value));
    is_whole = is_whole && value_of(list.entries[i]) != kNone;
  }
  const uint32_t first = write_chain(
      {reinterpret_cast<const char*>(list.entries.data()), list.size * sizeof(uint64_t)});
  if (first == kNone) let_all_go(list);
  if (!is_whole || (first == kNone && !metadata.empty())) left_out_.add(1);
  let_all_go(before);
  release_chain(earlier, kMaxListBlocks);
  return first;
}

uint32_t MetadataStore::keep(std::string_view value) {
  if (value.empty() || (!blocks_.has_slot_0() && blocks_.allocate() != kNone)) return kNone;
  return intern(value.substr(0, FlowMetadata::kMaxValueBytes));
}

size_t MetadataStore::size_of(uint32_t value) const {
  return bytes_of(blocks_.part<Block>(value).head.get());
}

std::string MetadataStore::text(uint32_t value) const {
  std::string text;
  read_chain(value, kMaxValueBlocks, text);
  return text;
}

void MetadataStore::release(uint32_t list) {
  let_all_go(list_at(list));
  release_chain(list, kMaxListBlocks);
}

void MetadataStore::let_all_go(const List& list) {
  for (size_t i = 0; i < list.size; ++i) {
    if (value_of(list.entries[i]) != kNone) let_go(value_of(list.entries[i]));
  }
}

MetadataStore::List MetadataStore::list_at(uint32_t first) const {
  List list;
  for (uint32_t slot = first; slot != kNone && list.size < list.entries.size();) {
    const Block& block = blocks_.part<Block>(slot);
    const uint64_t head = block.head.get();
    const size_t words = std::min(bytes_of(head) / sizeof(uint64_t), kWords);
    for (size_t word = 0; word < words; ++word) list.entries[list.size++] = block.words[word].get();
    slot = next_of(head);
  }
  return list;
}

bool MetadataStore::holds(uint32_t slot, std::string_view value) const {
  if (bytes_of(blocks_.part<Block>(slot).head.get()) != value.size()) return false;
  while (!value.empty()) {
    const Block& block = blocks_.part<Block>(slot);
    std::array<uint64_t, kWords> words;
    for (size_t word = 0; word < kWords; ++word) words[word] = block.words[word].get();
    const size_t bytes = std::min(value.size(), kBlockBytes);
    if (std::memcmp(words.data(), value.data(), bytes) != 0) return false;
    value.remove_prefix(bytes);
    slot = next_of(block.head.get());
  }
  return true;
}

uint32_t MetadataStore::intern(std::string_view value) {
  const uint64_t hash = hash_of(value);
  const uint32_t known = index_.find(hash, [&](uint32_t slot) {
    return blocks_.part<Owner>(slot).hash == hash && holds(slot, value);
  });
  if (known != HashIndex::kNone) {
    ++blocks_.part<Owner>(known).lists;
    return known;
  }
  const uint32_t first = write_chain(value);
  if (first == kNone) return kNone;
  blocks_.part<Owner>(first) = {hash, 1};
  if (!index_.insert(hash, first, hash_of_slot())) {
    release_chain(first, kMaxValueBlocks);
    return kNone;
  }
  value_count_.add(1);
  return first;
}

void MetadataStore::let_go(uint32_t value) {
  Owner& owner = blocks_.part<Owner>(value);
  if (--owner.lists != 0) return;
  index_.erase(owner.hash, value, hash_of_slot());
  release_chain(value, kMaxValueBlocks);
  value_count_.set(value_count_.get() - 1);
}

// From the end to the front, so that each block knows the one after it.
uint32_t MetadataStore::write_chain(std::string_view bytes) {
  uint32_t next = kNone;
  for (size_t end = bytes.size(); end > 0;) {
    const size_t start = (end - 1) / kBlockBytes * kBlockBytes;
    const uint32_t slot = blocks_.allocate();
    if (slot == Blocks::kNone) {
      release_chain(next, bytes.size() / kBlockBytes + 1);
      return kNone;
    }
    std::array<uint64_t, kWords> words{};
    std::memcpy(words.data(), bytes.data() + start, end - start);
    Block& block = blocks_.part<Block>(slot);
    block.head.set(head_word(next, bytes.size() - start));
    for (size_t i = 0; i < kWords; ++i) block.words[i].set(words[i]);
    next = slot;
    end = start;
  }
  return next;
}

void MetadataStore::release_chain(uint32_t first, size_t most) {
  for (size_t i = 0; i < most && first != kNone; ++i) {
    const uint32_t next = next_of(blocks_.part<Block>(first).head.get());
    blocks_.release(first);
    first = next;
  }
}

void MetadataStore::read_chain(uint32_t first, size_t most, std::string& out) const {
  for (size_t i = 0; i < most && first != kNone && first < blocks_.limit(); ++i) {
    const Block& block = blocks_.part<Block>(first);
    const uint64_t head = block.head.read();
    std::array<uint64_t, kWords> words;
    for (size_t word = 0; word < kWords; ++word) words[word] = block.words[word].read();
    out.append(reinterpret_cast<const char*>(words.data()), std::min(bytes_of(head), kBlockBytes));
    first = next_of(head);
  }
}

FlowMetadata MetadataStore::read(uint32_t list) const {
  FlowMetadata metadata;
  std::string bytes;
  read_chain(list, kMaxListBlocks, bytes);
  for (size_t at = 0; at + sizeof(uint64_t) <= bytes.size(); at += sizeof(uint64_t)) {
    uint64_t entry = 0;
    std::memcpy(&entry, bytes.data() + at, sizeof entry);
    if (field_of(entry) >= MetadataField::kCount) continue;  // torn: the caller asks again
    std::string value;
    read_chain(value_of(entry), kMaxValueBlocks, value);
    metadata.add(field_of(entry), value);
  }
  return metadata;
}

// The words that hold the value, the last one filled up with zeros and the length in its last byte.
uint64_t MetadataStore::hash_of(std::string_view value) const {
  std::array<uint64_t, FlowMetadata::kMaxValueBytes / sizeof(uint64_t) + 1> words;
  const size_t length = std::min(value.size(), FlowMetadata::kMaxValueBytes);
  const size_t last = length / sizeof(uint64_t);
  words[last] = 0;
  std::memcpy(words.data(), value.data(), length);
  words[last] ^= static_cast<uint64_t>(length) << 56;
  return hash_->of(words.data(), last + 1);
}

}  // namespace weir
