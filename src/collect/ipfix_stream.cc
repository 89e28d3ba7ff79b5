// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/ipfix_stream.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "collect/export_message.h"

namespace weir {
namespace {

constexpr size_t kLengthEnd = 4;  // version and length lie before

enum class Head : uint8_t { kIncomplete, kWhole, kForeign };

// How long the message is that begins with these bytes.
Head message_length(std::span<const uint8_t> bytes, size_t& length) {
  const ByteReader head(bytes);
  if (!head.can_read(kLengthEnd)) return Head::kIncomplete;
  length = head.u16(2);
  const bool is_ipfix = head.u16(0) == static_cast<uint16_t>(ExportVersion::kIpfix);
  return is_ipfix && length >= kIpfixHeaderBytes ? Head::kWhole : Head::kForeign;
}

}  // namespace

bool IpfixStream::feed(std::span<const uint8_t> bytes,
                       const std::function<void(std::span<const uint8_t>)>& take) {
  while (!bytes.empty() || !held_.empty()) {
    size_t length = kLengthEnd;
    const bool is_direct = held_.empty();
    const std::span<const uint8_t> start = is_direct ? bytes : std::span<const uint8_t>(held_);
    const Head head = message_length(start, length);
    if (head == Head::kForeign) return false;
    if (is_direct && head == Head::kWhole && bytes.size() >= length) {
      take(bytes.first(length));
      bytes = bytes.subspan(length);
      continue;
    }
    // Up to what is known to belong to it: first its length, then all of it.
    const size_t wanted = std::min(length - held_.size(), bytes.size());
    if (wanted == 0) return true;
    held_.insert(held_.end(), bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(wanted));
    bytes = bytes.subspan(wanted);
    if (held_.size() < kLengthEnd) return true;
    if (message_length(held_, length) == Head::kForeign) return false;
    if (held_.size() < length) continue;
    take(held_);
    held_.clear();
  }
  return true;
}

}  // namespace weir
