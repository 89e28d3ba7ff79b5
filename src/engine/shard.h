// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

#include "base/keyed_hash.h"
#include "base/result.h"
#include "decode/decoded_packet.h"
#include "decode/plain_ipv4.h"
#include "decode/tcp_segment.h"
#include "dpi/expected_flows.h"
#include "dpi/inspector.h"
#include "dpi/protocol_rules.h"
#include "engine/application_series.h"
#include "engine/batch_tally.h"
#include "engine/burst_series.h"
#include "engine/distinct_count.h"
#include "engine/flow_groups.h"
#include "engine/flow_key.h"
#include "engine/flow_shares.h"
#include "engine/flow_table.h"
#include "engine/fragment_table.h"
#include "engine/host_facts.h"
#include "engine/host_table.h"
#include "engine/host_tail.h"
#include "engine/memory_budget.h"
#include "engine/packet_clock.h"
#include "engine/page_feeder.h"
#include "engine/second_series.h"
#include "engine/shard_counters.h"
#include "engine/shared_packets.h"
#include "engine/step_times.h"
#include "engine/transaction_table.h"
#include "net/local_networks.h"
#include "net/packet_view.h"
#include "record/collected_flow.h"
#include "record/flow_sink.h"
#include "record/host_archive.h"
#include "record/places.h"

namespace weir {

// How long a record outlives its last packet.
struct IdleTimeouts {
  std::chrono::seconds flow{120};          // one-way traffic, unfinished handshakes
  std::chrono::seconds flow_two_way{300};  // datagrams both ways (RFC 4787 asks the same of a NAT)
  std::chrono::seconds flow_established{600};  // TCP in the middle of a connection
  std::chrono::seconds flow_closed{30};  // TCP after FIN both ways or RST: for what still comes
  std::chrono::seconds host{300};        // after its last flow ended
  static constexpr std::chrono::seconds kNever{UINT32_MAX};
};

struct ShardOptions {
  size_t memory_bytes = size_t{256} << 20;
  IdleTimeouts timeouts;
  KeyedHash::Secret secret{};  // the same for all shards of an interface
  // By which different peers and ports are estimated, likewise. Not secret unless it is set: then
  // whoever makes packets could make estimates wrong, but a file gives the same ones each time.
  KeyedHash::Secret estimate_secret{0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0,
                                    0x082efa98ec4e6c89};
  // This shard takes the flows whose folded ends fall to `index` of `count`, and counts only their
  // packets; it must be shown all packets.
  uint32_t index = 0;
  uint32_t count = 1;
  bool inspects = false;                       // payloads, for applications and metadata
  std::shared_ptr<const ProtocolRules> rules;  // that name applications; null: nDPI's names alone
  std::shared_ptr<ExpectedFlows> expected;     // of the interface; null: of this shard alone
  std::shared_ptr<const Places> places;        // where hosts belong; null: nobody knows
  std::vector<Prefix> local_networks;          // which tell the directions of packets
  bool collects = false;                       // flow records instead of packets
  HostArchive* archive = nullptr;  // where forgotten hosts go, of this shard alone; null: nowhere
};

// One thread's world: the flows, hosts and counters of the packets it is given. Owner: the thread
// that calls process(), idle() and finish(); the const accessors may be used by any thread for as
// long as the shard lives. Cost: measured by bench/run; no allocation, lock or system
// call a packet once the tables are warm.
class Shard {
 public:
  static constexpr size_t kMinMemory = size_t{8} << 20;
  // With less than this nDPI's tables alone would be half of everything.
  static constexpr size_t kMinMemoryToInspect = size_t{24} << 20;

  // `sink` gets each flow that ends; it may be null and must outlive the shard. Errors: less than
  // kMinMemory, no address space.
  static Result<std::unique_ptr<Shard>> create(const ShardOptions& options, FlowSink* sink);

  void process(const PacketBatch& batch);
  // The same of many batches that somebody read for all shards that are shown them, with shares().
  void process(const SharedPackets& shared);
  // How packets are shared out to the shards of this one's kind.
  [[nodiscard]] const FlowShares& shares() const { return shares_; }
  // Counts flow records that exporters sent, as process() counts packets: to the interface, its
  // protocols and series, to their flow and its two hosts. Totals are those of the records at once;
  // series and rates get what fell into each second between a record's first and last, as if it had
  // come evenly, so that nothing shows a spike when a record comes. Records may come late and in
  // any order. `now`: the time of the wall; times beyond it are taken for it. A shard that collects
  // gets no packets. Cost: as a packet's that comes alone, and some divisions.
  void collect(std::span<const CollectedFlow> flows, Timestamp now);
  // Lets time pass while no packets come (live sources): moves the rates on and purges a little, so
  // that a packet that comes meanwhile waits for a tenth of a millisecond. True when something
  // ended and it is worth while to call again at once.
  bool idle(Timestamp now);
  // So many calls look at as many records as there is need to between two waits for packets.
  static constexpr size_t kIdleSteps = 8;
  // Any thread: flows are named by these rules from one of the next batches on; those that have a
  // name keep it.
  void use_rules(std::shared_ptr<const ProtocolRules> rules);
  // Any thread: new hosts belong where these say from soon on, and so do the others once the sweep
  // has come by. What ended stays in the sums it was added to.
  void use_places(std::shared_ptr<const Places> places);
  // Any thread: whether these, and nothing else, say where the hosts in the table belong
  // (HostTable::place()): not before the sweep has come by all that others told of, and never where
  // flow records tell of it, too.
  [[nodiscard]] bool has_placed_by(const Places* places) const {
    return new_places_->settled.load(std::memory_order_acquire) == places;
  }
  // Payloads of one in so many new flows are looked into from now on; the shard's thread.
  void thin_inspection(uint32_t one_in);
  // Ends every flow; hosts and counters stay for questions.
  void finish();

  [[nodiscard]] const FlowTable& flows() const { return *flows_; }
  [[nodiscard]] const HostTable& hosts() const { return *hosts_; }
  [[nodiscard]] const ShardCounters& counters() const { return *counters_; }
  [[nodiscard]] const SecondSeries& series() const { return series_; }
  // The same by application, but for what flows did in the second that they are in: that is
  // FlowTable::visit_untold().
  [[nodiscard]] const ApplicationSeries& applications() const { return applications_; }
  // Of packets; flow records do not tell.
  [[nodiscard]] const BurstSeries& bursts() const { return bursts_; }
  [[nodiscard]] const MemoryBudget& memory() const { return *budget_; }
  // The heaviest hosts that gave way to the budget, and how many different ones there ever were.
  [[nodiscard]] const HostTail& tail() const { return *tail_; }
  [[nodiscard]] const DistinctCount& distinct_hosts() const { return distinct_hosts_; }
  // The most bytes that a host which is neither in the table nor in the tail can have had.
  [[nodiscard]] uint64_t forgotten_bytes(const HostKey& key) const;
  // Names and the like of hosts, also of those that this shard has not seen.
  [[nodiscard]] const HostFacts& facts() const { return *facts_; }
  // Where the ends of a flow belong, by has_placed_by(); nothing when it has gone or a host of it
  // is not in the table. Any thread.
  [[nodiscard]] std::optional<FlowPlaces> known_places(uint64_t flow_id) const;
  // What it wants of the flow in a slot. Any thread.
  void prefetch_places(uint32_t flow) const {
    for (const auto& host : flows_->slot(flow).hot.host) hosts_->prefetch_place(host.read());
  }
  // Adds what is known of one. Any thread.
  void add_facts(const HostKey& key, std::vector<HostFact>& facts) const;
  // What add_facts() wants of the host in a slot. Any thread.
  void prefetch_facts(uint32_t host) const { facts_->prefetch(hosts_->hash_hint(host)); }
  // All that is to be kept of the host in a slot, as HostPast says, or of one in the tail; nothing
  // when there is none. Any thread.
  [[nodiscard]] std::optional<HostRecord> last_word(uint32_t slot) const;
  [[nodiscard]] std::optional<HostRecord> last_word_of_tail(size_t entry) const;
  // What the flows that ended add up to.
  [[nodiscard]] const FlowGroups& groups() const { return *groups_; }
  // How long process() and idle() took.
  [[nodiscard]] const StepTimes& step_times() const { return step_times_; }
  // Null when payloads are not looked at.
  [[nodiscard]] const Inspector* inspector() const { return inspector_.get(); }
  // The same.
  [[nodiscard]] const TransactionTable* transactions() const { return transactions_.get(); }
  // The second in which packet time stands; rates are of the one before.
  [[nodiscard]] uint32_t clock_second() const { return counters_->clock_second.read(); }

 private:
  // One packet of the batch that is in work.
  struct Work {
    FlowKey key;
    const PacketView* view;
    const TcpSegment* segment;  // null: to be read from the packet
    uint32_t bucket;            // where the index has the flow
    uint32_t flow;              // slot; before it is resolved, a guess
    uint32_t sending_host;      // slot
    uint32_t receiving_host;
    uint8_t protocol;
    ProtocolClass protocol_class;
    Direction direction;
    uint8_t tcp_flags;
    uint8_t tcp_events;  // TcpEvent bits; valid when tells_tcp, once it is accounted to a flow
    bool tells_tcp;      // it holds a TCP header that was read to its end
    bool is_decoded;     // see decoded()
    bool has_host_hash;
    uint8_t ip_offset;  // of a plain packet; valid when `segment` is null and it is not decoded
    std::array<uint64_t, 2> host_hash;  // of source and destination; valid when has_host_hash
  };

  // Takes the transactions of the flow whose payload is looked at.
  class Transactions final : public TransactionSink {
   public:
    explicit Transactions(Shard& shard) : shard_(shard) {}
    void accept(const Transaction& transaction) override;
    uint32_t flow = 0;  // slot

   private:
    Shard& shard_;
  };

  // Where a step of the packet loop began, and what tells at its end what kind it was.
  struct StepStart {
    std::chrono::steady_clock::time_point when;
    size_t memory = 0;
    uint64_t ended = 0;
  };

  // shard_collected.cc.
  struct Collected;
  struct FreeCollected {
    void operator()(Collected* collected) const;
  };

  Shard(const ShardOptions& options, FlowSink* sink);

  // The part that counts records: shard_collected.cc.
  void collect_some(std::span<const CollectedFlow> flows, Timestamp now);
  void take_collected(std::span<const CollectedFlow> flows, Timestamp now);
  void count_collected(size_t index);
  // Finds or makes the record's flow and its hosts.
  void resolve_collected(Work& work, PacketView& view, const CollectedFlow& flow, uint32_t guess);
  [[nodiscard]] bool begins_anew_by(const CollectedFlow& record, uint32_t flow) const;
  void count_direction(const Work& work, const CollectedFlow& flow, const TrafficSpread& spread,
                       bool is_reverse);
  void name_collected(uint32_t flow, uint16_t application);
  // What records said of applications and is not in the series yet.
  void publish_collected();
  void learn_as(uint32_t host, uint32_t as_number);
  void see_collected_time(const CollectedFlow& flow);

  // Makes the inspector if one is wanted, and the store for what it finds.
  Result<std::unique_ptr<MetadataStore>> prepare_inspection();

  [[nodiscard]] StepStart begin_step();
  [[nodiscard]] uint64_t things_ended() const;  // flows and hosts, ever
  // `kind`: when nothing grew and nothing ended.
  void end_step(const StepStart& start, StepKind kind);

  void begin_work();
  void see_times(const PacketBatch& batch);
  void see_times(const PacketBatch& batch, Timestamp first, Timestamp last);
  void widen_times(Timestamp first, Timestamp last);
  void read_each(const PacketBatch& batch);
  // Takes as many of the shard's own packets into work as there is room for; how many.
  size_t read_shared(std::span<const SharedPacket> own);
  void read_plain(Work& work, const PlainIpv4& plain);
  // The stages after reading.
  void work_on(const StepStart& start);
  void hash_all();
  void tally_all();
  [[nodiscard]] bool tally_plainly();
  // Adds the packets in work, of so many bytes, to the windows of their times.
  void count_burst(uint64_t bytes);
  void count_unflowed(const DecodedPacket& packet, const PacketView& view);
  void tally_each();
  // Fills the key and what belongs to the protocol; false when the packet has no flow.
  [[nodiscard]] bool read(Work& work);
  [[nodiscard]] bool read_decoded(Work& work);
  // All that can be known of a packet in work, which is seldom needed.
  [[nodiscard]] const DecodedPacket& decoded(Work& work);
  void guess_all();
  void resolve_all();
  [[nodiscard]] bool is_plainly_alive(Work& work);
  void take_hosts(Work& work);
  void resolve(Work& work);
  // Whether packets of this batch that are not accounted yet could change what is_over() says of
  // the next one.
  [[nodiscard]] bool must_account_before(const Work& work) const;
  // Accounts the packets of the batch whose slots are known. Also before anything is removed, so
  // that no slot of the batch is ever stale.
  void account_resolved();
  // `time_of`: what is believed of a packet's time.
  template <typename TimeOf>
  void account_hosts(std::span<const Work> packets, TimeOf&& time_of);
  // The TCP packets among them, apart from the others: one in two may be TCP, or ten in a row.
  void analyse_tcp(std::span<Work> packets);
  void take_new_rules();
  // What rules say of a new flow's ports and addresses goes before what its ports are for.
  void guess_by_rules(uint32_t flow);
  // The payload of those whose flow is still looked at.
  void inspect_payloads(std::span<Work> packets);
  void inspect(Work& work);
  // Shows it to the inspector when there is something to see.
  void show_payload(Work& work);
  // A FIN or RST came: an answer that ends with its connection is whole, and what has none gets
  // none.
  void end_stream(const Work& work);
  // Shows a TCP packet to the clock of its flow's exchanges, when it has one.
  void time_exchange(const Work& work);
  void count_transaction(uint32_t flow, const Transaction& transaction);
  // REQUIRES: work.tells_tcp.
  void read_segment(const Work& work, TcpSegment& out) const;
  // REQUIRES: work.tells_tcp, and analyse_tcp() saw it.
  [[nodiscard]] const TcpSegment& segment_of(const Work& work) const {
    return segments_[static_cast<size_t>(&work - work_.data())];
  }
  [[nodiscard]] InspectedPacket inspected_packet(const Work& work) const;
  [[nodiscard]] bool is_of_no_use(const Work& work);
  [[nodiscard]] unsigned client_of(uint32_t flow) const;
  [[nodiscard]] bool begin_inspection(uint32_t flow, Timestamp when);
  // Takes over what the inspector found out.
  void take_verdict(uint32_t flow);
  void take_metadata(uint32_t flow);
  void finish_inspection(uint32_t flow);
  void conclude_inspection(uint32_t flow);

  [[nodiscard]] bool is_over(uint32_t flow, const Work& work) const;
  [[nodiscard]] bool is_idle(Timestamp last_seen, Timestamp now,
                             std::chrono::seconds timeout) const;
  [[nodiscard]] std::chrono::seconds flow_timeout(uint32_t flow) const;
  void open_flow(Work& work);
  void hash_hosts(Work& work);
  [[nodiscard]] uint32_t host_for(const HostKey& key, uint64_t hash, const MacAddress& mac,
                                  Timestamp when);
  // The same without anybody giving way.
  [[nodiscard]] uint32_t host_if_room(const HostKey& key, uint64_t hash, const MacAddress& mac,
                                      Timestamp when);
  void end_flow(uint32_t flow, EndReason reason);
  // What the hosts of a flow that was made learn by that, and when it is over: shard_profiles.cc.
  void begin_roles(const Work& work);
  void begin_role(uint32_t flow, HostRole role);
  void end_roles(uint32_t flow, const FlowRecord& record);
  // What the flow's payload and its SYN say of its hosts and of others: shard_facts.cc.
  void learn_learnt(uint32_t flow);
  void learn_metadata(uint32_t flow, const FlowMetadata& metadata);
  void learn_syn(uint32_t flow);
  void learn(uint32_t flow, HostRole role, HostFactKind kind, std::string_view text);
  void learn(const IpAddress& address, const VlanTags& vlan, HostFactKind kind,
             std::string_view text);
  // Why a flow that is silent for too long is over.
  [[nodiscard]] EndReason silence_reason(uint32_t flow) const;
  // Whether the clock says that it is.
  [[nodiscard]] bool is_silent(uint32_t flow) const;
  // Removes a host whose record is `record`; its traffic stays in the totals of hosts that are
  // gone.
  void forget_host(uint32_t host, const HostRecord& record);
  // The same for one that gives way to the budget: the tail remembers it.
  void give_up_host(uint32_t host);
  // The same for one that was silent for too long: the archive gets it. False when that must wait.
  bool retire_host(uint32_t host);
  void remember_in_tail(const HostRecord& record, uint64_t hash);
  void remember_part_in_tail(const HostRecord& part, uint64_t hash);
  // Calls remember(where the host goes that the tail lets go of, or null), and gives the archive
  // that host when there was one.
  template <typename Remember>
  void with_dropped(Remember&& remember);
  void archive(HostRecord&& record);
  // Gives hosts that are here again the pasts that the archive found.
  void take_pasts();
  void take_past(HostPast&& past);
  // Of a host that is no more; its profile is what was read.
  void make_last_word(HostRecord& record) const;
  // Places of an address, and of the flow's ends: those of their hosts where they have records.
  [[nodiscard]] Place place_of(const IpAddress& address) const;
  [[nodiscard]] FlowPlaces places_of(uint32_t flow, const FlowRecord& record) const;
  void take_new_places();
  // Looks up some of the hosts that were there before the places were new.
  void renew_places();
  void settle_places();
  // Gives a new record what is still known of its host, and its place.
  void restore_host(uint32_t host, const HostKey& key, uint64_t hash);
  // The oldest of a few flows that never were established; kNone when there is none.
  [[nodiscard]] uint32_t flow_to_evict();
  [[nodiscard]] bool evict_flow();
  [[nodiscard]] bool evict_host();
  [[nodiscard]] bool make_room_for_host();
  // What one end of a flow sent and received by it, as a part of its host.
  [[nodiscard]] HostRecord part_of_end(uint32_t flow, size_t end) const;
  // An end of a flow for whose host there was no room: its traffic is in the `other` record. When
  // the flow ends, it goes to the host's record if it has one by now, else to the tail.
  void settle_homeless(uint32_t flow);
  // Tries again to find records for the hosts of a flow.
  void rehome(Work& work);
  // As much of the sweep as the time since the last one asks for.
  void sweep_in_passing();
  void sweep(size_t looks, size_t ends);
  void sweep_flows(size_t looks, size_t ends);
  // Tells the sink of a flow that goes on, if it is due.
  bool tell_of(uint32_t flow);
  void sweep_hosts(size_t looks, size_t ends);
  void publish_clock();

  ShardOptions options_;
  FlowSink* sink_;
  KeyedHash hash_;
  KeyedHash estimate_hash_;
  FlowShares shares_;
  SharedPackets shared_;  // what process() of a batch reads for itself when there are other shards
  FragmentTable fragments_;
  PacketClock clock_;
  SecondSeries series_;
  ApplicationSeries applications_;
  BurstSeries bursts_;
  std::unique_ptr<MemoryBudget> budget_;
  std::unique_ptr<FlowTable> flows_;
  std::unique_ptr<HostTable> hosts_;
  PageFeeder feeder_;  // after the tables: it is gone before their memory is
  std::unique_ptr<ShardCounters> counters_;
  std::unique_ptr<HostTail> tail_;
  std::unique_ptr<HostFacts> facts_;
  std::unique_ptr<FlowGroups> groups_;
  std::unique_ptr<TransactionTable> transactions_;
  Transactions transaction_sink_{*this};
  std::unique_ptr<Inspector> inspector_;
  // What use_rules() left for the shard's thread; the mutex is taken only when there is something.
  struct NewRules {
    std::atomic<bool> is_there{false};
    std::mutex mutex;
    std::shared_ptr<const ProtocolRules> rules;
  };
  std::unique_ptr<NewRules> new_rules_ = std::make_unique<NewRules>();
  // The same of use_places().
  struct NewPlaces {
    std::atomic<bool> is_there{false};
    std::mutex mutex;
    std::shared_ptr<const Places> places;
    std::atomic<const Places*> settled{nullptr};  // see has_placed_by()
  };
  std::unique_ptr<NewPlaces> new_places_ = std::make_unique<NewPlaces>();
  uint32_t place_hand_ = SlotAllocator::kNone;  // the next host for renew_places()
  DistinctCount distinct_hosts_;
  StepTimes step_times_;
  std::unique_ptr<Collected, FreeCollected> collected_;  // null before the first record
  std::chrono::seconds patience_{0};  // how much longer flows wait for their next record

  std::array<Work, kBatchSize> work_;
  std::array<DecodedPacket, kBatchSize> decoded_;  // of those in work that are decoded
  std::array<TcpSegment, kBatchSize> segments_;    // of those in work that are analysed
  size_t work_count_ = 0;
  size_t resolved_ = 0;      // packets of the batch whose slots are known
  size_t accounted_ = 0;     // packets of the batch whose traffic is in the tables
  bool spans_long_ = false;  // the batch's times lie further apart than the shortest timeout

  BatchTally tally_;
  LocalNetworks local_networks_;
  Timestamp batch_first_;  // of the batch in work
  Timestamp batch_last_;
  uint32_t shortest_timeout_;  // in seconds
  uint32_t near_seconds_;      // see is_plainly_alive()

  Timestamp swept_;         // when the sweep was last at work
  uint32_t flow_hand_ = 0;  // where it stands
  uint32_t host_hand_ = 0;
  uint32_t flow_eviction_hand_ = 0;
  uint32_t host_eviction_hand_ = 0;
  // In this batch nothing was found that may give way.
  bool eviction_is_fruitless_ = false;
  bool host_eviction_is_fruitless_ = false;
  bool host_room_is_fruitless_ = false;  // the same of flows that hold hosts
};

}  // namespace weir
