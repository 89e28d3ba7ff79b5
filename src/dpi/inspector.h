// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/cell.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "dpi/dissector.h"
#include "dpi/verdict.h"
#include "net/ip_address.h"

namespace weir {

class ExpectedFlows;
class Inspection;
class NdpiModule;
class ProtocolRules;
struct StreamPiece;

// What the inspector must know of a flow when it begins.
struct InspectedFlow {
  IpAddress client;
  IpAddress server;
  uint16_t client_port = 0;
  uint16_t server_port = 0;
  uint8_t protocol = 0;
};

// A packet of a flow that is inspected.
struct InspectedPacket {
  std::span<const uint8_t> datagram;  // from the innermost IP header, as far as it was captured
  std::span<const uint8_t> payload;   // after the transport header; inside `datagram`
  uint32_t payload_wire_length = 0;
  uint32_t tcp_sequence = 0;
  uint8_t tcp_flags = 0;
  bool is_tcp = false;
  bool to_server = true;
  Timestamp when;
};

// How it stands with a flow after a packet.
enum class InspectionState : uint8_t {
  kUnsettled,  // no verdict yet
  kFollowed,   // the verdict is there, and what later packets say is still of interest
  kFinished,   // nothing more is wanted: take what was found and end() it
};

// Finds out what flows are and what they say of themselves: our own dissectors first, nDPI for what
// they do not know, names and addresses for what rides on a protocol. One for each shard; holds a
// bounded number of flows in work, and those that find no room keep the guess by their port.
// Owner: shard thread; the counters by any thread. Cost: a dissector's for most flows (1 µs or so),
// nDPI's 3 µs a packet for the others; nothing for a flow after it is finished.
class Inspector {
 public:
  struct Options {
    // For flows in work; at least that of kLeastFlows which hold nothing.
    size_t max_bytes = size_t{32} << 20;
    std::shared_ptr<ExpectedFlows> expected;  // those that others announce; null: none
  };
  using Handle = uint32_t;
  static constexpr Handle kNone = 0;
  static constexpr size_t kLeastFlows = 16;

  // Some 20 ms and 6 MB for nDPI's tables. Error: nDPI cannot be had.
  static Result<std::unique_ptr<Inspector>> create(const Options& options);
  ~Inspector();
  Inspector(const Inspector&) = delete;
  Inspector& operator=(const Inspector&) = delete;

  // kNone when there is no room for another flow.
  [[nodiscard]] Handle begin(const InspectedFlow& flow);
  // REQUIRES of all below: begin() gave the handle and end() has not taken it.
  InspectionState inspect(Handle handle, const InspectedPacket& packet);
  // The packet's sender will send no more (FIN), or the connection is over (RST); its payload was
  // shown before. True when nothing of the flow is missing that may still come: conclude() it. When
  // something is, inspect() finishes with the packet that brings it. REQUIRES: a TCP packet.
  [[nodiscard]] bool see_end(Handle handle, const InspectedPacket& packet);
  // TCP: whether a segment without SYN holds nothing but what nobody wants to read: the content of
  // a message, or what was sent before. It then counts as inspected, and inspect() must not see it;
  // else nothing was done. REQUIRES: wire_length > 0.
  bool pass_over(Handle handle, bool to_server, uint32_t sequence, uint32_t wire_length,
                 Timestamp when);
  // The flow ends: what was found so far is all there will be. Settles what is unsettled.
  void conclude(Handle handle);
  [[nodiscard]] const Verdict& verdict(Handle handle) const;
  [[nodiscard]] const FlowMetadata& metadata(Handle handle) const;
  // Whether the metadata changed since its news were last forgotten; its changed() says what.
  [[nodiscard]] bool has_news(Handle handle) const;
  void forget_news(Handle handle);
  // What naming services in the flow's payload told of anybody's hosts since the last call, by the
  // protocol of that name; empty for most packets.
  struct Learnt {
    std::string_view protocol;
    std::vector<std::pair<IpAddress, std::string>> names;
    std::vector<LearntTrait> traits;
  };
  [[nodiscard]] bool has_learnt(Handle handle) const;
  [[nodiscard]] Learnt take_learnt(Handle handle);
  void end(Handle handle);

  // The rules that name flows from now on; null: none.
  void set_rules(std::shared_ptr<const ProtocolRules> rules) { rules_ = std::move(rules); }
  // Looks into one in so many of the flows that begin from now on, and lets go of others as soon as
  // they have their verdict, unless it is 1.
  void thin(uint32_t one_in) { one_in_.set(one_in); }
  // Whoever takes transactions; null: nobody. Must outlive the inspector.
  void set_transactions(TransactionSink* sink) { transactions_ = sink; }

  // Any thread.
  // What the flows in work take, without what nDPI allocates for itself: never more than max_bytes
  // and what a packet makes one flow grow by.
  [[nodiscard]] uint64_t bytes_in_work() const { return bytes_in_work_.read(); }
  [[nodiscard]] uint64_t inspected_flows() const { return inspected_flows_.read(); }
  [[nodiscard]] uint64_t refused_flows() const { return refused_flows_.read(); }
  // Those that thin() left out, and what it was told last.
  [[nodiscard]] uint64_t thinned_flows() const { return thinned_flows_.read(); }
  [[nodiscard]] uint32_t one_in() const { return one_in_.read(); }
  [[nodiscard]] uint64_t unfollowed_flows() const { return unfollowed_flows_.read(); }
  [[nodiscard]] uint64_t inspected_packets() const { return inspected_packets_.read(); }
  // Those that are what another flow had announced.
  [[nodiscard]] uint64_t announced_flows() const { return announced_flows_.read(); }
  [[nodiscard]] uint64_t ndpi_packets() const { return ndpi_packets_.read(); }

 private:
  static constexpr size_t kMostSpare = 64;

  Inspector(std::unique_ptr<NdpiModule> ndpi, size_t max_flows, const Options& options);

  [[nodiscard]] Inspection& at(Handle handle) const { return *inspections_[handle]; }
  // Three quarters of the room are taken: flows that have their verdict are let go of, so that new
  // ones get theirs.
  [[nodiscard]] bool is_crowded() const { return bytes_in_work_.get() > max_bytes_ / 4 * 3; }
  [[nodiscard]] InspectionState advance(Handle handle, const InspectedPacket& packet);
  // Counts what the flow takes now; true when that is more than before.
  bool count_bytes(Inspection& flow);
  [[nodiscard]] bool is_left_out();
  static bool pass_gap(Inspection& flow, bool to_server, const StreamPiece& piece);
  void feed(Inspection& flow, const InspectedPacket& packet);
  void feed_payload(Inspection& flow, const Payload& payload);
  void recognise(Inspection& flow, const Payload& payload);
  void choose_dissector(Inspection& flow, const Payload& payload, size_t first);
  void announce_all(Inspection& flow);
  void take_expected(Inspection& flow);
  void ask_ndpi(Inspection& flow, const InspectedPacket& packet);
  void settle(Inspection& flow);
  void name(Inspection& flow);
  void name_better(Inspection& flow);
  static void assess(Inspection& flow);

  std::unique_ptr<NdpiModule> ndpi_;
  std::shared_ptr<ExpectedFlows> expected_;
  std::shared_ptr<const ProtocolRules> rules_;
  TransactionSink* transactions_ = nullptr;
  std::vector<std::unique_ptr<Inspection>> inspections_;  // by handle; null: free
  std::vector<Handle> free_;
  // At most kMostSpare, for the next flows; not counted in bytes_in_work().
  std::vector<std::unique_ptr<Inspection>> spare_;
  size_t max_bytes_;
  Cell<uint64_t> bytes_in_work_{};
  Cell<uint64_t> inspected_flows_{};
  Cell<uint64_t> refused_flows_{};
  Cell<uint64_t> thinned_flows_{};
  Cell<uint32_t> one_in_{};
  uint32_t turn_ = 0;  // of the flows among which one is looked into
  Cell<uint64_t> unfollowed_flows_{};
  Cell<uint64_t> inspected_packets_{};
  Cell<uint64_t> announced_flows_{};
  Cell<uint64_t> ndpi_packets_{};
};

}  // namespace weir
