// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dpi/payload.h"
#include "net/ip_address.h"
#include "record/flow_metadata.h"
#include "record/transaction.h"

namespace weir {

// Another flow that this one says is to come, by the end that waits for it.
struct AnnouncedFlow {
  enum class At : uint8_t { kServer, kClient, kAddress } at = At::kServer;  // of this flow
  IpAddress address;                                                        // of kAddress
  uint16_t port = 0;
  uint8_t protocol = 0;   // of IP
  std::string_view name;  // as Findings::protocol
};

// What a host says of itself in a protocol where its address is not that of the flow.
struct LearntTrait {
  IpAddress address;
  MetadataField field;  // kDhcpClass, kDhcpFingerprint
  std::string value;
};

// What dissectors tell of a flow. Owner: whoever runs the dissector; lives as long as the flow is
// inspected.
struct Findings {
  FlowMetadata metadata;
  // The protocol as nDPI spells it ("TLS", "DNS", "HTTP"), "" while it is not certain. A string
  // literal: no dissector makes names up.
  std::string_view protocol;
  // What rides on it where the payload itself says so ("DoH_DoT", "WebSocket"), else "".
  std::string_view application;
  TransactionSink* transactions = nullptr;  // null: nobody counts them
  // Addresses and the names they go by, told by a naming service of anybody's hosts, and what else
  // such hosts say of themselves. Who runs the dissector takes them out after each packet; what is
  // beyond kMaxLearntNames is left out.
  static constexpr size_t kMaxLearntNames = 16;
  std::vector<std::pair<IpAddress, std::string>> learnt_names;
  std::vector<LearntTrait> learnt_traits;

  // To be taken out after each feed() as well; what is beyond kMaxAnnounced is left out.
  static constexpr size_t kMaxAnnounced = 16;
  std::vector<AnnouncedFlow> announced;

  void announce(const AnnouncedFlow& flow) {
    if (announced.size() < kMaxAnnounced) announced.push_back(flow);
  }
  void learn(const IpAddress& address, std::string_view name) {
    if (learnt_names.size() < kMaxLearntNames) learnt_names.emplace_back(address, name);
  }
  void learn(const IpAddress& address, MetadataField field, std::string_view value) {
    if (!value.empty() && learnt_traits.size() < kMaxLearntNames)
      learnt_traits.push_back({address, field, std::string(value)});
  }
};

enum class Progress : uint8_t {
  kMore,     // go on: the protocol is not certain yet, or there is more to learn
  kDone,     // the protocol is certain and no later packet would add anything
  kNotMine,  // it is not this dissector's protocol
};

// Follows the payload of one flow in one protocol. Both directions come in the order of the wire.
// Never throws, never allocates more than kMaxBytes in all, whatever the payload says; each feed()
// costs time linear in the bytes it is given.
// Owner: shard thread.
class Dissector {
 public:
  static constexpr size_t kMaxBytes = 20 * 1024;
  static constexpr size_t kOwnBytes = 1536;

  virtual ~Dissector() = default;
  // REQUIRES: the last call did not say kDone or kNotMine.
  [[nodiscard]] virtual Progress feed(const Payload& payload, Findings& findings) = 0;
  // What it takes at the moment, but for kOwnBytes at most: the object and small things.
  [[nodiscard]] virtual size_t held_bytes() const { return 0; }
  // The flow is over: reports what only its end completes, such as the transaction whose response
  // ends with the connection, or a question that nobody answered. At most once, and the last call.
  // REQUIRES: the same.
  virtual void conclude(Findings& findings) { static_cast<void>(findings); }
  // TCP: so many of the direction's next bytes it has no use for, such as the content of a message.
  // 0 where it wants the next byte. REQUIRES: as feed().
  [[nodiscard]] virtual uint64_t unneeded(bool to_server) const {
    static_cast<void>(to_server);
    return 0;
  }
  // So many of the direction's next bytes went by that feed() was not shown. REQUIRES: no more than
  // unneeded() says.
  virtual void pass(bool to_server, uint64_t bytes, Timestamp when) {
    static_cast<void>(to_server);
    static_cast<void>(bytes);
    static_cast<void>(when);
  }
};

}  // namespace weir
