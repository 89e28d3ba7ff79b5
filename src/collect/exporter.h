// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "collect/element.h"
#include "collect/export_error.h"
#include "collect/exporter_interfaces.h"
#include "collect/other_fields.h"
#include "collect/repeat_filter.h"
#include "collect/sampling_rates.h"
#include "collect/sequence_tracker.h"
#include "collect/template_cache.h"
#include "collect/waiting_sets.h"
#include "net/ip_address.h"
#include "record/flow_record.h"

namespace weir {

enum class ExportTransport : uint8_t { kUdp, kTcp, kZeroMq, kSyslog, kSyslogTcp };
[[nodiscard]] constexpr bool is_syslog(ExportTransport transport) {
  return transport == ExportTransport::kSyslog || transport == ExportTransport::kSyslogTcp;
}

// Whose templates and numbers belong together: messages of one version from one socket about one
// observation domain (NetFlow 9: source id; 5: engine; sFlow: sub-agent of an agent).
struct ExporterKey {
  IpAddress address;  // of the UDP datagrams or of the TCP connection
  uint16_t port = 0;
  ExportVersion version = ExportVersion::kIpfix;
  uint32_t domain = 0;
  IpAddress agent;      // sFlow: whom the agent says it is; else ::
  uint32_t link = 0;    // ZeroMQ: stands for the peer's key; 0: it has none
  uint32_t source = 0;  // of IPFIX over ZeroMQ: another each time that the peer starts

  auto operator<=>(const ExporterKey&) const = default;
};

// What one exporter sent, in numbers.
struct ExporterCounters {
  uint64_t messages = 0;
  uint64_t message_bytes = 0;
  uint64_t records = 0;            // data records and flow samples
  uint64_t options_records = 0;    // and counter samples
  uint64_t events = 0;             // records without counters: of firewalls, of address translation
  uint64_t nameless = 0;           // records without addresses
  uint64_t unscaled = 0;           // records that name a sampler of which nothing is known
  Traffic counted;                 // scaled, without duplicates
  Traffic unsampled;               // the same as it was told
  uint64_t duplicate_records = 0;  // what another observer counts
  Traffic duplicates;
  uint64_t repeats = 0;      // messages that came twice
  uint64_t unread_sets = 0;  // of reserved ids
  std::array<uint64_t, kExportErrors> errors{};
};

// Everything that is known of one exporter. Owner: the collector's thread.
struct Exporter {
  // What the tables of all exporters may take together.
  struct Budgets {
    ExportBudget templates{size_t{64} << 20};
    ExportBudget waiting{size_t{16} << 20};
    ExportBudget interfaces{size_t{16} << 20};
    ExportBudget sampling{size_t{8} << 20};
    ExportBudget other_fields{size_t{8} << 20};
  };

  Exporter(const ExporterKey& key_of, Budgets& budgets)
      : key(key_of),
        templates(budgets.templates),
        waiting(budgets.waiting),
        sampling(budgets.sampling),
        interfaces(budgets.interfaces),
        other_fields(budgets.other_fields) {}

  // Of the address that is shown: the agent's where there is one.
  [[nodiscard]] const IpAddress& shown_address() const {
    return key.agent == IpAddress() ? key.address : key.agent;
  }
  // Nothing is lost on the way that is not told.
  [[nodiscard]] bool is_stream() const { return transport != ExportTransport::kUdp; }
  // Of the traffic of which its records tell, the part that came here: less where messages are
  // missing, and where the exporter looks at one packet in so many.
  [[nodiscard]] double completeness() const {
    const uint64_t received = sequence.received();
    const uint64_t all = received + sequence.lost();
    const double came = all == 0 ? 1.0 : static_cast<double>(received) / static_cast<double>(all);
    const uint64_t packets = counters.counted.packets;
    const double sampled = packets == 0 ? 1.0
                                        : static_cast<double>(counters.unsampled.packets) /
                                              static_cast<double>(packets);
    return came * (sampled < 1.0 ? sampled : 1.0);
  }

  ExporterKey key;
  uint32_t number = 0;    // unlike that of any other
  uint32_t observer = 0;  // for the ObservationFilter: that of one it carries on, or its own
  ExportTransport transport = ExportTransport::kUdp;
  bool has_left = false;      // its connection has ended, and nobody carries it on
  bool tells_uptime = false;  // ntop: its FIRST_SWITCHED is since its start, not since 1970
  std::string software;       // what it says it is; any bytes: escaped where it is shown
  int64_t first_heard = 0;    // nanoseconds since 1970
  int64_t last_heard = 0;
  int64_t skew = 0;  // by which its clock is ahead of ours, with the way; of the last message
  bool has_skew = false;
  std::optional<int64_t> system_init;  // IPFIX, as ExportTime
  ExporterCounters counters;
  Traffic rate;  // of the last whole second
  uint64_t records_per_second = 0;
  ExporterCounters a_second_ago;
  TemplateCache templates;
  WaitingSets waiting;
  SequenceTracker sequence;
  RepeatFilter repeats;
  std::unique_ptr<const RepeatFilter> earlier;  // of the connection that it carries on
  SamplingRates sampling;
  ExporterInterfaces interfaces;
  OtherFields other_fields;
};

}  // namespace weir
