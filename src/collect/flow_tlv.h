// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/byte_reader.h"
#include "collect/flow_json.h"

namespace weir {

// Reads records in the TLV of nDPI's serializer, version 1: behind two bytes (version, format) one
// field after the other, each a byte with the types of key and value, the key, the value; numbers
// in network order and of the smallest size; a byte 1 alone ends a record. Fields in blocks and
// lists are passed over. Each turn consumes bytes.
class FlowTlv {
 public:
  using Next = FlowJson::Next;
  static constexpr size_t kMaxDepth = 8;

  // Bytes and cache must outlive the reader.
  FlowTlv(std::span<const uint8_t> bytes, NtopKeyCache& keys);

  // Calls take(const NtopField&) for each field of the next record. What does not end, or has a
  // type that nobody knows, is bad and the last: nothing behind it can be found.
  template <typename Take>
  Next next(Take&& take) {
    size_t fields = 0;
    while (is_good_) {
      if (bytes_.empty()) return end_of_message(fields);
      const Item item = next_item(fields);
      if (item.kind == Item::Kind::kEndOfRecord) {
        if (fields != 0) return Next::kRecord;
        continue;
      }
      if (item.kind == Item::Kind::kBad) return bad();
      ++fields;
      if (item.kind == Item::Kind::kField) take(item.field);
    }
    return Next::kEnd;
  }

  // As of FlowJson. REQUIRES: the record was read to its end.
  using Place = ByteReader;
  [[nodiscard]] Place place() const { return bytes_; }
  void go_back(const Place& place) {
    bytes_ = place;
    is_good_ = true;
  }

 private:
  struct Item {
    enum class Kind : uint8_t { kField, kSkipped, kEndOfRecord, kBad };
    Kind kind = Kind::kBad;
    NtopField field;
  };

  [[nodiscard]] Item next_item(size_t place);
  [[nodiscard]] bool read_value(unsigned type, NtopValue& value);
  [[nodiscard]] bool read_number(size_t length, bool is_signed, NtopValue& value);
  // The last record may have no end of its own.
  Next end_of_message(size_t fields) {
    is_good_ = false;
    return fields != 0 ? Next::kRecord : Next::kEnd;
  }
  Next bad() {
    is_good_ = false;
    return Next::kBad;
  }

  ByteReader bytes_;
  NtopKeyCache& keys_;
  bool is_good_ = true;
  size_t depth_ = 0;
};

}  // namespace weir
