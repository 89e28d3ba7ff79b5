// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/keyed_hash.h"
#include "base/timestamp.h"
#include "decode/decoded_packet.h"

namespace weir {

// Remembers the ports of first fragments, so that the later ones count to the same flow. Fixed
// size: four entries a set, the oldest gives way; an entry serves for 30 s of packet time (RFC
// 791's reassembly limit is 15 s, RFC 8200's is 60 s, systems use 30 s). No memory until the first
// fragment is seen. Owner: shard thread.
class FragmentTable {
 public:
  static constexpr size_t kEntries = 4096;

  explicit FragmentTable(const KeyedHash& hash) : hash_(hash) {}

  // For a first fragment: notes its ports. For a later one: fills in the ports of its first
  // fragment when that was seen, else leaves them 0. REQUIRES: packet.is_fragment.
  void resolve(DecodedPacket& packet, Timestamp when);

  [[nodiscard]] uint64_t unresolved() const { return unresolved_; }

 private:
  static constexpr size_t kWays = 4;
  static constexpr uint32_t kLifetimeSeconds = 30;

  struct Key {
    IpAddress source;
    IpAddress destination;
    VlanTags vlan;
    uint32_t id = 0;
    uint8_t protocol = 0;
    bool operator==(const Key&) const = default;
  };
  struct Entry {
    Key key;
    Timestamp when;
    uint16_t source_port = 0;
    uint16_t destination_port = 0;
    bool in_use = false;
  };

  static Key key_of(const DecodedPacket& packet);
  [[nodiscard]] Entry* set_of(const Key& key);

  KeyedHash hash_;
  std::vector<Entry> entries_;
  uint64_t unresolved_ = 0;  // later fragments whose first one was not seen
};

}  // namespace weir
