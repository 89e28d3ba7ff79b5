// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/flow_tlv.h"

namespace weir {
namespace {

constexpr uint8_t kVersion = 1;
constexpr uint8_t kFormatTlv = 1;

// Types of keys (upper half of the first byte) and values (lower).
enum Type : unsigned {
  kEndOfRecord = 1,
  kUint8 = 2,
  kUint64 = 5,
  kInt8 = 6,
  kInt64 = 9,
  kFloat = 10,
  kString = 11,
  kStartOfBlock = 12,
  kEndOfBlock = 13,
  kStartOfList = 14,
  kEndOfList = 15,
};

}  // namespace

FlowTlv::FlowTlv(std::span<const uint8_t> bytes, NtopKeyCache& keys) : bytes_(bytes), keys_(keys) {
  is_good_ = bytes_.u8(0) == kVersion && bytes_.u8(1) == kFormatTlv;
  bytes_.skip(2);
}

bool FlowTlv::read_number(size_t length, bool is_signed, NtopValue& value) {
  if (!bytes_.can_read(length)) return false;
  const uint64_t number = length == 1   ? bytes_.u8(0)
                          : length == 2 ? bytes_.u16(0)
                          : length == 4 ? bytes_.u32(0)
                                        : bytes_.u64(0);
  bytes_.skip(length);
  const unsigned unused = static_cast<unsigned>(64 - 8 * length);
  const auto extended = static_cast<int64_t>(number << unused) >> unused;
  const bool is_negative = is_signed && extended < 0;
  value.kind = is_negative ? NtopValue::Kind::kSigned : NtopValue::Kind::kUnsigned;
  value.number = is_signed ? static_cast<uint64_t>(extended) : number;
  return true;
}

bool FlowTlv::read_value(unsigned type, NtopValue& value) {
  if (type >= kUint8 && type <= kUint64)
    return read_number(size_t{1} << (type - kUint8), false, value);
  if (type >= kInt8 && type <= kInt64) return read_number(size_t{1} << (type - kInt8), true, value);
  if (type == kFloat) {
    constexpr size_t kFloatBytes = 4;
    if (!bytes_.can_read(kFloatBytes)) return false;
    bytes_.skip(kFloatBytes);
    return true;
  }
  if (type != kString) return false;
  const size_t length = bytes_.u16(0);
  if (!bytes_.can_read(2 + length)) return false;
  value.kind = NtopValue::Kind::kText;
  value.text = {reinterpret_cast<const char*>(bytes_.data()) + 2, length};
  bytes_.skip(2 + length);
  return true;
}

FlowTlv::Item FlowTlv::next_item(size_t place) {
  Item item;
  const unsigned type = bytes_.u8(0);
  bytes_.skip(1);
  const unsigned of_value = type & 15;
  const unsigned of_key = type >> 4;
  if (type == kEndOfRecord) {
    item.kind = depth_ == 0 ? Item::Kind::kEndOfRecord : Item::Kind::kBad;
    return item;
  }
  if (type == kEndOfBlock || type == kEndOfList) {
    if (depth_ == 0) return item;
    --depth_;
    item.kind = Item::Kind::kSkipped;
    return item;
  }
  NtopValue key;
  if (!read_value(of_key, key)) return item;
  if (of_value == kStartOfBlock || of_value == kStartOfList) {
    if (++depth_ > kMaxDepth) return item;
    item.kind = Item::Kind::kSkipped;
    return item;
  }
  if (!read_value(of_value, item.field.value)) return item;
  item.kind = depth_ == 0 ? Item::Kind::kField : Item::Kind::kSkipped;
  if (key.kind == NtopValue::Kind::kText) {
    item.field.name = key.text;
    const NtopKey* const known = keys_.find_whole(place, key.text);
    item.field.key = known != nullptr ? *known : keys_.learn(place, key.text);
  } else if (key.kind == NtopValue::Kind::kUnsigned && key.number <= UINT32_MAX) {
    const auto number = static_cast<uint32_t>(key.number);
    const NtopKey* const known = keys_.find(place, number);
    item.field.key = known != nullptr ? *known : keys_.learn(place, number);
  }
  return item;
}

}  // namespace weir
