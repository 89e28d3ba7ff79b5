// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/keyed_hash.h"
#include "base/value.h"
#include "collect/application_names.h"
#include "collect/export_message.h"
#include "collect/exporter_table.h"
#include "collect/fixed_netflow.h"
#include "collect/ntop_key.h"
#include "collect/ntop_record.h"
#include "collect/observation_filter.h"
#include "collect/passed_on.h"
#include "collect/record_flow.h"
#include "collect/sflow.h"
#include "collect/syslog_line.h"
#include "collect/template_sets.h"
#include "collect/total_counters.h"
#include "collect/unpack.h"
#include "record/collected_flow.h"
#include "zmq/ntop_frame.h"

namespace weir {

// Who sent a message.
struct ExportPeer {
  IpAddress address;
  uint16_t port = 0;
  uint32_t link = 0;    // as in ExporterKey
  uint32_t source = 0;  // as in ExporterKey
};

// A UDP datagram, an IPFIX message of a TCP connection (without bytes: its end), the two parts of a
// message of ZeroMQ, or a message of syslog.
struct ReceivedExport {
  std::span<const uint8_t> bytes;
  ExportPeer peer;
  ExportTransport transport = ExportTransport::kUdp;
  std::span<const uint8_t> header;  // the first part of ZeroMQ's
};

// What came by syslog.
struct SyslogCounters {
  uint64_t messages = 0;
  uint64_t netfilter = 0;  // of these: packets that netfilter logged
  uint64_t eve_flows = 0;  // flows of Suricata
  uint64_t eve_others = 0;
  uint64_t events_left_out = 0;  // of all kinds, for there were too many
};

struct CollectorOptions {
  KeyedHash::Secret secret{};
  bool drops_duplicates = true;  // what several observers saw counts once
};

// Makes flows of what exporters send: NetFlow 1, 5, 7 and 9, IPFIX and sFlow 5, told apart by their
// first bytes. Nothing that they say is trusted beyond the bytes that are there: no count sizes
// anything, tables are bounded and count what they let go. No clock and no sockets: both are
// parameters. Owner: one thread.
class Collector {
 public:
  explicit Collector(const CollectorOptions& options);

  // A UDP datagram, or one IPFIX message of a TCP connection (`is_stream`: where templates may be
  // withdrawn). `received`: nanoseconds since 1970. Appends to flows(). kNone when its head could
  // be read: what else is wrong with it is counted.
  ExportError take(std::span<const uint8_t> message, const ExportPeer& peer, int64_t received,
                   bool is_stream = false);
  // The same, or what ntop's programs and weir send over ZeroMQ, or a message of syslog.
  ExportError take(const ReceivedExport& message, int64_t received);

  // What came since clear_flows(), in order. At most some thousands a datagram.
  [[nodiscard]] const std::vector<CollectedFlow>& flows() const { return flows_; }
  void clear_flows() { flows_.clear(); }

  // What was told that is no flow, since clear_events(): for the channel "events" (docs/syslog.md).
  static constexpr size_t kMaxEvents = 256;  // further ones are counted
  [[nodiscard]] std::vector<Value>& events() { return events_; }
  void clear_events() { events_.clear(); }
  // So many of them were not passed on, for there were too many.
  void leave_out_events(uint64_t count) { syslog_.events_left_out += count; }
  [[nodiscard]] const SyslogCounters& syslog() const { return syslog_; }

  // Once a second: rates move on, and what waited too long is let go.
  void pass_second(int64_t now);

  // A template from before a restart. It counts until the exporter says another.
  void restore_template(const ExporterKey& key, TemplatePointer made, int64_t now);

  [[nodiscard]] const ExporterTable& exporters() const { return exporters_; }
  // Messages that no exporter is known for, by reason.
  [[nodiscard]] const std::array<uint64_t, kExportErrors>& refused() const { return refused_; }
  [[nodiscard]] const ObservationFilter& observations() const { return observations_; }
  [[nodiscard]] const TotalCounters& totals() const { return totals_; }
  [[nodiscard]] const PassedOn& passed_on() const { return passed_on_; }
  // Messages of ZeroMQ by their topics.
  [[nodiscard]] const std::array<uint64_t, kNtopTopics>& topics() const { return topics_; }
  [[nodiscard]] const ApplicationNames& applications() const { return applications_; }

 private:
  ExportError refuse(ExportError error);
  ExportError take_message(const ReceivedExport& message, int64_t received);
  ExportError take_fixed(ByteReader message, const ExportPeer& peer, int64_t received);
  ExportError take_templated(ByteReader message, const ExportPeer& peer, int64_t received,
                             ExportTransport transport);
  ExportError take_sflow(ByteReader message, const ExportPeer& peer, int64_t received);

  // ZeroMQ (collector_ntop.cc).
  ExportError take_ntop(const ReceivedExport& message, int64_t received);
  void take_ntop_records(Exporter& exporter, const NtopHeader& header,
                         std::span<const uint8_t> payload, int64_t received);
  template <typename Reader>
  void take_ntop_flows(Exporter& exporter, Reader reader, int64_t received);
  template <typename Reader>
  void take_ntop_notices(Exporter& exporter, NtopTopic topic, Reader reader, int64_t received);
  // False, and nothing counted, when the record tells of no traffic.
  [[nodiscard]] bool take_ntop_flow(Exporter& exporter, int64_t received);
  // Reads the record at that place once more, as an event.
  template <typename Reader>
  void take_ntop_event(Exporter& exporter, Reader& reader, const typename Reader::Place& place,
                       int64_t received);

  // Syslog (collector_syslog.cc).
  ExportError take_syslog(const ReceivedExport& message, int64_t received);
  [[nodiscard]] bool take_netfilter(Exporter& exporter, const SyslogLine& line, int64_t received);
  [[nodiscard]] bool take_eve(Exporter& exporter, const SyslogLine& line, int64_t received);
  void take_syslog_flow(Exporter& exporter, CollectedFlow& flow);
  void tell(Value event);

  // Counts the message; null when there is no room or it came before.
  [[nodiscard]] Exporter* exporter_of(const ExporterKey& key, ByteReader message, int64_t received,
                                      ExportError& error);
  void see_clock(Exporter& exporter, int64_t exported, int64_t received);
  // How many data records the sets hold; nothing when some were not read.
  enum class Reads : uint8_t { kAll, kNoData };
  [[nodiscard]] std::optional<uint32_t> take_sets(Exporter& exporter, ByteReader sets,
                                                  const ExportTime& time, Reads reads);
  void take_templates(Exporter& exporter, const ExportSet& set, TemplateSetKind kind,
                      bool is_stream);
  void put_template(Exporter& exporter, const TemplateRecord& record, bool is_stream);
  uint32_t take_records(Exporter& exporter, const ExportTemplate& layout, ByteReader records,
                        ExportTime time);
  void take_options(Exporter& exporter, const DataRecord& record);
  void take_record(Exporter& exporter, const DataRecord& record, const ExportTime& time);
  void take_sample(Exporter& exporter, const SflowSample& sample, int64_t received);
  // Scales and appends; whether others count it is for leave_out_duplicates() to say.
  void finish_flow(Exporter& exporter, CollectedFlow& flow, uint32_t rate, bool is_egress);
  // Of the flows of the message in work: takes out what others count, counts the rest.
  void leave_out_duplicates();
  struct Undecided;
  [[nodiscard]] bool is_counted_by_others(const Undecided& undecided, CollectedFlow& flow);

  CollectorOptions options_;
  KeyedHash hash_;
  ExporterTable exporters_;
  ObservationFilter observations_;
  TotalCounters totals_;
  PassedOn passed_on_;
  std::array<uint64_t, kExportErrors> refused_{};
  std::array<uint64_t, kNtopTopics> topics_{};
  ApplicationNames applications_;
  std::vector<CollectedFlow> flows_;
  // Of the last flows, those of the message in work.
  struct Undecided {
    Exporter* exporter;
    Traffic told;                       // before it was scaled
    uint32_t observer;                  // 0: it counts whoever else tells of it
    std::array<uint64_t, 2> direction;  // of the ObservationFilter
  };
  std::vector<Undecided> undecided_;
  DataRecord record_{};  // the one in work
  // What reading ntop's needs.
  struct Ntop {
    NtopKeyCache flow_keys;
    NtopKeyCache notice_keys;
    Unpacker unpacker;
    NtopRecord record;
  };
  std::unique_ptr<Ntop> ntop_;  // made for the first message
  NtopKeyCache eve_keys_;
  SyslogCounters syslog_;
  std::vector<Value> events_;
};

}  // namespace weir
