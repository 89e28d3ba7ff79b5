// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/keyed_hash.h"
#include "base/timestamp.h"
#include "net/ip_address.h"

namespace weir {

// Where one end of a flow is.
struct FlowEnd {
  IpAddress address;
  uint16_t port = 0;
  uint8_t protocol = 0;  // of IP

  bool operator==(const FlowEnd&) const = default;
};

// Flows that other flows announced and that are to come: the data connections of FTP, the media of
// a call. Their payload says nothing of what they are. The shards of an interface share one, since
// both flows need not be of the same shard; a flow that overtakes its announcement there keeps what
// it is taken for without it until it is asked about again.
// Any thread. Cost: a comparison as long as nothing is expected; else some 0.1 us under a lock.
class ExpectedFlows {
 public:
  static constexpr size_t kMost = 1024;      // beyond that the oldest is forgotten
  static constexpr uint32_t kSeconds = 180;  // a phone may ring for so long
  static constexpr size_t kMaxBytes = kMost * 192;

  explicit ExpectedFlows(const KeyedHash::Secret& secret);

  // `protocol` must outlive this: a literal.
  void announce(const FlowEnd& end, std::string_view protocol, Timestamp when);
  // "" when nothing of it was announced in the last kSeconds.
  [[nodiscard]] std::string_view protocol_of(const FlowEnd& end, Timestamp when) const;
  // How many were forgotten for want of room, though they were still to come.
  [[nodiscard]] uint64_t forgotten() const { return forgotten_.load(std::memory_order_relaxed); }

 private:
  struct Hash {
    KeyedHash hash;
    size_t operator()(const FlowEnd& end) const;
  };
  struct Expected {
    std::string_view protocol;
    uint32_t until;  // second
  };

  void make_room(uint32_t now);

  mutable std::mutex mutex_;
  std::unordered_map<FlowEnd, Expected, Hash> flows_;
  std::vector<FlowEnd> ring_;  // in the order in which they came, from next_ on
  size_t next_ = 0;
  std::atomic<uint32_t> last_until_{0};
  std::atomic<uint64_t> forgotten_{0};
};

}  // namespace weir
