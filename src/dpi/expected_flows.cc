// SPDX-License-Identifier: GPL-3.0-or-later
#include "dpi/expected_flows.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace weir {

size_t ExpectedFlows::Hash::operator()(const FlowEnd& end) const {
  std::array<uint64_t, 3> words{};
  std::memcpy(words.data(), end.address.bytes().data(), 16);
  words[2] = uint64_t{end.port} << 8 | end.protocol;
  return hash.of(words.data(), words.size());
}

ExpectedFlows::ExpectedFlows(const KeyedHash::Secret& secret)
    : flows_(0, Hash{KeyedHash(secret)}) {}

void ExpectedFlows::announce(const FlowEnd& end, std::string_view protocol, Timestamp when) {
  const std::lock_guard lock(mutex_);
  const uint32_t until = when.seconds + kSeconds;
  last_until_.store(std::max(until, last_until_.load(std::memory_order_relaxed)),
                    std::memory_order_relaxed);
  if (const auto known = flows_.find(end); known != flows_.end()) {
    known->second = {protocol, until};
    return;
  }
  make_room(when.seconds);
  ring_[next_] = end;
  next_ = (next_ + 1) % kMost;
  flows_.emplace(end, Expected{protocol, until});
}

// For the one at ring_[next_].
void ExpectedFlows::make_room(uint32_t now) {
  if (ring_.size() < kMost) {
    ring_.emplace_back();
    return;
  }
  const auto oldest = flows_.find(ring_[next_]);
  if (oldest->second.until >= now) forgotten_.fetch_add(1, std::memory_order_relaxed);
  flows_.erase(oldest);
}

std::string_view ExpectedFlows::protocol_of(const FlowEnd& end, Timestamp when) const {
  if (when.seconds > last_until_.load(std::memory_order_relaxed)) return {};
  const std::lock_guard lock(mutex_);
  const auto found = flows_.find(end);
  if (found == flows_.end() || found->second.until < when.seconds) return {};
  return found->second.protocol;
}

}  // namespace weir
